// The sizes of a SigLIP vision encoder, read from config.json and preprocessor_config.json.
// Source: Hugging Face transformers, SiglipVisionConfig (its defaults are left out of nested configs) and SiglipImageProcessor.
import { z } from "zod";
import { EcgError } from "../../shared/errors.ts";
import { parseFile } from "./read-folder-json.ts";

export type VisionConfig = {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly channelCount: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly normEpsilon: number;
  readonly activation: "gelu" | "gelu-tanh";
  /** Whether there is an attention-pooling head. */
  readonly hasHead: boolean;
};

const positive = z.int("a whole number").positive("a number above 0");

const schema = z.looseObject({
  hidden_size: positive.default(768),
  intermediate_size: positive.default(3072),
  num_hidden_layers: positive.default(12),
  num_attention_heads: positive.default(12),
  num_channels: positive.default(3),
  image_size: positive.default(224),
  patch_size: positive.default(16),
  hidden_act: z.string().default("gelu_pytorch_tanh"),
  layer_norm_eps: z.number().positive().default(1e-6),
  vision_use_head: z.boolean().default(true),
});

/**
 * A config.json of `model_type` siglip_vision_model, or siglip with a nested `vision_config`.
 * @throws EcgError INVALID_FILE for a malformed field, UNSUPPORTED_FORMAT for another activation.
 */
export function parseVisionConfig(json: Readonly<Record<string, unknown>>, where: string): VisionConfig {
  const nested = json["model_type"] === "siglip";
  const raw = parseFile(
    schema,
    nested ? (json["vision_config"] ?? {}) : json,
    nested ? `${where}: vision_config` : where,
  );
  if (raw.hidden_size % raw.num_attention_heads !== 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected hidden_size to divide by ${raw.num_attention_heads} heads, found ${raw.hidden_size}`,
    );
  }
  if (raw.patch_size > raw.image_size) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected patches no larger than the image, found ${raw.patch_size} and ${raw.image_size}`,
    );
  }
  return {
    imageSize: raw.image_size,
    patchSize: raw.patch_size,
    channelCount: raw.num_channels,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layerCount: raw.num_hidden_layers,
    headCount: raw.num_attention_heads,
    normEpsilon: raw.layer_norm_eps,
    activation: parseActivation(raw.hidden_act, where),
    hasHead: raw.vision_use_head,
  };
}

function parseActivation(name: string, where: string): VisionConfig["activation"] {
  if (name === "gelu_pytorch_tanh" || name === "gelu_new") return "gelu-tanh";
  if (name === "gelu") return "gelu";
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${where}: expected hidden_act gelu or gelu_pytorch_tanh, found ${name}`,
  );
}

/** The config.json of a vision encoder alone. */
export function visionConfigJson(config: VisionConfig): Record<string, unknown> {
  return {
    architectures: ["SiglipVisionModel"],
    model_type: "siglip_vision_model",
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layerCount,
    num_attention_heads: config.headCount,
    num_channels: config.channelCount,
    image_size: config.imageSize,
    patch_size: config.patchSize,
    hidden_act: config.activation === "gelu" ? "gelu" : "gelu_pytorch_tanh",
    layer_norm_eps: config.normEpsilon,
    ...(config.hasHead ? {} : { vision_use_head: false }),
  };
}

/** How pixels become numbers: resize, scale, (x - mean) / deviation per channel. */
export type ImagePreparation = {
  readonly width: number;
  readonly height: number;
  readonly rescaleFactor: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
};

const preparationSchema = z.looseObject({
  do_resize: z.literal(true, "do_resize true").default(true),
  do_rescale: z.boolean().default(true),
  do_normalize: z.boolean().default(true),
  image_mean: z.array(z.number()).default([0.5, 0.5, 0.5]),
  image_std: z.array(z.number().positive()).default([0.5, 0.5, 0.5]),
  resample: z.literal(3, "resample 3 (bicubic)").default(3),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  size: z.object({ height: positive, width: positive }).optional(),
});

/**
 * A preprocessor_config.json of SiglipImageProcessor; `{}` gives its defaults.
 * @throws EcgError INVALID_FILE for another resampling or a malformed field.
 */
export function parseImagePreparation(
  json: Readonly<Record<string, unknown>>,
  config: VisionConfig,
  where: string,
): ImagePreparation {
  const raw = parseFile(preparationSchema, json, where);
  const channels = config.channelCount;
  return {
    width: raw.size?.width ?? config.imageSize,
    height: raw.size?.height ?? config.imageSize,
    rescaleFactor: raw.do_rescale ? raw.rescale_factor : 1,
    mean: raw.do_normalize ? raw.image_mean : new Array<number>(channels).fill(0),
    deviation: raw.do_normalize ? raw.image_std : new Array<number>(channels).fill(1),
  };
}
