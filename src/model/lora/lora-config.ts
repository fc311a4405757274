// The settings of a LoRA adapter, read from and written as PEFT's adapter_config.json.
// Source: Hu et al. 2021; peft v0.13 LoraConfig (rank_pattern, alpha_pattern, use_rslora included).
import { z } from "zod";
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { parseFile } from "../config/read-folder-json.ts";

export type LoraConfig = {
  readonly rank: number;
  readonly alpha: number;
  /** Share of inputs that a training step drops before the adapter. */
  readonly dropout: number;
  /** Last parts of module names (`q_proj`), or one regular expression over whole names. */
  readonly targets: readonly string[] | string;
  /** Scale alpha / sqrt(rank) instead of alpha / rank (rank-stabilised LoRA). */
  readonly rankStabilised: boolean;
  /** Other ranks and alphas for modules whose name ends like a key (a regular expression). */
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  /** Only these layers. Default all. */
  readonly layers?: readonly number[];
  readonly baseModel?: string;
};

/** The attention and feed-forward matrices of each architecture: what the paper adapts. */
export const LORA_TARGETS: Readonly<Record<LanguageConfig["architecture"], readonly string[]>> = {
  qwen2: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  phi3: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
};

/** The paper's settings: rank 64, alpha 64, dropout 0.05 on all matrices of the decoder. */
export function paperLoraConfig(architecture: LanguageConfig["architecture"]): LoraConfig {
  return {
    rank: 64,
    alpha: 64,
    dropout: 0.05,
    targets: LORA_TARGETS[architecture],
    rankStabilised: false,
    rankPattern: {},
    alphaPattern: {},
  };
}

const rank = z.int("a whole rank").positive("a rank above 0");
const falseOnly = (what: string) => z.literal(false, `${what} false`).nullish();
const empty = (what: string) => z.union([z.null(), z.array(z.unknown()).max(0)], `no ${what}`).optional();

const schema = z.looseObject({
  peft_type: z.literal("LORA", "peft_type LORA"),
  r: rank,
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(0.99).default(0),
  target_modules: z.union([z.string(), z.array(z.string())], "module names or a regular expression"),
  rank_pattern: z.record(z.string(), rank).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: falseOnly("use_dora"),
  fan_in_fan_out: falseOnly("fan_in_fan_out"),
  bias: z.literal("none", "bias none").default("none"),
  modules_to_save: empty("modules_to_save"),
  layer_replication: empty("layer_replication"),
  base_model_name_or_path: z.string().nullish(),
});

/** @throws EcgError INVALID_FILE naming the field: missing, malformed, or a kind of adapter that is not built here. */
export function parseLoraConfig(json: Readonly<Record<string, unknown>>, where: string): LoraConfig {
  const raw = parseFile(schema, json, where);
  const layers = raw.layers_to_transform;
  return {
    rank: raw.r,
    alpha: raw.lora_alpha,
    dropout: raw.lora_dropout,
    targets: raw.target_modules,
    rankStabilised: raw.use_rslora,
    rankPattern: raw.rank_pattern ?? {},
    alphaPattern: raw.alpha_pattern ?? {},
    ...(layers === null || layers === undefined ? {} : { layers: [layers].flat() }),
    ...(raw.base_model_name_or_path ? { baseModel: raw.base_model_name_or_path } : {}),
  };
}

/** adapter_config.json as PEFT reads it. */
export function loraConfigJson(config: LoraConfig): Record<string, unknown> {
  return {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: config.baseModel ?? null,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    target_modules: typeof config.targets === "string" ? config.targets : [...config.targets].sort(),
    rank_pattern: config.rankPattern,
    alpha_pattern: config.alphaPattern,
    layers_to_transform: config.layers ?? null,
    layers_pattern: null,
    use_rslora: config.rankStabilised,
    use_dora: false,
    bias: "none",
    fan_in_fan_out: false,
    modules_to_save: null,
    init_lora_weights: true,
    inference_mode: true,
  };
}

/** How a module is adapted; undefined when it is not. `module` is its full name, e.g. `model.layers.0.mlp.up_proj`. */
export function adaptationOf(
  config: LoraConfig,
  module: string,
): { readonly rank: number; readonly scaling: number } | undefined {
  if (!isTarget(config, module)) return undefined;
  const patternOf = (patterns: Readonly<Record<string, number>>, otherwise: number): number =>
    Object.entries(patterns).find(([key]) => new RegExp(`^(.*\\.)?${key}$`).test(module))?.[1] ?? otherwise;
  const own = patternOf(config.rankPattern, config.rank);
  const alpha = patternOf(config.alphaPattern, config.alpha);
  return { rank: own, scaling: alpha / (config.rankStabilised ? Math.sqrt(own) : own) };
}

function isTarget({ targets, layers }: LoraConfig, module: string): boolean {
  const layer = /\.layers\.(\d+)\./.exec(module)?.[1];
  if (layers && (layer === undefined || !layers.includes(Number(layer)))) return false;
  if (typeof targets !== "string") {
    return targets.some((target) => module === target || module.endsWith(`.${target}`));
  }
  if (targets === "all-linear") return module !== "lm_head";
  try {
    return new RegExp(`^(?:${targets})$`).test(module);
  } catch (cause) {
    throw new EcgError(
      "INVALID_FILE",
      `adapter_config.json: expected target_modules to be a regular expression, found ${targets}`,
      { cause },
    );
  }
}
