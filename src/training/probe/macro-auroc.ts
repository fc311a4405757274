// Area under the ROC curve, its mean over labels, and patient-bootstrap intervals of it and of differences.
import { createRng } from "../../shared/rng.ts";

/** Scores and labels of recordings, (recordings, labels) each, and whose recordings they are. */
export type Scored = {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly labelCount: number;
  readonly patientIds: readonly string[];
};

export type Interval = { readonly mean: number; readonly low: number; readonly high: number };

/**
 * The chance that a positive scores above a negative (ties count half), with rows counted `weights` times.
 * NaN without a positive or without a negative.
 */
export function auroc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const order = Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[a]! - scores[b]!,
  );
  let [pairs, negatives, positives, at] = [0, 0, 0, 0];
  while (at < order.length) {
    let [tiedPositive, tiedNegative] = [0, 0];
    const score = scores[order[at]!]!;
    for (; at < order.length && scores[order[at]!]! === score; at++) {
      const weight = weights?.[order[at]!] ?? 1;
      if (labels[order[at]!] === 1) tiedPositive += weight;
      else tiedNegative += weight;
    }
    pairs += tiedPositive * (negatives + tiedNegative / 2);
    positives += tiedPositive;
    negatives += tiedNegative;
  }
  return positives === 0 || negatives === 0 ? Number.NaN : pairs / (positives * negatives);
}

/** AUROC of each label. */
export function aurocByLabel(scored: Scored, weights?: ArrayLike<number>): number[] {
  const { scores, labels, labelCount } = scored;
  return Array.from({ length: labelCount }, (_, label) => {
    const column = (values: Float64Array): number[] =>
      Array.from({ length: values.length / labelCount }, (_row, row) => values[row * labelCount + label]!);
    return auroc(column(scores), column(labels), weights);
  });
}

/** Mean over the labels that have both positives and negatives. */
export function macroAuroc(scored: Scored, weights?: ArrayLike<number>): number {
  const known = aurocByLabel(scored, weights).filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

export type BootstrapAuroc = {
  readonly macro: Readonly<Record<string, Interval>>;
  /** Of the first method minus each other one, on the same resamples. */
  readonly firstMinus: Readonly<Record<string, Interval>>;
};

/** 95% percentile intervals over resampled patients. All methods must score the same recordings. */
export function bootstrapAuroc(
  methods: Readonly<Record<string, Scored>>,
  options: { readonly seed: number; readonly replicates?: number },
): BootstrapAuroc {
  const names = Object.keys(methods);
  const [first = ""] = names;
  const { patientIds } = methods[first]!;
  const patients = [...new Set(patientIds)];
  const rowsOf = new Map(patients.map((patient) => [patient, [] as number[]]));
  for (const [row, patient] of patientIds.entries()) rowsOf.get(patient)!.push(row);
  const rng = createRng(options.seed).fork("auroc");
  const samples: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let replicate = 0; replicate < (options.replicates ?? 1000); replicate++) {
    const weights = new Float64Array(patientIds.length);
    for (let draw = 0; draw < patients.length; draw++) {
      for (const row of rowsOf.get(rng.pick(patients))!) weights[row]!++;
    }
    for (const name of names) samples[name]!.push(macroAuroc(methods[name]!, weights));
  }
  const whole = Object.fromEntries(names.map((name) => [name, macroAuroc(methods[name]!)]));
  const others = names.filter((name) => name !== first);
  const difference = (name: string): number[] =>
    samples[first]!.map((value, i) => value - samples[name]![i]!);
  return {
    macro: Object.fromEntries(names.map((name) => [name, intervalOf(whole[name]!, samples[name]!)])),
    firstMinus: Object.fromEntries(
      others.map((name) => [name, intervalOf(whole[first]! - whole[name]!, difference(name))]),
    ),
  };
}

function intervalOf(mean: number, samples: readonly number[]): Interval {
  const sorted = samples.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { mean, low: at(0.025), high: at(0.975) };
}
