// The sizes of a BERT encoder, read from config.json. Source: Hugging Face transformers, BertConfig.
import { z } from "zod";
import { EcgError } from "../../shared/errors.ts";
import { parseFile } from "./read-folder-json.ts";

export type TextEncoderConfig = {
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly maxPositions: number;
  readonly typeCount: number;
  readonly normEpsilon: number;
  readonly activation: "gelu" | "gelu-tanh" | "relu";
};

const positive = z.int("a whole number").positive("a number above 0");

const schema = z.looseObject({
  vocab_size: positive.default(30_522),
  hidden_size: positive.default(768),
  num_hidden_layers: positive.default(12),
  num_attention_heads: positive.default(12),
  intermediate_size: positive.default(3072),
  hidden_act: z.string().default("gelu"),
  max_position_embeddings: positive.default(512),
  type_vocab_size: positive.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  position_embedding_type: z
    .literal("absolute", "absolute position embeddings")
    .nullish()
    .transform(() => "absolute"),
});

const ACTIVATIONS: Readonly<Record<string, TextEncoderConfig["activation"]>> = {
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
  relu: "relu",
};

/**
 * A config.json of `model_type` bert. Files older than `model_type` (BioBERT's first) are read by their fields.
 * @throws EcgError INVALID_FILE for a malformed field, UNSUPPORTED_FORMAT for another activation.
 */
export function parseTextEncoderConfig(
  json: Readonly<Record<string, unknown>>,
  where: string,
): TextEncoderConfig {
  const raw = parseFile(schema, json, where);
  const activation = ACTIVATIONS[raw.hidden_act];
  if (!activation) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected hidden_act ${Object.keys(ACTIVATIONS).join(", ")}, found ${raw.hidden_act}`,
    );
  }
  if (raw.hidden_size % raw.num_attention_heads !== 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected hidden_size to divide by ${raw.num_attention_heads} heads, found ${raw.hidden_size}`,
    );
  }
  return {
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layerCount: raw.num_hidden_layers,
    headCount: raw.num_attention_heads,
    maxPositions: raw.max_position_embeddings,
    typeCount: raw.type_vocab_size,
    normEpsilon: raw.layer_norm_eps,
    activation,
  };
}
