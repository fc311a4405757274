// The sizes of a decoder language model, read from and written as the config.json of Qwen2 and Phi-3.
// Source: Hugging Face transformers, Qwen2Config and Phi3Config (defaults included).
import { z } from "zod";
import { EcgError } from "../../shared/errors.ts";
import { parseFile } from "./read-folder-json.ts";

/** How positions become angles. */
export type RotaryConfig = {
  readonly theta: number;
  /** Features of a head that are turned; the others pass. Even. */
  readonly size: number;
  /** Phi-3's longrope: frequencies are divided by the short or the long factors, by the longest position of a call. */
  readonly longrope?: {
    readonly shortFactors: readonly number[];
    readonly longFactors: readonly number[];
    /** Calls whose positions stay below use the short factors. */
    readonly originalPositions: number;
    /** Factor on cosines and sines, in both regimes. */
    readonly attentionFactor: number;
  };
};

export type LanguageConfig = {
  readonly architecture: "qwen2" | "phi3";
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  /** Heads of keys and values; each serves headCount / keyValueHeadCount heads of queries. */
  readonly keyValueHeadCount: number;
  readonly headSize: number;
  readonly normEpsilon: number;
  readonly rotary: RotaryConfig;
  readonly maxPositions: number;
  /** The output matrix is the embedding table. */
  readonly tiedHead: boolean;
  /** A token sees this many tokens at most, itself included; undefined: all before it. */
  readonly slidingWindow?: number;
  readonly beginTokenId?: number;
  readonly endTokenIds: readonly number[];
  /** Its embedding row gets no gradient, as in the reference. */
  readonly padTokenId?: number;
  /** Standard deviation of new weights. */
  readonly initializerRange: number;
};

const positive = z.int("a whole number").positive("a number above 0");
const tokenId = z.int("a token id").nonnegative("a token id").nullish();
const factors = z.array(z.number().positive("positive factors"));

const ropeScaling = z.looseObject({
  type: z.string().optional(),
  rope_type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  short_factor: factors.optional(),
  long_factor: factors.optional(),
  original_max_position_embeddings: positive.optional(),
  attention_factor: z.number().positive().nullish(),
  partial_rotary_factor: z.number().positive().max(1).optional(),
});

const common = {
  vocab_size: positive,
  hidden_size: positive,
  intermediate_size: positive,
  num_hidden_layers: positive,
  num_attention_heads: positive,
  num_key_value_heads: positive.nullish(),
  head_dim: positive.nullish(),
  hidden_act: z.string().default("silu"),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeScaling.nullish(),
  rope_parameters: ropeScaling.nullish(),
  bos_token_id: tokenId,
  eos_token_id: z.union([z.int(), z.array(z.int())], "a token id or a list of them").nullish(),
  pad_token_id: tokenId,
  initializer_range: z.number().positive().default(0.02),
  sliding_window: positive.nullish(),
  quantization_config: z.unknown().optional(),
};

const qwen2Schema = z.looseObject({
  ...common,
  rms_norm_eps: z.number().positive().default(1e-6),
  max_position_embeddings: positive.default(32_768),
  tie_word_embeddings: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
});

const phi3Schema = z.looseObject({
  ...common,
  rms_norm_eps: z.number().positive().default(1e-5),
  max_position_embeddings: positive.default(4096),
  original_max_position_embeddings: positive.default(4096),
  partial_rotary_factor: z.number().positive().max(1).optional(),
  tie_word_embeddings: z.boolean().default(false),
});

/**
 * A config.json of `model_type` qwen2 or phi3.
 * @throws EcgError INVALID_FILE for a field that is missing or malformed; UNSUPPORTED_FORMAT for a feature that is
 * not built here (other activations, rope scalings, quantised checkpoints), naming it.
 */
export function parseLanguageConfig(json: Readonly<Record<string, unknown>>, where: string): LanguageConfig {
  const phi3 = json["model_type"] === "phi3";
  const raw = phi3 ? parseFile(phi3Schema, json, where) : parseFile(qwen2Schema, json, where);
  refuseUnsupported(raw, where);
  const heads = raw.num_attention_heads;
  const keyValueHeads = raw.num_key_value_heads ?? (phi3 ? heads : Math.min(32, heads));
  const headSize = raw.head_dim ?? raw.hidden_size / heads;
  if (!Number.isInteger(headSize) || heads % keyValueHeads !== 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected hidden_size and num_key_value_heads that divide by ${heads} heads, ` +
        `found ${raw.hidden_size} and ${keyValueHeads}`,
    );
  }
  const windowed = "use_sliding_window" in raw ? raw["use_sliding_window"] === true : true;
  if (!phi3 && windowed && raw.sliding_window && raw.sliding_window < raw.max_position_embeddings) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected use_sliding_window false, found true with a window of ${raw.sliding_window}`,
    );
  }
  return {
    architecture: phi3 ? "phi3" : "qwen2",
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layerCount: raw.num_hidden_layers,
    headCount: heads,
    keyValueHeadCount: keyValueHeads,
    headSize,
    normEpsilon: raw.rms_norm_eps,
    rotary: parseRotary(raw, headSize, where),
    maxPositions: raw.max_position_embeddings,
    tiedHead: raw.tie_word_embeddings,
    ...(phi3 && raw.sliding_window ? { slidingWindow: raw.sliding_window } : {}),
    ...(typeof raw.bos_token_id === "number" ? { beginTokenId: raw.bos_token_id } : {}),
    endTokenIds: [raw.eos_token_id ?? []].flat(),
    ...(typeof raw.pad_token_id === "number" ? { padTokenId: raw.pad_token_id } : {}),
    initializerRange: raw.initializer_range,
  };
}

type RawConfig = z.infer<typeof qwen2Schema> | z.infer<typeof phi3Schema>;

function refuseUnsupported(raw: RawConfig, where: string): void {
  if (raw.hidden_act !== "silu") {
    throw new EcgError("UNSUPPORTED_FORMAT", `${where}: expected hidden_act silu, found ${raw.hidden_act}`);
  }
  if (raw.quantization_config !== undefined && raw.quantization_config !== null) {
    const method = (raw.quantization_config as Record<string, unknown>)["quant_method"];
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected weights in F32, F16 or BF16, found quantization_config ${String(method)}`,
      { hint: "take the unquantised folder; it can be quantised to 4 bits when it is loaded" },
    );
  }
}

function parseRotary(raw: RawConfig, headSize: number, where: string): RotaryConfig {
  const scaling = raw.rope_scaling ?? raw.rope_parameters ?? undefined;
  const theta = raw.rope_theta ?? scaling?.rope_theta ?? 10_000;
  const share =
    ("partial_rotary_factor" in raw ? (raw["partial_rotary_factor"] as number | undefined) : undefined) ??
    scaling?.partial_rotary_factor ??
    1;
  const size = Math.trunc(headSize * share);
  if (size % 2 !== 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected an even count of turned features a head, found ${size}`,
    );
  }
  const type = scaling?.rope_type ?? scaling?.type ?? "default";
  if (type === "default") return { theta, size };
  // "su" is what the first Phi-3 files called longrope
  if (!("original_max_position_embeddings" in raw) || (type !== "longrope" && type !== "su")) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected rope_scaling null${raw["model_type"] === "phi3" ? " or longrope" : ""}, found ${type}`,
    );
  }
  const { short_factor: shortFactors, long_factor: longFactors } = scaling ?? {};
  if (shortFactors?.length !== size / 2 || longFactors?.length !== size / 2) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected ${size / 2} numbers in rope_scaling.short_factor and long_factor, ` +
        `found ${shortFactors?.length ?? 0} and ${longFactors?.length ?? 0}`,
    );
  }
  const originalPositions =
    scaling?.original_max_position_embeddings ?? Number(raw["original_max_position_embeddings"]);
  const ratio = raw.max_position_embeddings / originalPositions;
  const attentionFactor =
    scaling?.attention_factor ??
    (ratio > 1 ? Math.sqrt(1 + Math.log(ratio) / Math.log(originalPositions)) : 1);
  return { theta, size, longrope: { shortFactors, longFactors, originalPositions, attentionFactor } };
}

/** The config.json of a language model, as the reference reads it. */
export function languageConfigJson(config: LanguageConfig): Record<string, unknown> {
  const { rotary } = config;
  const phi3 = config.architecture === "phi3";
  const longrope = rotary.longrope;
  return {
    architectures: [phi3 ? "Phi3ForCausalLM" : "Qwen2ForCausalLM"],
    model_type: config.architecture,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layerCount,
    num_attention_heads: config.headCount,
    num_key_value_heads: config.keyValueHeadCount,
    ...(config.headSize === config.hiddenSize / config.headCount ? {} : { head_dim: config.headSize }),
    hidden_act: "silu",
    rms_norm_eps: config.normEpsilon,
    rope_theta: rotary.theta,
    max_position_embeddings: config.maxPositions,
    tie_word_embeddings: config.tiedHead,
    bos_token_id: config.beginTokenId ?? null,
    eos_token_id: config.endTokenIds.length === 1 ? config.endTokenIds[0] : config.endTokenIds,
    pad_token_id: config.padTokenId ?? null,
    initializer_range: config.initializerRange,
    torch_dtype: "float32",
    ...(phi3
      ? {
          sliding_window: config.slidingWindow ?? null,
          partial_rotary_factor: rotary.size / config.headSize,
          original_max_position_embeddings: longrope?.originalPositions ?? config.maxPositions,
          rope_scaling: longrope
            ? { type: "longrope", short_factor: longrope.shortFactors, long_factor: longrope.longFactors }
            : null,
        }
      : { use_sliding_window: false }),
  };
}
