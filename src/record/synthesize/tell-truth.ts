// Ground truth of a synthetic recording: where every wave begins and ends, and the intervals that follow from it.

import { qtOf, type SyntheticHeart } from "./build-heart.ts";
import type { BeatTemplate } from "./compile-beat.ts";
import type { AtrialActivation, BeatKind, RhythmPlan, VentricularActivation } from "./rhythm-plan.ts";

/** One ventricular beat; positions in samples of the recording, null where there is no such wave (or it is hidden). */
export type SyntheticBeat = {
  readonly kind: BeatKind;
  /** Where the heart vector of the QRS is largest. */
  readonly rPeakSample: number;
  readonly pOnset: number | null;
  readonly pPeak: number | null;
  readonly pOffset: number | null;
  readonly qrsOnset: number;
  readonly qrsOffset: number;
  readonly tPeak: number | null;
  readonly tOffset: number | null;
};

/** One P wave, conducted or not. */
export type SyntheticPWave = {
  readonly kind: AtrialActivation["kind"];
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
  readonly conducted: boolean;
};

/** Medians over the beats of the underlying rhythm (not the premature ones), null where undefined. */
export type SyntheticIntervals = {
  /** 60 / mean RR of all beats inside the recording; null for fewer than two. */
  readonly heartRateBpm: number | null;
  readonly rrMeanMs: number | null;
  readonly rrSdMs: number | null;
  readonly atrialRateBpm: number | null;
  readonly pMs: number | null;
  readonly prMs: number | null;
  readonly qrsMs: number;
  readonly qtMs: number;
  readonly qtcBazettMs: number | null;
  readonly qtcFridericiaMs: number | null;
  /** Frontal QRS axis of the underlying beat. */
  readonly axisDegrees: number;
};

export type SyntheticTruth = {
  readonly beats: readonly SyntheticBeat[];
  readonly pWaves: readonly SyntheticPWave[];
  readonly spikeSamples: readonly number[];
  readonly intervals: SyntheticIntervals;
};

/** A beat as it was drawn. */
export type DrawnBeat = VentricularActivation & {
  readonly template: BeatTemplate;
  readonly qtSeconds: number;
};

/** Which template a beat has, and its QT after the RR intervals before it. */
export function placeBeats(plan: RhythmPlan, heart: SyntheticHeart): DrawnBeat[] {
  const onsets = plan.ventricles.map((beat) => beat.onsetSeconds);
  return plan.ventricles.map((beat, index) => {
    const template = heart.beatOf(beat.kind);
    return { ...beat, template, qtSeconds: qtOf(heart, template, effectiveRr(onsets, index)) };
  });
}

/** QT follows the rate with a lag: half the last interval, half the mean of the last six. */
function effectiveRr(onsets: readonly number[], index: number): number {
  const first = Math.max(0, index - 6);
  if (index === 0) return (onsets[1] ?? 0.9) - (onsets[0] ?? 0);
  const mean = (onsets[index]! - onsets[first]!) / (index - first);
  return 0.5 * mean + 0.5 * Math.max(0.7 * mean, onsets[index]! - onsets[index - 1]!);
}

export type TruthOptions = {
  readonly samplingRateHz: number;
  readonly sampleCount: number;
  readonly axisDegrees: number;
};

/** Collect the truth about the beats whose QRS begins inside the recording. */
export function tellTruth(
  plan: RhythmPlan,
  drawn: readonly DrawnBeat[],
  heart: SyntheticHeart,
  options: TruthOptions,
): SyntheticTruth {
  const inside = placeInside(options);
  const beats = drawn.flatMap((beat, index) => {
    const qrsOnset = inside(beat.onsetSeconds);
    const rPeakSample = inside(beat.onsetSeconds + beat.template.rPeakSeconds);
    if (qrsOnset === null || rPeakSample === null) return [];
    return [describeBeat(beat, drawn[index + 1]?.onsetSeconds ?? Number.POSITIVE_INFINITY)];
  });

  function describeBeat(beat: DrawnBeat, nextOnset: number): SyntheticBeat {
    const { template, onsetSeconds, qtSeconds, pOnsetSeconds } = beat;
    const qrsEnd = onsetSeconds + template.qrsSeconds;
    const tEnd = onsetSeconds + qtSeconds;
    const tPeak = qrsEnd + template.tPeakFraction * (qtSeconds - template.qrsSeconds);
    const wave = heart.pWaveOf(beat.kind === "atrial-ectopic" ? "ectopic" : "sinus");
    const p = (after: number): number | null =>
      pOnsetSeconds === undefined ? null : inside(pOnsetSeconds + after);
    return {
      kind: beat.kind,
      rPeakSample: inside(onsetSeconds + template.rPeakSeconds)!,
      pOnset: p(0),
      pPeak: p(wave.pPeakSeconds),
      pOffset: p(wave.pSeconds),
      qrsOnset: inside(onsetSeconds)!,
      qrsOffset: Math.round(qrsEnd * options.samplingRateHz),
      tPeak: tPeak < nextOnset ? inside(tPeak) : null,
      tOffset: tEnd < nextOnset ? inside(tEnd) : null,
    };
  }

  return {
    beats,
    pWaves: plan.atria.flatMap((p) => describePWave(p, heart, inside)),
    spikeSamples: plan.spikes.flatMap((spike) => inside(spike.atSeconds) ?? []),
    intervals: measureIntervals(plan, drawn, heart, options),
  };
}

function placeInside({ samplingRateHz, sampleCount }: TruthOptions): (seconds: number) => number | null {
  return (seconds) => {
    const sample = Math.round(seconds * samplingRateHz);
    return sample >= 0 && sample < sampleCount ? sample : null;
  };
}

function describePWave(
  p: AtrialActivation,
  heart: SyntheticHeart,
  inside: (seconds: number) => number | null,
): SyntheticPWave[] {
  const wave = heart.pWaveOf(p.kind);
  const onset = inside(p.onsetSeconds);
  const peak = inside(p.onsetSeconds + wave.pPeakSeconds);
  const offset = inside(p.onsetSeconds + wave.pSeconds);
  if (onset === null || peak === null || offset === null) return [];
  return [{ kind: p.kind, onset, peak, offset, conducted: p.conducted }];
}

function measureIntervals(
  plan: RhythmPlan,
  drawn: readonly DrawnBeat[],
  heart: SyntheticHeart,
  { samplingRateHz, sampleCount, axisDegrees }: TruthOptions,
): SyntheticIntervals {
  const end = sampleCount / samplingRateHz;
  const shown = drawn.filter((beat) => beat.onsetSeconds >= 0 && beat.onsetSeconds < end);
  const rr = shown.slice(1).map((beat, index) => beat.onsetSeconds - shown[index]!.onsetSeconds);
  const rrMean = rr.length > 0 ? rr.reduce((sum, value) => sum + value, 0) / rr.length : null;
  const rrSd =
    rrMean === null ? null : Math.sqrt(rr.reduce((sum, value) => sum + (value - rrMean) ** 2, 0) / rr.length);
  const all = shown.length > 0 ? shown : drawn;
  const usual = all.filter((beat) => beat.kind !== "ventricular-ectopic" && beat.kind !== "atrial-ectopic");
  const basis = usual.length > 0 ? usual : all;
  const qt = median(basis.map((beat) => beat.qtSeconds));
  const pr = basis.flatMap((beat) =>
    beat.pOnsetSeconds === undefined || beat.kind === "paced" ? [] : beat.onsetSeconds - beat.pOnsetSeconds,
  );
  const ms = (seconds: number | null): number | null => (seconds === null ? null : 1000 * seconds);
  return {
    heartRateBpm: rrMean === null ? null : 60 / rrMean,
    rrMeanMs: ms(rrMean),
    rrSdMs: ms(rrSd),
    atrialRateBpm: atrialRate(plan, end),
    pMs: plan.atria.length > 0 ? 1000 * heart.pWaveOf("sinus").pSeconds : null,
    prMs: pr.length > 0 ? 1000 * median(pr) : null,
    qrsMs: 1000 * basis[0]!.template.qrsSeconds,
    qtMs: 1000 * qt,
    qtcBazettMs: rrMean === null ? null : (1000 * qt) / Math.sqrt(rrMean),
    qtcFridericiaMs: rrMean === null ? null : (1000 * qt) / Math.cbrt(rrMean),
    axisDegrees,
  };
}

function atrialRate(plan: RhythmPlan, endSeconds: number): number | null {
  if (plan.oscillation) return 60 * plan.oscillation.rateHz;
  const onsets = plan.atria.map((p) => p.onsetSeconds).filter((onset) => onset >= 0 && onset < endSeconds);
  return onsets.length < 2 ? null : (60 * (onsets.length - 1)) / (onsets.at(-1)! - onsets[0]!);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
