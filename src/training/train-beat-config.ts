// How Beat is trained: everything that the result depends on, written with the run.
import { z } from "zod";
import { BEAT_PRESETS, type BeatConfig, parseBeatConfig } from "../beat/beat-config.ts";
import { EcgError } from "../shared/errors.ts";
import { type Augmentation, NO_AUGMENTATION } from "./draw-segments.ts";

export type TrainBeatConfig = {
  readonly model: BeatConfig;
  readonly steps: number;
  /** Segments a step. */
  readonly batch: number;
  readonly learningRate: number;
  /** Steps of linear rise. */
  readonly learningRateWarmup: number;
  /** The cosine's end as a fraction of the learning rate. */
  readonly learningRateEnd: number;
  readonly weightDecay: number;
  /** Gradients are scaled down to this norm; 0: never. */
  readonly clipNorm: number;
  readonly seed: number;
  /** Steps in which query vectors pass unquantised, before codebooks mean anything. */
  readonly warmupSteps: number;
  /** Batches whose query vectors start the codebooks by k-means when the warm-up ends; 0: codebooks stay as drawn. */
  readonly kMeansBatches: number;
  readonly kMeansIterations: number;
  /** Codes that nobody chooses are moved every so many steps; 0: never. EMA codebooks only. */
  readonly reviveEvery: number;
  /** A code counts as dead below this running count of rows a step. */
  readonly reviveThreshold: number;
  readonly augmentation: Augmentation;
  readonly evaluateEvery: number;
  /** Windows of val that are scored on the way; 0: all. */
  readonly evaluateWindows: number;
  readonly checkpointEvery: number;
  readonly logEvery: number;
  /** Evaluations without a better score before the run ends; 0: never. */
  readonly patience: number;
  /** Threads inside one operator. */
  readonly threads: number;
};

/** Deep-optional: what a configuration file may leave out. */
export type TrainBeatOverrides = Partial<Omit<TrainBeatConfig, "model" | "augmentation">> & {
  readonly preset?: PresetName;
  readonly model?: Partial<BeatConfig>;
  readonly augmentation?: Partial<Augmentation>;
};

export const PRESET_NAMES = ["base", "paper"] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const SHARED = {
  batch: 32,
  weightDecay: 0,
  seed: 7,
  evaluateEvery: 150,
  evaluateWindows: 384,
  checkpointEvery: 100,
  logEvery: 25,
  patience: 0,
  threads: 2,
  kMeansIterations: 6,
} as const;

/** `base` is what ships; `paper` is Table 6 to the letter (1e-4, batch 32, cosine, no decay, quantised from step 0). */
export const TRAIN_BEAT_PRESETS: Readonly<Record<PresetName, TrainBeatConfig>> = {
  base: {
    ...SHARED,
    model: BEAT_PRESETS.base,
    steps: 3900,
    learningRate: 1.4e-3,
    learningRateWarmup: 50,
    learningRateEnd: 0.02,
    clipNorm: 1,
    warmupSteps: 200,
    kMeansBatches: 16,
    reviveEvery: 10,
    reviveThreshold: 0.15,
    augmentation: { timeStretch: 0.1, noise: 0.01, leadDropout: 0.02, leadMixing: 0.1 },
  },
  paper: {
    ...SHARED,
    model: BEAT_PRESETS.paper,
    steps: 6000,
    learningRate: 1e-4,
    learningRateWarmup: 0,
    learningRateEnd: 0,
    clipNorm: 0,
    warmupSteps: 0,
    kMeansBatches: 0,
    reviveEvery: 0,
    reviveThreshold: 0,
    augmentation: NO_AUGMENTATION,
  },
};

const AUGMENTATION_NAMES = Object.keys(NO_AUGMENTATION) as (keyof Augmentation)[];
const count = z.int().positive();
const countOrNone = z.int().nonnegative();
const share = z.number().nonnegative();
const overridesShape = z.strictObject({
  preset: z.enum(PRESET_NAMES).optional(),
  model: z.record(z.string(), z.unknown()).optional(),
  steps: count.optional(),
  batch: count.optional(),
  learningRate: z.number().positive().optional(),
  learningRateWarmup: countOrNone.optional(),
  learningRateEnd: share.max(1).optional(),
  weightDecay: share.optional(),
  clipNorm: share.optional(),
  seed: z.int().optional(),
  warmupSteps: countOrNone.optional(),
  kMeansBatches: countOrNone.optional(),
  kMeansIterations: count.optional(),
  reviveEvery: countOrNone.optional(),
  reviveThreshold: share.optional(),
  augmentation: z.partialRecord(z.enum(AUGMENTATION_NAMES), share).optional(),
  evaluateEvery: count.optional(),
  evaluateWindows: countOrNone.optional(),
  checkpointEvery: count.optional(),
  logEvery: count.optional(),
  patience: countOrNone.optional(),
  threads: count.optional(),
});

/**
 * Check what a configuration file says.
 * @throws EcgError INVALID_FILE naming the field.
 */
export function parseTrainBeatOverrides(value: unknown, where: string): TrainBeatOverrides {
  const parsed = overridesShape.safeParse(value);
  if (parsed.success) return parsed.data as TrainBeatOverrides;
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${where}: ${issue?.path.join(".") || "config"}: ${issue?.message}`);
}

/**
 * Preset < every set of overrides in turn.
 * @throws EcgError INVALID_FILE, INVALID_OPTION for a model that cannot be built, naming the field.
 */
export function resolveTrainBeatConfig(
  overrides: readonly TrainBeatOverrides[],
  where = "beat train",
): TrainBeatConfig {
  const preset = overrides.findLast((entry) => entry.preset !== undefined)?.preset ?? "base";
  let config = TRAIN_BEAT_PRESETS[preset];
  for (const { preset: _preset, model, augmentation, ...rest } of overrides) {
    config = {
      ...config,
      ...definedOf(rest),
      model: { ...config.model, ...definedOf(model ?? {}) },
      augmentation: { ...config.augmentation, ...definedOf(augmentation ?? {}) },
    };
  }
  return { ...config, model: parseBeatConfig(config.model, `${where}: model`) };
}

function definedOf<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
