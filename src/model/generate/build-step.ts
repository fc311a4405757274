// buildStep: the graph that continues texts: some new tokens over cached keys and values. All of batch, tokens and
// slots vary, so that one session reads a prompt and writes the answer.
import { createGraph, type Graph, input, type Tensor } from "../../graph/graph.ts";
import type { FourBitOptions, FourBitWeight } from "../../graph/ops/matmul-four-bit.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { buildDecoder, decoderHead, finalNorm } from "../language/build-decoder.ts";
import { type Dense, fourBitDense, varyingDense } from "../layers/dense.ts";
import { type ModelWeights, modelWeights } from "../layers/model-weights.ts";

/** Weights that are used in 4 bits, by name. */
export type FourBitLayers = FourBitOptions & { readonly find: (name: string) => FourBitWeight | undefined };

const NO_FOUR_BIT: FourBitLayers = { find: () => undefined };

/** Outputs by name with the axes that vary. */
export type StepGraph = {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly outputAxisNames: Readonly<Record<string, readonly (string | undefined)[]>>;
};

/** Example sizes: all different, so that a mix-up of axes shows when the graph is built. */
const EXAMPLE = { batch: 2, tokens: 3, slots: 5, rows: 7 };

/**
 * Layers [from, to) over a cache. Inputs: `embeddings` (batch, tokens, hidden), `cosines`, `sines`
 * (batch, 1, tokens, rotary size / 2), `mask` (batch, 1, tokens, slots + tokens), `sizes` int64 [slots, tokens], and by layer
 * `pastKeys<i>`, `pastValues<i>` (batch, key heads, slots, head size). Outputs: `hidden`, `keys<i>`, `values<i>`.
 */
export function buildStep(
  config: LanguageConfig,
  layers: readonly [number, number],
  fourBit: FourBitLayers = NO_FOUR_BIT,
): StepGraph {
  const graph = createGraph();
  const parts = { config, ...partsOf(graph, config, fourBit) };
  const { batch, tokens, slots } = EXAMPLE;
  const half = config.rotary.size / 2;
  const table = (name: string): Tensor =>
    input(graph, name, [batch, 1, tokens, half], { axisNames: ["batch", undefined, "tokens"] });
  const sizes = input(graph, "sizes", [2], { dtype: "int64" });
  const cached = (name: string): Tensor =>
    input(graph, name, [batch, config.keyValueHeadCount, slots, config.headSize], {
      axisNames: ["batch", undefined, "slots"],
    });
  const indices = Array.from({ length: layers[1] - layers[0] }, (_, index) => layers[0] + index);
  const decoded = buildDecoder(parts, {
    embeddings: input(graph, "embeddings", [batch, tokens, config.hiddenSize], {
      axisNames: ["batch", "tokens"],
    }),
    cosines: table("cosines"),
    sines: table("sines"),
    mask: input(graph, "mask", [batch, 1, tokens, slots + tokens], {
      axisNames: ["batch", undefined, "tokens", "keys"],
    }),
    past: indices.map((i) => ({ keys: cached(`pastKeys${i}`), values: cached(`pastValues${i}`), sizes })),
    layers,
  });
  const outputs: Record<string, Tensor> = { hidden: decoded.hidden };
  const outputAxisNames: Record<string, readonly (string | undefined)[]> = { hidden: ["batch", "tokens"] };
  for (const [index, i] of indices.entries()) {
    outputs[`keys${i}`] = decoded.keys[index]!;
    outputs[`values${i}`] = decoded.values[index]!;
    outputAxisNames[`keys${i}`] = ["batch", undefined, "tokens"];
    outputAxisNames[`values${i}`] = ["batch", undefined, "tokens"];
  }
  return { graph, outputs, outputAxisNames };
}

/** Hidden rows (rows, hidden) -> `logits` (rows, vocabulary): final norm and head. */
export function buildHead(config: LanguageConfig, fourBit: FourBitLayers = NO_FOUR_BIT): StepGraph {
  const graph = createGraph();
  const parts = { config, ...partsOf(graph, config, fourBit) };
  const rows = input(graph, "rows", [EXAMPLE.rows, config.hiddenSize], { axisNames: ["rows"] });
  const logits = decoderHead(finalNorm(rows, parts), parts);
  return { graph, outputs: { logits }, outputAxisNames: { logits: ["rows"] } };
}

function partsOf(
  graph: Graph,
  config: LanguageConfig,
  fourBit: FourBitLayers,
): { weights: ModelWeights; dense: Dense } {
  const weights = modelWeights(graph, { initializerRange: config.initializerRange, isFrozen: () => true });
  return { weights, dense: fourBitDense(weights, fourBit.find, varyingDense(weights), fourBit) };
}
