// Signals as rows of patches and back: a patch holds the same 100 ms of all leads.
import type { Tensor } from "../graph/graph.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { transpose } from "../graph/ops/transpose.ts";
import type { BeatConfig } from "./beat-config.ts";

/** (batch, leads, samples) -> (batch, patches, leads * patchSamples). */
export function toPatches(signal: Tensor, config: BeatConfig): Tensor {
  const [batch = 0, leads = 0, samples = 0] = signal.shape;
  const patches = samples / config.patchSamples;
  const cut = reshape(signal, [batch, leads, patches, config.patchSamples]);
  return reshape(transpose(cut, [0, 2, 1, 3]), [batch, patches, leads * config.patchSamples]);
}

/** (batch, patches, leads * patchSamples) -> (batch, leads, patches * patchSamples). */
export function fromPatches(patches: Tensor, config: BeatConfig): Tensor {
  const [batch = 0, count = 0] = patches.shape;
  const cut = reshape(patches, [batch, count, config.leadCount, config.patchSamples]);
  return reshape(transpose(cut, [0, 2, 1, 3]), [batch, config.leadCount, count * config.patchSamples]);
}
