// What a training tells while it runs: plain data, so that it crosses from a worker thread to whoever shows it.

/** Numbers by name: parts of a loss, scores of an evaluation. */
export type NamedNumbers = Readonly<Record<string, number>>;

export type TrainingEvent =
  /** Recordings are being read. */
  | { readonly kind: "loading"; readonly done: number; readonly total: number; readonly source: string }
  /** Something worth a line: counts of recordings, codebooks started, a run resumed. */
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "step";
      /** Steps done, of `steps`. */
      readonly step: number;
      readonly steps: number;
      /** Means since the last step event. */
      readonly losses: NamedNumbers;
      readonly learningRate: number;
      readonly gradientNorm: number;
      readonly stepsPerSecond: number;
      readonly secondsLeft: number;
    }
  | {
      readonly kind: "evaluation";
      readonly step: number;
      readonly scores: NamedNumbers;
      /** What is made small; null when it does not count yet (a warm-up). */
      readonly score: number | null;
      readonly best: boolean;
    }
  | { readonly kind: "checkpoint"; readonly step: number; readonly folder: string };

/** Why a run ended. */
export type TrainingOutcome = "finished" | "early-stopped" | "interrupted";

export type TrainingSummary = {
  readonly outcome: TrainingOutcome;
  /** Steps done. */
  readonly step: number;
  readonly best: { readonly step: number; readonly score: number } | null;
  /** Seconds in steps and evaluations, over all starts of the run. */
  readonly seconds: number;
};
