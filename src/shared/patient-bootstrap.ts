// Bootstrap intervals that resample patients, not items: items of one patient are not independent.
import { createRng } from "./rng.ts";

/** A cell smaller than this supports no claim (design 4.8). */
export const MIN_PATIENTS = 30;
export const MIN_ITEMS = 100;

export type ScoredItem = {
  readonly patientId: string;
  /** Of an item about two recordings of different patients: the second patient. */
  readonly otherPatientId?: string | undefined;
  readonly value: number;
  /** How much it counts beside the others. Default 1. */
  readonly weight?: number | undefined;
};

export type Estimate = {
  readonly mean: number;
  /** 95% interval. */
  readonly low: number;
  readonly high: number;
  readonly items: number;
  readonly patients: number;
  /** True when there are fewer than 30 patients or 100 items. */
  readonly tooSmall: boolean;
};

export type BootstrapOptions = { readonly seed: number; readonly replicates?: number };

/**
 * (Weighted) mean of item values with a patient-clustered 95% interval (percentile method, 2,000 replicates unless told).
 *
 * Items about two patients are clustered by the first; the interval is then widened about the mean by the ratio of
 * the dyadic standard error (any shared patient correlates two items) to the one-way one, where that is above 1.
 * No items: NaN throughout. One patient: the interval is the mean itself, and `tooSmall` says so.
 * Source: Cameron, Gelbach & Miller, JBES 29 (2011) 238; Aronow, Samii & Assenova, Political Analysis 23 (2015) 564.
 */
export function bootstrapMean(items: readonly ScoredItem[], options: BootstrapOptions): Estimate {
  const total = items.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const mean =
    items.length === 0
      ? Number.NaN
      : items.reduce((sum, { value, weight = 1 }) => sum + weight * value, 0) / total;
  const clusters = clusterByPatient(items);
  const replicates = resampleMeans(clusters, options);
  const widening = dyadicWidening(items, mean);
  const widen = (end: number): number => (widening === 1 ? end : mean + widening * (end - mean));
  const patients = new Set(items.flatMap((item) => [item.patientId, item.otherPatientId ?? item.patientId]));
  return {
    mean,
    low: widen(quantile(replicates, 0.025)),
    high: widen(quantile(replicates, 0.975)),
    items: items.length,
    patients: patients.size,
    tooSmall: patients.size < MIN_PATIENTS || items.length < MIN_ITEMS,
  };
}

/** `count` is the sum of the weights. */
type Cluster = { readonly sum: number; readonly count: number };

function clusterByPatient(items: readonly ScoredItem[]): Cluster[] {
  const clusters = new Map<string, { sum: number; count: number }>();
  for (const { patientId, value, weight = 1 } of items) {
    const cluster = clusters.get(patientId) ?? { sum: 0, count: 0 };
    cluster.sum += weight * value;
    cluster.count += weight;
    clusters.set(patientId, cluster);
  }
  return [...clusters.values()];
}

function resampleMeans(clusters: readonly Cluster[], options: BootstrapOptions): Float64Array {
  const { seed, replicates = 2000 } = options;
  const rng = createRng(seed).fork("bootstrap");
  const means = new Float64Array(clusters.length === 0 ? 0 : replicates);
  for (let replicate = 0; replicate < means.length; replicate++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < clusters.length; draw++) {
      const cluster = clusters[rng.integer(clusters.length)];
      sum += cluster?.sum ?? 0;
      count += cluster?.count ?? 0;
    }
    means[replicate] = sum / count;
  }
  return means.sort();
}

/**
 * Square root of dyadic over one-way cluster variance of the mean, at least 1; 1 where no item has two patients.
 * Dyadic: the sum of e_i e_j over all items i, j that share a patient, which is the sum of squared residual sums a
 * patient less that a pair of patients (counted with both).
 */
function dyadicWidening(items: readonly ScoredItem[], mean: number): number {
  const [first, either, pairs] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const add = (sums: Map<string, number>, key: string, value: number): void => {
    sums.set(key, (sums.get(key) ?? 0) + value);
  };
  for (const { patientId, otherPatientId, value, weight = 1 } of items) {
    const residual = weight * (value - mean);
    add(first, patientId, residual);
    add(either, patientId, residual);
    if (otherPatientId === undefined || otherPatientId === patientId) continue;
    add(either, otherPatientId, residual);
    add(pairs, [patientId, otherPatientId].sort().join("\u001f"), residual);
  }
  if (pairs.size === 0) return 1;
  const squares = (sums: ReadonlyMap<string, number>): number => {
    let total = 0;
    for (const sum of sums.values()) total += sum * sum;
    return total;
  };
  const [oneWay, dyadic] = [squares(first), squares(either) - squares(pairs)];
  return oneWay > 0 && dyadic > oneWay ? Math.sqrt(dyadic / oneWay) : 1;
}

/** Linear interpolation between order statistics of sorted values; NaN for none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
