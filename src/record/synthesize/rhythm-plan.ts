// What a planned rhythm is: activations of atria and ventricles, spikes and continuous atrial activity, in seconds.
import type { SyntheticAnatomy } from "./draw-anatomy.ts";
import type { SyntheticFinding } from "./finding-catalogue.ts";

/** Where a ventricular beat comes from. */
export type BeatKind =
  | "sinus"
  | "atrial-ectopic"
  | "ventricular-ectopic"
  | "fibrillation"
  | "flutter"
  | "paced"
  | "junctional-escape"
  | "ventricular-escape";

export type AtrialActivation = {
  readonly onsetSeconds: number;
  readonly kind: "sinus" | "ectopic";
  /** False for a P wave that no QRS answers. */
  readonly conducted: boolean;
};

export type VentricularActivation = {
  /** QRS onset. */
  readonly onsetSeconds: number;
  readonly kind: BeatKind;
  /** Onset of the P wave that it answers. */
  readonly pOnsetSeconds?: number;
};

/** Continuous atrial activity. */
export type AtrialOscillation = {
  readonly kind: "fibrillation" | "flutter";
  readonly rateHz: number;
  readonly phase: number;
};

export type RhythmPlan = {
  readonly atria: readonly AtrialActivation[];
  readonly ventricles: readonly VentricularActivation[];
  readonly spikes: readonly { readonly atSeconds: number; readonly chamber: "atrium" | "ventricle" }[];
  readonly oscillation?: AtrialOscillation;
};

/** What a plan is made from. Times run from before the recording (negative) to after its end. */
export type RhythmRequest = {
  readonly findings: readonly SyntheticFinding[];
  /** Mean RR of the underlying rhythm. */
  readonly rrSeconds: number;
  readonly prSeconds: number;
  readonly durationSeconds: number;
  readonly anatomy: SyntheticAnatomy;
};

/** A plan begins this long before the recording and ends as long after it. */
export const PLAN_MARGIN_SECONDS = 2.5;
