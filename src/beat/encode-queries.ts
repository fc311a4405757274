// The forward path: patches and learnable queries through the encoder; the queries come out as the segment's vectors.
import { parameter, type Tensor } from "../graph/graph.ts";
import { normalInit } from "../graph/initialize.ts";
import { add } from "../graph/ops/add.ts";
import { concat } from "../graph/ops/concat.ts";
import { expand } from "../graph/ops/expand.ts";
import { linear } from "../graph/ops/linear.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { slice } from "../graph/ops/slice.ts";
import { type BeatConfig, patchCount } from "./beat-config.ts";
import { toPatches } from "./patches.ts";
import { bias, fixedNorm, norm, transformer, weight } from "./transformer.ts";

/** z-scored signal (batch, leads, inputSamples) -> query vectors (batch, queries, dimension). */
export function encodeQueries(signal: Tensor, config: BeatConfig): Tensor {
  const { graph } = signal;
  const { dimension, queryCount, leadCount, patchSamples } = config;
  const batch = signal.shape[0] ?? 0;
  const patches = patchCount(config);
  const embedded = linear(
    toPatches(signal, config),
    weight(graph, "encoder.patch", leadCount * patchSamples, dimension),
    bias(graph, "encoder.patch", dimension),
  ); // (batch, patches, dimension)
  const positions = parameter(graph, "encoder.positions", [patches, dimension], {
    initialize: normalInit(0.02),
    decay: false,
  });
  const tokens = add(embedded, positions);
  const learned = parameter(graph, "encoder.queries", [queryCount, dimension], {
    initialize: normalInit(0.02),
    decay: false,
  });
  const queries = expand(reshape(learned, [1, queryCount, dimension]), [batch, queryCount, dimension]);
  const start = config.queriesStartFromPatches
    ? add(
        queries,
        mean(reshape(embedded, [batch, queryCount, patches / queryCount, dimension]), { axes: [2] }),
      )
    : queries;
  const encoded = transformer(concat([tokens, start], 1), "encoder", config.encoderLayers, config);
  const vectors = slice(encoded, 1, { from: patches, to: patches + queryCount });
  return config.vectorScale === null ? norm(vectors, "encoder.norm") : fixedNorm(vectors, config.vectorScale);
}
