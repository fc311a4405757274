// Errors and code use of a model over windows of recordings: the numbers of Table 8 and of `beat eval`.
import type { LeadMatrix } from "../record/lead-matrix.ts";
import type { BeatConfig } from "./beat-config.ts";
import type { BeatForward, ForwardResult } from "./beat-forward.ts";
import type { EvaluationWindow } from "./evaluation-windows.ts";
import { CODEBOOK_NAMES } from "./quantise.ts";
import { type BeatSegment, createSegment, fillSegment } from "./segment.ts";

/** The paper's weights of reconstruction, prediction and quantisation in L_total (Table 6). */
export const PAPER_WEIGHTS = { reconstruction: 1, prediction: 0.5, quantisation: 0.25 } as const;

/** Squared errors of one window, summed over the samples of its leads that count. */
export type WindowErrors = {
  readonly window: EvaluationWindow;
  /** Leads that are there and not flat. */
  readonly leads: number;
  readonly reconstruction: number;
  readonly prediction: number;
  /** Prediction by half second of the future. */
  readonly predictionParts: readonly number[];
  /** Energy of the input about each lead's mean. */
  readonly energy: number;
};

export type WindowScores = {
  readonly segments: number;
  /** Mean squared error of the reconstruction over all samples of leads that count (z-scores). */
  readonly mse: number;
  /** Mean over segments of 100 sqrt(error energy / energy about the mean): the mean is removed. */
  readonly prdPercent: number;
  /** Mean over segments of 10 log10(energy about the mean / error energy). */
  readonly snrDb: number;
  readonly lRecon: number;
  readonly lPred: number;
  /** Sum over levels of (codebook + 0.25 commitment), means over elements. */
  readonly lVq: number;
  /** lRecon + 0.5 lPred + 0.25 lVq, the paper's weights whatever the model was trained with. */
  readonly lTotal: number;
  /** Codes chosen at least once, by level, as a fraction of the codebook. */
  readonly codeUse: readonly number[];
  /** exp(entropy) of the codes chosen, by level. */
  readonly perplexity: readonly number[];
  readonly deadCodes: readonly number[];
  readonly forecastMsePerHalfSecond: readonly number[];
};

export type ScoreOptions = {
  /** 0: the query vectors themselves are decoded (a warm-up). Default 1. */
  readonly quantised?: 0 | 1;
  /** Sees every window's numbers, e.g. to score something else on the same samples. */
  readonly onWindow?: (errors: WindowErrors, segment: BeatSegment) => void;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Run the model over windows and score it. Missing and flat leads are left out of every error. */
export async function scoreWindows(
  forward: BeatForward,
  recordings: readonly { readonly signal: LeadMatrix }[],
  windows: readonly EvaluationWindow[],
  options: ScoreOptions = {},
): Promise<WindowScores> {
  const { config, batch } = forward;
  const sums = startSums(config);
  let held: { readonly recording: number; readonly signal: LeadMatrix } | undefined;
  for (let at = 0; at < windows.length; at += batch) {
    const chunk = windows.slice(at, at + batch);
    const segments = chunk.map((window) => {
      if (held?.recording !== window.recording) {
        held = { recording: window.recording, signal: recordings[window.recording]!.signal };
      }
      const segment = createSegment(config);
      fillSegment(segment, held.signal, window.start, config);
      return segment;
    });
    const signal = new Float32Array(batch * config.leadCount * config.inputSamples);
    for (const [row, segment] of segments.entries()) signal.set(segment.signal, row * segment.signal.length);
    const result = await forward.run(signal, options.quantised ?? 1);
    for (const [row, segment] of segments.entries()) {
      const errors = measureWindow(chunk[row]!, segment, result, { row, config });
      sums.add(errors);
      options.onWindow?.(errors, segment);
    }
    addCodes(sums, forward, result, chunk.length * config.queryCount);
    options.onProgress?.(Math.min(at + batch, windows.length), windows.length);
  }
  return summarise(sums, config);
}

/** Sum of squared differences over the leads that count; `from` and `to` cut every lead. */
export function squaredError(
  truth: Float32Array,
  estimate: Float32Array,
  leadWeights: Float32Array,
  part: { readonly from: number; readonly to: number; readonly samples: number },
): number {
  let total = 0;
  for (let lead = 0; lead < leadWeights.length; lead++) {
    if (leadWeights[lead] === 0) continue;
    const offset = lead * part.samples;
    for (let t = offset + part.from; t < offset + part.to; t++) total += (truth[t]! - estimate[t]!) ** 2;
  }
  return total;
}

function measureWindow(
  window: EvaluationWindow,
  segment: BeatSegment,
  result: ForwardResult,
  { row, config }: { readonly row: number; readonly config: BeatConfig },
): WindowErrors {
  const { inputSamples, predictionSamples } = config;
  const reconstruction = rowOf(result.reconstruction, segment.signal.length, row);
  const prediction = rowOf(result.prediction, segment.future.length, row);
  const { leadWeights } = segment;
  const whole = { from: 0, to: inputSamples, samples: inputSamples };
  const predictionParts = halfSeconds(config).map(({ from, to }) =>
    squaredError(segment.future, prediction, leadWeights, { from, to, samples: predictionSamples }),
  );
  return {
    window,
    leads: leadWeights.reduce((sum, weight) => sum + weight, 0),
    reconstruction: squaredError(segment.signal, reconstruction, leadWeights, whole),
    prediction: predictionParts.reduce((sum, part) => sum + part, 0),
    predictionParts,
    energy: squaredError(segment.signal, new Float32Array(segment.signal.length), leadWeights, whole),
  };
}

/** The half seconds of the prediction; the last may be shorter. */
export function halfSeconds(config: BeatConfig): { from: number; to: number }[] {
  const length = Math.max(1, Math.round(config.samplingRateHz / 2));
  return Array.from({ length: Math.ceil(config.predictionSamples / length) }, (_, index) => ({
    from: index * length,
    to: Math.min((index + 1) * length, config.predictionSamples),
  }));
}

function rowOf(data: Float32Array, length: number, row: number): Float32Array {
  return data.subarray(row * length, (row + 1) * length);
}

type Sums = {
  segments: number;
  leads: number;
  reconstruction: number;
  prediction: number;
  readonly predictionParts: number[];
  prd: number;
  snr: number;
  /** Squared distances between what a level was given and the code it chose. */
  quantisation: number;
  vectors: number;
  readonly uses: readonly Float64Array[];
  add(errors: WindowErrors): void;
};

function startSums(config: BeatConfig): Sums {
  const sums: Sums = {
    segments: 0,
    leads: 0,
    reconstruction: 0,
    prediction: 0,
    predictionParts: halfSeconds(config).map(() => 0),
    prd: 0,
    snr: 0,
    quantisation: 0,
    vectors: 0,
    uses: Array.from({ length: config.codebookLevels }, () => new Float64Array(config.codebookSize)),
    add(errors) {
      if (errors.leads === 0) return;
      sums.segments++;
      sums.leads += errors.leads;
      sums.reconstruction += errors.reconstruction;
      sums.prediction += errors.prediction;
      for (const [index, part] of errors.predictionParts.entries()) sums.predictionParts[index]! += part;
      sums.prd += 100 * Math.sqrt(errors.reconstruction / errors.energy);
      sums.snr += 10 * Math.log10(errors.energy / errors.reconstruction);
    },
  };
  return sums;
}

function addCodes(sums: Sums, forward: BeatForward, result: ForwardResult, rows: number): void {
  const { dimension } = forward.config;
  const left = result.queries.slice(0, rows * dimension);
  for (const [level, codes] of result.codes.entries()) {
    const book = forward.codebook(CODEBOOK_NAMES[level]!);
    for (let row = 0; row < rows; row++) {
      const code = codes[row]!;
      sums.uses[level]![code]!++;
      for (let d = 0; d < dimension; d++) {
        const at = row * dimension + d;
        left[at]! -= book[code * dimension + d]!;
        sums.quantisation += left[at]! ** 2;
      }
    }
  }
  sums.vectors += rows;
}

function summarise(sums: Sums, config: BeatConfig): WindowScores {
  const { inputSamples, predictionSamples, dimension, commitment } = config;
  const lRecon = sums.reconstruction / (sums.leads * inputSamples);
  const lPred = sums.prediction / (sums.leads * predictionSamples);
  const lVq = ((1 + commitment) * sums.quantisation) / (sums.vectors * dimension);
  return {
    segments: sums.segments,
    mse: lRecon,
    prdPercent: sums.prd / sums.segments,
    snrDb: sums.snr / sums.segments,
    lRecon,
    lPred,
    lVq,
    lTotal:
      PAPER_WEIGHTS.reconstruction * lRecon +
      PAPER_WEIGHTS.prediction * lPred +
      PAPER_WEIGHTS.quantisation * lVq,
    codeUse: sums.uses.map((uses) => uses.filter((count) => count > 0).length / uses.length),
    perplexity: sums.uses.map(perplexityOf),
    deadCodes: sums.uses.map((uses) => uses.filter((count) => count === 0).length),
    forecastMsePerHalfSecond: halfSeconds(config).map(
      ({ from, to }, index) => sums.predictionParts[index]! / (sums.leads * (to - from)),
    ),
  };
}

function perplexityOf(uses: Float64Array): number {
  const total = uses.reduce((sum, count) => sum + count, 0);
  let entropy = 0;
  for (const count of uses) if (count > 0) entropy -= (count / total) * Math.log(count / total);
  return Math.exp(entropy);
}
