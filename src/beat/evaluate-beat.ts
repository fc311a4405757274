// Everything that `beat eval` reports: errors, code use, and the forecast beside its baselines by patient.
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { bootstrapMean, type Estimate, type ScoredItem } from "../shared/patient-bootstrap.ts";
import type { BeatForward } from "./beat-forward.ts";
import { type EvaluationWindow, listWindows } from "./evaluation-windows.ts";
import { findLastCycle, forecastZero, repeatLastCycle } from "./forecast-baselines.ts";
import { CODEBOOK_NAMES } from "./quantise.ts";
import { scoreWindows, squaredError, type WindowErrors, type WindowScores } from "./score-windows.ts";
import type { BeatSegment } from "./segment.ts";

/** A recording at the model's rate; its signal may be unpacked at every access. */
export type EvaluatedRecording = {
  readonly patientId: string;
  readonly sampleCount: number;
  readonly signal: LeadMatrix;
};

/** A number for each codebook; null for a level that the model does not have. */
export type ByCodebook = { readonly core: number; readonly residual: number | null };

export type BaselineName = "zero" | "persistence" | "scaledPersistence";

export type BeatEvaluation = Omit<WindowScores, "codeUse" | "perplexity" | "deadCodes"> & {
  readonly recordings: number;
  readonly patients: number;
  /** Codes chosen at least once as a fraction of the codebook. */
  readonly codeUse: ByCodebook;
  readonly perplexity: ByCodebook;
  readonly deadCodes: ByCodebook;
  readonly zeroMse: number;
  readonly persistenceMse: number;
  readonly scaledPersistenceMse: number;
  readonly forecastMse: number;
  /** Mean of (forecast MSE - baseline MSE) a window with its paired patient-bootstrap interval: below 0 is better. */
  readonly forecastMinus: Readonly<Record<BaselineName, Estimate>>;
  /** The window of median reconstruction error, for a picture. */
  readonly typicalWindow: EvaluationWindow;
};

export type EvaluateOptions = {
  /** Windows at equal distances; default all. */
  readonly limit?: number;
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Score a model on every window of the recordings. Scores are NaN when no window fits. */
export async function evaluateBeat(
  forward: BeatForward,
  recordings: readonly EvaluatedRecording[],
  options: EvaluateOptions = {},
): Promise<BeatEvaluation> {
  const { config } = forward;
  const windows = listWindows(
    recordings.map(({ sampleCount }) => sampleCount),
    config,
    options.limit,
  );
  const kept: { errors: WindowErrors; baselines: Record<BaselineName, number> }[] = [];
  const scores = await scoreWindows(forward, recordings, windows, {
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    onWindow: (errors, segment) => {
      if (errors.leads > 0) kept.push({ errors, baselines: baselineErrors(segment, config.samplingRateHz) });
    },
  });
  const samples = kept.reduce((sum, { errors }) => sum + errors.leads, 0) * config.predictionSamples;
  const meanOf = (name: BaselineName): number =>
    kept.reduce((sum, { baselines }) => sum + baselines[name], 0) / samples;
  const compare = (name: BaselineName): Estimate => {
    const items = kept.map(({ errors, baselines }): ScoredItem => {
      const patientId = recordings[errors.window.recording]!.patientId;
      const value = (errors.prediction - baselines[name]) / (errors.leads * config.predictionSamples);
      return { patientId, value };
    });
    return bootstrapMean(items, { seed: options.seed ?? 7 });
  };
  const { codeUse, perplexity, deadCodes, ...rest } = scores;
  return {
    ...rest,
    recordings: recordings.length,
    patients: new Set(recordings.map(({ patientId }) => patientId)).size,
    codeUse: byCodebook(codeUse),
    perplexity: byCodebook(perplexity),
    deadCodes: byCodebook(deadCodes),
    zeroMse: meanOf("zero"),
    persistenceMse: meanOf("persistence"),
    scaledPersistenceMse: meanOf("scaledPersistence"),
    forecastMse: scores.lPred,
    forecastMinus: {
      zero: compare("zero"),
      persistence: compare("persistence"),
      scaledPersistence: compare("scaledPersistence"),
    },
    typicalWindow: typicalWindow(kept.map(({ errors }) => errors)),
  };
}

/** Squared errors of the baselines on the samples that the model is scored on. */
function baselineErrors(segment: BeatSegment, samplingRateHz: number): Record<BaselineName, number> {
  const leadCount = segment.leadWeights.length;
  const inputSamples = segment.signal.length / leadCount;
  const samples = segment.future.length / leadCount;
  const input: LeadMatrix = { data: segment.signal, leadCount, sampleCount: inputSamples };
  const errorOf = (forecast: LeadMatrix): number =>
    squaredError(segment.future, forecast.data, segment.leadWeights, { from: 0, to: samples, samples });
  const cycle = findLastCycle(input, samplingRateHz);
  return {
    zero: errorOf(forecastZero(input, samples)),
    persistence: errorOf(repeatLastCycle(input, samples, { ...cycle, correlation: 1 })),
    scaledPersistence: errorOf(repeatLastCycle(input, samples, cycle)),
  };
}

function byCodebook(values: readonly number[]): ByCodebook {
  const [core, residual] = CODEBOOK_NAMES.map((_, level) => values[level]);
  return { core: core ?? Number.NaN, residual: residual ?? null };
}

function typicalWindow(errors: readonly WindowErrors[]): EvaluationWindow {
  const perSample = ({ reconstruction, leads }: WindowErrors): number => reconstruction / leads;
  const sorted = [...errors].sort((a, b) => perSample(a) - perSample(b));
  return sorted[Math.floor(sorted.length / 2)]?.window ?? { recording: 0, start: 0 };
}
