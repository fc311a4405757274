// buildDecoderFile: a language model as one graph that other programs run: vectors of tokens, what may be seen, positions
// and a cache in, logits and the longer cache out. Masks and rotary tables are made inside.
// Names and shapes are those of Hugging Face's ONNX exports (optimum, transformers.js) of decoders with `inputs_embeds`.
import { constant, int64Vector } from "../../graph/constant.ts";
import { emitOne } from "../../graph/emit.ts";
import { createGraph, type Graph, input, parameter, type Tensor } from "../../graph/graph.ts";
import { fillWith } from "../../graph/initialize.ts";
import { add } from "../../graph/ops/add.ts";
import { cast } from "../../graph/ops/cast.ts";
import { greater, lessOrEqual, logicalAnd } from "../../graph/ops/compare.ts";
import { concat } from "../../graph/ops/concat.ts";
import { cos } from "../../graph/ops/cos.ts";
import { embedding } from "../../graph/ops/embedding.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { sin } from "../../graph/ops/sin.ts";
import { subtract } from "../../graph/ops/subtract.ts";
import { where } from "../../graph/ops/where.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { buildDecoder, decoderHead, embeddingTable, finalNorm } from "../language/build-decoder.ts";
import type { RotaryRegime } from "../language/rotary-positions.ts";
import { varyingDense } from "../layers/dense.ts";
import type { ModelWeights } from "../layers/model-weights.ts";

/** How weights are stored in a file; what is computed is float32 in any case. */
export type ExportPrecision = "fp32" | "fp16";

/** A graph with the names of its outputs and of their axes that vary. */
export type FileGraph = {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly outputAxisNames: Readonly<Record<string, readonly (string | undefined)[]>>;
};

/** Example sizes: all different, so that a mix-up of axes shows when the graph is built. */
const EXAMPLE = { batch: 2, sequence: 3, past: 5 };

const HIDDEN = -1e9;

/**
 * Inputs: `inputs_embeds` (batch, sequence, hidden), `attention_mask` int64 (batch, past + sequence) with 0 for padding,
 * `position_ids` int64 (batch, sequence), and by layer `past_key_values.<i>.key` and `.value`
 * (batch, key heads, past, head size), past 0 for a new text. Outputs: `logits` (batch, sequence, vocabulary),
 * `present.<i>.key` and `.value` (batch, key heads, past + sequence, head size). Standard operators only.
 */
export function buildDecoderFile(config: LanguageConfig, precision: ExportPrecision): FileGraph {
  const graph = createGraph({ standardOperators: true });
  const weights = storedWeights(graph, precision);
  const parts = { config, weights, dense: varyingDense(weights) };
  const { batch, sequence, past } = EXAMPLE;
  const embeddings = input(graph, "inputs_embeds", [batch, sequence, config.hiddenSize], {
    axisNames: ["batch", "sequence"],
  });
  const attentionMask = input(graph, "attention_mask", [batch, past + sequence], {
    dtype: "int64",
    axisNames: ["batch", "total"],
  });
  const positions = input(graph, "position_ids", [batch, sequence], {
    dtype: "int64",
    axisNames: ["batch", "sequence"],
  });
  const cached = (layer: number, part: "key" | "value"): Tensor =>
    input(
      graph,
      `past_key_values.${layer}.${part}`,
      [batch, config.keyValueHeadCount, past, config.headSize],
      { axisNames: ["batch", undefined, "past"] },
    );
  const layers = Array.from({ length: config.layerCount }, (_, layer) => ({
    keys: cached(layer, "key"),
    values: cached(layer, "value"),
  }));
  const sizes = concat([sizeOf(layers[0]!.keys, 2), sizeOf(embeddings, 1)], 0);
  const decoded = buildDecoder(parts, {
    embeddings,
    ...rotaryTables(positions, config),
    mask: visibleKeys(attentionMask, sizes, config),
    past: layers.map((layer) => ({ ...layer, sizes })),
  });
  const outputs: Record<string, Tensor> = {
    logits: decoderHead(finalNorm(decoded.hidden, parts), parts),
  };
  const outputAxisNames: Record<string, readonly (string | undefined)[]> = { logits: ["batch", "sequence"] };
  for (const [layer, { keys, values }] of layers.entries()) {
    outputs[`present.${layer}.key`] = concat([keys, decoded.keys[layer]!], 2);
    outputs[`present.${layer}.value`] = concat([values, decoded.values[layer]!], 2);
    outputAxisNames[`present.${layer}.key`] = ["batch", undefined, "total"];
    outputAxisNames[`present.${layer}.value`] = ["batch", undefined, "total"];
  }
  return { graph, outputs, outputAxisNames };
}

/** `input_ids` int64 (batch, sequence) -> `inputs_embeds` (batch, sequence, hidden). */
export function buildEmbedderFile(config: LanguageConfig, precision: ExportPrecision): FileGraph {
  const graph = createGraph({ standardOperators: true });
  const ids = input(graph, "input_ids", [EXAMPLE.batch, EXAMPLE.sequence], {
    dtype: "int64",
    axisNames: ["batch", "sequence"],
  });
  const table = embeddingTable({ config, weights: storedWeights(graph, precision) });
  return {
    graph,
    outputs: { inputs_embeds: embedding(table, ids) },
    outputAxisNames: { inputs_embeds: ["batch", "sequence"] },
  };
}

/** Parameters of a file. In fp16 matrices are stored in 16 bits and widened when the file is opened; vectors are not. */
function storedWeights(graph: Graph, precision: ExportPrecision): ModelWeights {
  const declared = new Map<string, Tensor>();
  const custom: ModelWeights["custom"] = (name, shape, initialize) => {
    const known = declared.get(name);
    if (known) return known;
    const dtype = precision === "fp16" && shape.length > 1 ? "float16" : "float32";
    const tensor = cast(parameter(graph, name, shape, { initialize, frozen: true, dtype }), "float32");
    declared.set(name, tensor);
    return tensor;
  };
  return {
    graph,
    custom,
    matrix: (name, shape) => custom(name, shape, fillWith(0)),
    vector: (name, size, start) => custom(name, [size], fillWith(start)),
  };
}

/** The size of an axis, known when the graph runs: int64 (1). */
function sizeOf(x: Tensor, axis: number): Tensor {
  const attributes = { start: { int: axis }, end: { int: axis + 1 } };
  return emitOne("Shape", [x], { shape: [1], dtype: "int64" }, { attributes });
}

/** 0 where a key may be seen, -1e9 where it is padding, later, or out of the window: (batch, 1, sequence, total). */
function visibleKeys(attentionMask: Tensor, sizes: Tensor, config: LanguageConfig): Tensor {
  const { graph } = attentionMask;
  const { batch, sequence, past } = EXAMPLE;
  const integer = (value: number): Tensor => constant(graph, value, [], "int64");
  const at = (index: number): Tensor =>
    emitOne("Gather", [sizes, integer(index)], { shape: [] }, { attributes: { axis: { int: 0 } } });
  const total = add(at(0), at(1));
  const range = (from: Tensor, length: number): Tensor =>
    emitOne("Range", [from, total, integer(1)], { shape: [length] });
  const keys = range(integer(0), past + sequence);
  const queries = unsqueeze(range(at(0), sequence), [1]);
  const earlier = lessOrEqual(keys, queries);
  const near =
    config.slidingWindow === undefined
      ? earlier
      : logicalAnd(earlier, greater(keys, subtract(queries, integer(config.slidingWindow))));
  const isToken = unsqueeze(cast(attentionMask, "bool"), [1, 2]);
  const seen = emitOne("And", [near, isToken], { shape: [batch, 1, sequence, past + sequence] });
  return where(seen, constant(graph, 0), constant(graph, HIDDEN));
}

/** Cosines and sines (batch, 1, sequence, rotary size / 2) of positions, under longrope by the longest of them. */
function rotaryTables(positions: Tensor, { rotary }: LanguageConfig): { cosines: Tensor; sines: Tensor } {
  const { graph } = positions;
  const table = (regime: RotaryRegime): Tensor => {
    const values = rotaryFrequencies(rotary, regime);
    return constant(graph, values, [values.length]);
  };
  const { longrope } = rotary;
  const longest = (): Tensor =>
    emitOne("ReduceMax", [positions], { shape: [] }, { attributes: { keepdims: { int: 0 } } });
  const frequencies = longrope
    ? where(
        greater(longest(), constant(graph, longrope.originalPositions - 1, [], "int64")),
        table("long"),
        table("short"),
      )
    : table("short");
  const angles = multiply(unsqueeze(cast(positions, "float32"), [1, 3]), frequencies);
  const scale = longrope?.attentionFactor ?? 1;
  const scaled = (x: Tensor): Tensor => (scale === 1 ? x : multiply(x, scale));
  return { cosines: scaled(cos(angles)), sines: scaled(sin(angles)) };
}

/** Angles a position, rounded as `rotaryPositions` rounds them. */
function rotaryFrequencies(rotary: LanguageConfig["rotary"], regime: RotaryRegime): Float32Array {
  const { longrope, size, theta } = rotary;
  const factors = longrope && (regime === "long" ? longrope.longFactors : longrope.shortFactors);
  const { fround } = Math;
  return Float32Array.from({ length: size / 2 }, (_, i) => {
    const wavelength = fround(theta ** fround((2 * i) / size));
    return 1 / fround(fround(factors?.[i] ?? 1) * wavelength);
  });
}

/** Axes of size 1 put in at these places of the result. */
function unsqueeze(x: Tensor, axes: readonly number[]): Tensor {
  const shape = [...x.shape];
  for (const axis of axes) shape.splice(axis, 0, 1);
  return emitOne("Unsqueeze", [x, int64Vector(x.graph, axes)], { shape });
}
