// The reverse path: masked slots and quantised queries through the decoder; slots come out as patches.
import { type Initializer, parameter, type Tensor } from "../graph/graph.ts";
import { normalInit } from "../graph/initialize.ts";
import { add } from "../graph/ops/add.ts";
import { concat } from "../graph/ops/concat.ts";
import { expand } from "../graph/ops/expand.ts";
import { linear } from "../graph/ops/linear.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { slice } from "../graph/ops/slice.ts";
import { type BeatConfig, patchCount, predictionPatchCount } from "./beat-config.ts";
import { continueCycles } from "./continue-cycles.ts";
import { fromPatches } from "./patches.ts";
import { bias, norm, transformer, weight } from "./transformer.ts";

export type Decoded = {
  /** (batch, leads, inputSamples), z-scored. */
  readonly reconstruction: Tensor;
  /** (batch, leads, predictionSamples): what follows, on the scale of the input. */
  readonly prediction: Tensor;
};

/**
 * Code vectors (batch, queries, dimension) -> reconstruction and prediction. Nothing of the input gets here but the
 * codes: every slot is one learned mask vector plus its position.
 */
export function decodeCodes(codes: Tensor, config: BeatConfig): Decoded {
  const { graph } = codes;
  const { dimension, queryCount, leadCount, patchSamples } = config;
  const batch = codes.shape[0] ?? 0;
  const past = patchCount(config);
  const slots = past + predictionPatchCount(config);
  const patchSize = leadCount * patchSamples;
  const mask = parameter(graph, "decoder.mask", [dimension], { initialize: normalInit(0.02) });
  const initialize = config.sinePositions ? sinePositions : normalInit(0.02);
  const positions = parameter(graph, "decoder.positions", [slots, dimension], { initialize, decay: false });
  const queryPositions = parameter(graph, "decoder.query_positions", [queryCount, dimension], {
    initialize: config.sinePositions ? spacedSinePositions(past / queryCount) : normalInit(0.02),
    decay: false,
  });
  const masked = expand(reshape(add(mask, positions), [1, slots, dimension]), [batch, slots, dimension]);
  const tokens = concat([masked, add(codes, queryPositions)], 1);
  const decoded = norm(transformer(tokens, "decoder", config.decoderLayers, config), "decoder.norm");
  const patches = linear(
    slice(decoded, 1, { from: 0, to: slots }),
    weight(graph, "decoder.patch", dimension, patchSize),
    bias(graph, "decoder.patch", patchSize),
  ); // (batch, slots, patchSize)
  const deep = slice(patches, 1, { from: 0, to: past });
  const restored = config.directOutput ? add(deep, directPatches(codes, config)) : deep;
  const reconstruction = fromPatches(restored, config);
  const ahead = slice(patches, 1, { from: past, to: slots });
  const state = slice(decoded, 1, { from: past, to: slots });
  const future = config.continueCycles ? add(ahead, continueCycles(reconstruction, state, config)) : ahead;
  return { reconstruction, prediction: fromPatches(future, config) };
}

/** Each query's own patches as a linear map of its code. */
function directPatches(codes: Tensor, config: BeatConfig): Tensor {
  const { dimension, queryCount, leadCount, patchSamples } = config;
  const perQuery = (patchCount(config) / queryCount) * leadCount * patchSamples;
  const batch = codes.shape[0] ?? 0;
  const flat = linear(codes, weight(codes.graph, "decoder.direct", dimension, perQuery));
  return reshape(flat, [batch, patchCount(config), leadCount * patchSamples]);
}

/** Sines and cosines of geometrically spaced periods from 2 to 120 patches (0.2 to 12 s). */
const sinePositions: Initializer = (values, shape) => fillSines(values, shape, (row) => row);

/** The same sines at the centres of groups of `spacing` patches. */
function spacedSinePositions(spacing: number): Initializer {
  return (values, shape) => fillSines(values, shape, (row) => row * spacing + (spacing - 1) / 2);
}

function fillSines(values: Float32Array, shape: readonly number[], place: (row: number) => number): void {
  const [rows = 0, dimension = 0] = shape;
  const half = Math.floor(dimension / 2);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < half; i++) {
      const period = 2 * 60 ** (i / Math.max(1, half - 1));
      const angle = (2 * Math.PI * place(row)) / period;
      values[row * dimension + 2 * i] = 0.3 * Math.sin(angle);
      values[row * dimension + 2 * i + 1] = 0.3 * Math.cos(angle);
    }
  }
}
