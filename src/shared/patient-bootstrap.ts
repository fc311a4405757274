// Bootstrap intervals that resample patients, not items: items of one patient are not independent.
import { createRng } from "./rng.ts";

/** A cell smaller than this supports no claim (design 4.8). */
export const MIN_PATIENTS = 30;
export const MIN_ITEMS = 100;

export type ScoredItem = { readonly patientId: string; readonly value: number };

export type Estimate = {
  readonly mean: number;
  /** 95% percentile interval. */
  readonly low: number;
  readonly high: number;
  readonly items: number;
  readonly patients: number;
  /** True when there are fewer than 30 patients or 100 items. */
  readonly tooSmall: boolean;
};

export type BootstrapOptions = { readonly seed: number; readonly replicates?: number };

/** Mean of item values with a patient-clustered 95% interval (percentile method, 2,000 replicates unless told). */
export function bootstrapMean(items: readonly ScoredItem[], options: BootstrapOptions): Estimate {
  const clusters = clusterByPatient(items);
  const replicates = resampleMeans(clusters, options);
  return {
    mean: items.length === 0 ? Number.NaN : items.reduce((sum, item) => sum + item.value, 0) / items.length,
    low: quantile(replicates, 0.025),
    high: quantile(replicates, 0.975),
    items: items.length,
    patients: clusters.length,
    tooSmall: clusters.length < MIN_PATIENTS || items.length < MIN_ITEMS,
  };
}

type Cluster = { readonly sum: number; readonly count: number };

function clusterByPatient(items: readonly ScoredItem[]): Cluster[] {
  const clusters = new Map<string, { sum: number; count: number }>();
  for (const { patientId, value } of items) {
    const cluster = clusters.get(patientId) ?? { sum: 0, count: 0 };
    cluster.sum += value;
    cluster.count++;
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

/** Linear interpolation between order statistics of sorted values; NaN for none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
