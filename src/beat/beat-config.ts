// What a Beat model is made of: sizes, the two-level codebook, the weights of the joint loss (paper Tables 6, 8).
import { z } from "zod";
import { EcgError } from "../shared/errors.ts";

export type BeatConfig = {
  /** Rate of the samples that go in. */
  samplingRateHz: number;
  leadCount: number;
  inputSamples: number;
  /** Samples that follow the input and are predicted; half the input. */
  predictionSamples: number;
  patchSamples: number;
  /** Size of a token vector and of a code. */
  dimension: number;
  /** Learnable queries: tokens of a segment. A whole number of patches each. */
  queryCount: number;
  encoderLayers: number;
  decoderLayers: number;
  headCount: number;
  headSize: number;
  /** Hidden size of the feed-forward layers as a multiple of `dimension`. */
  feedForwardFactor: number;
  codebookSize: number;
  /** 2: core and residual codebook (DVQ); 1: the core codebook alone, an ablation. */
  codebookLevels: 1 | 2;
  /** `ema`: running means of the vectors that chose a code; `gradient`: by the codebook loss. */
  codebookUpdate: "ema" | "gradient";
  emaDecay: number;
  /**
   * Standard deviation of a query vector's entries, fixed; null: a learned norm, whose scale grows without bound
   * because larger vectors are easier to tell apart, and L_VQ with it. L_VQ is proportional to its square.
   */
  vectorScale: number | null;
  /** Weight of the commitment term inside the VQ loss. */
  commitment: number;
  lossWeights: { reconstruction: number; prediction: number; quantisation: number };
  /** A query starts as its learned vector plus the mean of its own patches (proof: without it training stalls). */
  queriesStartFromPatches: boolean;
  /** A linear map from each quantised query to its own patches is added to the decoder's output. */
  directOutput: boolean;
  /** Positions in the decoder start as sines of many periods, so that rhythm can be carried on past the input. */
  sinePositions: boolean;
  /** The prediction adds a learned mixture of periodic continuations of the reconstruction (continue-cycles.ts). */
  continueCycles: boolean;
};

/** Patches of the input. */
export function patchCount(config: BeatConfig): number {
  return config.inputSamples / config.patchSamples;
}

/** Patches of the prediction. */
export function predictionPatchCount(config: BeatConfig): number {
  return config.predictionSamples / config.patchSamples;
}

/** Defaults of every preset: the chosen row of Table 8. */
const SHARED = {
  samplingRateHz: 250,
  leadCount: 12,
  inputSamples: 1000,
  predictionSamples: 500,
  patchSamples: 25,
  dimension: 128,
  queryCount: 20,
  encoderLayers: 6,
  decoderLayers: 6,
  headCount: 8,
  headSize: 64,
  feedForwardFactor: 4,
  codebookSize: 512,
  codebookLevels: 2,
  commitment: 0.25,
  lossWeights: { reconstruction: 1, prediction: 0.5, quantisation: 0.25 },
} as const;

/** `base` is what ships; `paper` follows the paper to the letter. Both documented in docs/beat.md. */
export const BEAT_PRESETS: Readonly<Record<"base" | "paper", BeatConfig>> = {
  base: {
    ...SHARED,
    codebookUpdate: "ema",
    emaDecay: 0.97,
    vectorScale: 0.5,
    queriesStartFromPatches: true,
    directOutput: true,
    sinePositions: true,
    continueCycles: true,
  },
  paper: {
    ...SHARED,
    codebookUpdate: "gradient",
    emaDecay: 0.97,
    vectorScale: null,
    queriesStartFromPatches: false,
    directOutput: false,
    sinePositions: false,
    continueCycles: false,
  },
};

const count = z.int().positive();
const beatConfigShape: z.ZodType<BeatConfig> = z.strictObject({
  samplingRateHz: z.number().positive(),
  leadCount: count,
  inputSamples: count,
  predictionSamples: count,
  patchSamples: count,
  dimension: count,
  queryCount: count,
  encoderLayers: count,
  decoderLayers: count,
  headCount: count,
  headSize: count,
  feedForwardFactor: count,
  codebookSize: z.int().min(2),
  codebookLevels: z.union([z.literal(1), z.literal(2)]),
  codebookUpdate: z.enum(["ema", "gradient"]),
  emaDecay: z.number().min(0).max(1),
  vectorScale: z.number().positive().nullable(),
  commitment: z.number().nonnegative(),
  lossWeights: z.strictObject({
    reconstruction: z.number().nonnegative(),
    prediction: z.number().nonnegative(),
    quantisation: z.number().nonnegative(),
  }),
  queriesStartFromPatches: z.boolean(),
  directOutput: z.boolean(),
  sinePositions: z.boolean(),
  continueCycles: z.boolean(),
});

/**
 * Check a configuration that comes from a file.
 * @throws EcgError INVALID_FILE naming the field; INVALID_OPTION when sizes do not divide.
 */
export function parseBeatConfig(value: unknown, where: string): BeatConfig {
  const parsed = beatConfigShape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EcgError("INVALID_FILE", `${where}: ${issue?.path.join(".") || "config"}: ${issue?.message}`);
  }
  const config = parsed.data;
  requireMultiple(where, "inputSamples", config.inputSamples, config.patchSamples);
  requireMultiple(where, "predictionSamples", config.predictionSamples, config.patchSamples);
  requireMultiple(where, "patches", patchCount(config), config.queryCount);
  return config;
}

function requireMultiple(where: string, name: string, value: number, of: number): void {
  if (value % of === 0) return;
  throw new EcgError("INVALID_OPTION", `${where}: ${name}: expected a multiple of ${of}, got ${value}`);
}
