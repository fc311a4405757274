// encodeLanguageOnnx: a language model as ONNX files, and a description of what goes in and comes out.
import { exportModel } from "../../graph/export-model.ts";
import { inspectModel } from "../../graph/onnx/inspect-model.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import { elementCount } from "../../graph/shape.ts";
import { toTensorData } from "../../graph/tensor-data.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import {
  buildDecoderFile,
  buildEmbedderFile,
  type ExportPrecision,
  type FileGraph,
} from "./build-decoder-file.ts";
import { checkFitsHalf } from "./check-fits-half.ts";

/** An input or output of a file: sizes are numbers, or names where they vary from run to run. */
export type OnnxPort = {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
};

/** What `onnx.json` says. */
export type LanguageOnnxDescription = {
  readonly format: "heartcare-language-onnx";
  readonly version: 1;
  readonly architecture: LanguageConfig["architecture"];
  readonly precision: ExportPrecision;
  readonly operatorSet: number;
  readonly files: Readonly<
    Record<string, { readonly inputs: readonly OnnxPort[]; readonly outputs: readonly OnnxPort[] }>
  >;
  readonly layerCount: number;
  readonly keyValueHeadCount: number;
  readonly headSize: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly endTokenIds: readonly number[];
  /** Under longrope: a text that grows beyond so many tokens must be read anew from an empty cache. */
  readonly rereadBeyondTokens?: number;
  readonly notes: readonly string[];
};

export const DECODER_ONNX = "decoder.onnx";
export const EMBEDDER_ONNX = "embed_tokens.onnx";

const NOTES = [
  "inputs_embeds holds rows of embed_tokens.onnx, or features of signals and images where they stand for tokens.",
  "attention_mask covers past and new tokens, 1 for a token, 0 for padding (put it on the left).",
  "position_ids count tokens, not padding. A new text starts with a past of 0; feed present.* back as past_key_values.*.",
];

/** Protobuf's limit; some room is left for what is no weight. */
const FILE_LIMIT = 2 ** 31 - 2 ** 20;

/**
 * The bytes of decoder.onnx and embed_tokens.onnx: any batch, sequence and past, standard operators, weights inside.
 * @throws EcgError UNSUPPORTED_FORMAT when the weights do not fit in one ONNX file of 2 GiB; INVALID_OPTION for a weight
 * beyond fp16; NOT_FOUND or SHAPE_MISMATCH when the store is another model's.
 */
export function encodeLanguageOnnx(
  config: LanguageConfig,
  store: ParameterStore,
  precision: ExportPrecision = "fp32",
): { readonly files: Readonly<Record<string, Uint8Array>>; readonly description: LanguageOnnxDescription } {
  const files = {
    [DECODER_ONNX]: encodeFile(buildDecoderFile(config, precision), store, DECODER_ONNX),
    [EMBEDDER_ONNX]: encodeFile(buildEmbedderFile(config, precision), store, EMBEDDER_ONNX),
  };
  const summaries = Object.entries(files).map(([name, bytes]) => [name, inspectModel(bytes, name)] as const);
  const { longrope } = config.rotary;
  return {
    files,
    description: {
      format: "heartcare-language-onnx",
      version: 1,
      architecture: config.architecture,
      precision,
      operatorSet: summaries[0]![1].operatorSets[""]!,
      files: Object.fromEntries(summaries.map(([name, { inputs, outputs }]) => [name, { inputs, outputs }])),
      layerCount: config.layerCount,
      keyValueHeadCount: config.keyValueHeadCount,
      headSize: config.headSize,
      vocabularySize: config.vocabularySize,
      maxPositions: config.maxPositions,
      endTokenIds: config.endTokenIds,
      ...(longrope ? { rereadBeyondTokens: longrope.originalPositions } : {}),
      notes: NOTES,
    },
  };
}

function encodeFile(file: FileGraph, store: ParameterStore, name: string): Uint8Array {
  const { graph, outputs, outputAxisNames } = file;
  const bytes = graph.parameters.reduce(
    (sum, { tensor }) => sum + elementCount(tensor.shape) * (tensor.dtype === "float16" ? 2 : 4),
    0,
  );
  if (bytes > FILE_LIMIT) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `export ${name}: expected weights of at most ${FILE_LIMIT} bytes in one ONNX file, got ${bytes}`,
      { hint: "export with precision fp16, or to a Hugging Face folder" },
    );
  }
  const weights = createParameterStore(graph, { seed: 0, attachFrozen: true });
  for (const { name: weight, tensor } of graph.parameters) {
    const { values } = store.get(weight);
    if (tensor.dtype !== "float16") {
      weights.attach(weight, values);
      continue;
    }
    checkFitsHalf(weight, values as Float32Array);
    weights.attach(weight, toTensorData(values as Float32Array, "float16"));
  }
  return exportModel({ outputs, store: weights, outputAxisNames });
}
