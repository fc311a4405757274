// How a stage of HeartcareGPT is trained: everything that the result depends on, written with the run. Table 6 gives the paper's.
import { z } from "zod";
import { EcgError } from "../../shared/errors.ts";
import type { StageSettings } from "./heartcare-stage.ts";

/**
 * `warm-up` and `joint` are the paper's stages 2 and 3. `vision` and `language` come before them for a model that has no
 * pretrained parts: nano's tile encoder and its language model.
 */
export const HEARTCARE_STAGES = ["vision", "language", "warm-up", "joint"] as const;
export type HeartcareStageName = (typeof HEARTCARE_STAGES)[number];

export const HEARTCARE_PRESETS = ["nano", "heartcaregpt-3.8b", "heartcaregpt-7b"] as const;
export type HeartcarePreset = (typeof HEARTCARE_PRESETS)[number];

export type TrainHeartcareConfig = StageSettings & {
  readonly stage: HeartcareStageName;
  readonly preset: HeartcarePreset;
  /** Train low-rank adapters and projectors only; false: all weights. Joint stage only. */
  readonly lora: boolean;
  /** Cuts of each recording to draw from. */
  readonly views: number;
  /** Measured values go into prompts as text. */
  readonly measuredText: boolean;
  /** False: pages are read uncut, as one picture. Left out: as the base reads them, or cut into lead tiles. */
  readonly segmentation?: boolean | undefined;
  /** Comparisons of val that are scored on the way. */
  readonly evaluatedPairs: number;
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
  readonly logEvery: number;
  readonly patience: number;
};

const ROWS = {
  batch: 16,
  accumulate: 1,
  tokens: 384,
  targets: 1280,
  segments: 44,
  images: 10,
  warmupSteps: 60,
  clipNorm: 1,
  vectorDropout: 0.1,
  auxiliaryWeight: 0,
  seed: 7,
  threads: 2,
  lora: false,
  views: 8,
  measuredText: true,
  evaluatedPairs: 200,
  evaluateEvery: 150,
  checkpointEvery: 100,
  logEvery: 10,
  patience: 0,
} as const;

const MIXED = { signal: 0.5, image: 0.3, both: 0.2 } as const;
const CAPTIONS = { pairs: 0.1, closed: 1, checks: 14, open: 0.5, report: 0.25 } as const;
const QUESTIONS = { pairs: 0.3, closed: 4, checks: 5, open: 0.2, report: 0.08 } as const;

type StageDefaults = Omit<TrainHeartcareConfig, "stage" | "preset">;

/** Chosen on val; see the card of heartcare-nano. */
const NANO: Readonly<Record<HeartcareStageName, StageDefaults>> = {
  vision: {
    ...ROWS,
    steps: 1000,
    batch: 8,
    learningRate: 1.5e-3,
    schedule: "cosine",
    weightDecay: 0.01,
    mix: CAPTIONS,
    modalities: { signal: 0, image: 1, both: 0 },
  },
  language: {
    ...ROWS,
    steps: 180,
    segments: 0,
    images: 0,
    learningRate: 1.5e-3,
    schedule: "cosine",
    weightDecay: 0.05,
    mix: { pairs: 0.25, closed: 3, checks: 8, open: 0.5, report: 0.15 },
    modalities: { signal: 1, image: 0, both: 0 },
    evaluateEvery: 90,
    evaluatedPairs: 60,
  },
  "warm-up": {
    ...ROWS,
    steps: 100,
    learningRate: 2e-3,
    schedule: "cosine",
    weightDecay: 0.01,
    mix: CAPTIONS,
    modalities: MIXED,
  },
  joint: {
    ...ROWS,
    steps: 850,
    tokens: 448,
    learningRate: 1e-3,
    schedule: "cosine",
    weightDecay: 0.1,
    vectorDropout: 0.15,
    auxiliaryWeight: 2,
    mix: QUESTIONS,
    modalities: MIXED,
    evaluateEvery: 210,
    checkpointEvery: 70,
  },
};

/** Table 6, the same for both sizes: AdamW, batch 16, weight decay 0.01, linear; 2e-4 for projectors, then 2e-5. */
const PAPER: Readonly<Record<"warm-up" | "joint", StageDefaults>> = {
  "warm-up": {
    ...ROWS,
    steps: 2000,
    batch: 1,
    accumulate: 16,
    tokens: 1024,
    segments: 6,
    images: 2,
    learningRate: 2e-4,
    schedule: "linear",
    warmupSteps: 0,
    weightDecay: 0.01,
    clipNorm: 1,
    vectorDropout: 0,
    mix: { pairs: 0, closed: 0, checks: 0, open: 1, report: 1 },
    modalities: MIXED,
    measuredText: false,
  },
  joint: {
    ...ROWS,
    steps: 20_000,
    batch: 1,
    accumulate: 16,
    tokens: 1024,
    segments: 6,
    images: 2,
    learningRate: 2e-5,
    schedule: "linear",
    warmupSteps: 0,
    weightDecay: 0.01,
    clipNorm: 1,
    vectorDropout: 0,
    mix: { ...QUESTIONS, checks: 0, open: 1, report: 0.5 },
    modalities: MIXED,
    measuredText: false,
    lora: true,
  },
};

const count = z.int().positive();
const none = z.int().nonnegative();
const share = z.number().nonnegative();
const overridesShape = z.strictObject({
  stage: z.enum(HEARTCARE_STAGES).optional(),
  preset: z.enum(HEARTCARE_PRESETS).optional(),
  steps: count.optional(),
  batch: count.optional(),
  accumulate: count.optional(),
  tokens: count.optional(),
  targets: count.optional(),
  segments: none.optional(),
  images: none.optional(),
  learningRate: z.number().positive().optional(),
  schedule: z.enum(["linear", "cosine"]).optional(),
  warmupSteps: none.optional(),
  weightDecay: share.optional(),
  clipNorm: share.optional(),
  vectorDropout: share.max(0.9).optional(),
  auxiliaryWeight: share.optional(),
  seed: z.int().optional(),
  threads: count.optional(),
  lora: z.boolean().optional(),
  views: count.optional(),
  measuredText: z.boolean().optional(),
  segmentation: z.boolean().optional(),
  evaluatedPairs: none.optional(),
  evaluateEvery: count.optional(),
  checkpointEvery: count.optional(),
  logEvery: count.optional(),
  patience: none.optional(),
  mix: z
    .strictObject({
      pairs: share.max(1),
      closed: share,
      checks: share,
      open: share,
      report: share,
      bare: share.max(1).optional(),
    })
    .optional(),
  modalities: z.strictObject({ signal: share, image: share, both: share }).optional(),
});

export type TrainHeartcareOverrides = {
  [K in keyof TrainHeartcareConfig]?: TrainHeartcareConfig[K] | undefined;
};

/** Check what a configuration file says. @throws EcgError INVALID_FILE naming the field. */
export function parseTrainHeartcareOverrides(value: unknown, where: string): TrainHeartcareOverrides {
  const parsed = overridesShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${where}: ${issue?.path.join(".") || "config"}: ${issue?.message}`);
}

/**
 * Preset and stage < every set of overrides in turn.
 * @throws EcgError INVALID_OPTION for a stage that a preset does not have, and for settings that show nothing.
 */
export function resolveTrainHeartcareConfig(
  overrides: readonly TrainHeartcareOverrides[],
): TrainHeartcareConfig {
  const stage = overrides.findLast((entry) => entry.stage !== undefined)?.stage ?? "joint";
  const preset = overrides.findLast((entry) => entry.preset !== undefined)?.preset ?? "nano";
  const defaults =
    preset === "nano" ? NANO[stage] : stage === "warm-up" || stage === "joint" ? PAPER[stage] : undefined;
  if (!defaults) {
    throw new EcgError(
      "INVALID_OPTION",
      `model train: expected stage warm-up or joint for ${preset}, got ${stage}`,
      {
        hint: "vision and language are stages of a model that has no pretrained parts (--preset nano)",
      },
    );
  }
  let config: TrainHeartcareConfig = { ...defaults, stage, preset };
  for (const entry of overrides) {
    config = {
      ...config,
      ...Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)),
    };
  }
  requireShown(config);
  return config;
}

/** @throws EcgError INVALID_OPTION for a model that is shown nothing, or whose signals would have no projector. */
function requireShown({ stage, segments, modalities }: TrainHeartcareConfig): void {
  if (modalities.signal + modalities.image + modalities.both <= 0) {
    throw new EcgError("INVALID_OPTION", "modalities: expected a share above 0, got 0 for all of them");
  }
  if ((stage === "warm-up" || stage === "joint") && segments === 0) {
    throw new EcgError("INVALID_OPTION", `segments: expected 1 or more in stage ${stage}, got 0`, {
      hint: 'for pictures alone: "modalities": { "signal": 0, "image": 1, "both": 0 }',
    });
  }
}
