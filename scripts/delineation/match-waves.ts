// Hold detected waves against annotated ones: which were found, and how far off their boundaries are.
import type { WaveBounds } from "../../src/signal/delineate/wave-boundaries.ts";
import type { WaveBoundary } from "../../src/sources/ludb/group-wave-boundaries.ts";

/** Peaks further apart than this are different waves (ANSI/AAMI EC57's window for beats). */
export const MATCH_WINDOW_MS = 150;

export const EDGES = ["onset", "peak", "offset"] as const;
export type Edge = (typeof EDGES)[number];

/** Errors are detected minus annotated, ms. */
export class WaveTally {
  found = 0;
  missed = 0;
  extra = 0;
  readonly errorsMs: Record<Edge, number[]> = { onset: [], peak: [], offset: [] };

  get sensitivity(): number {
    return this.found / (this.found + this.missed);
  }

  get predictivity(): number {
    return this.found / (this.found + this.extra);
  }

  /**
   * Match one to one, nearest peaks first. Only what lies between `span` counts as extra: the annotators left out the
   * first and last beats.
   */
  add(
    annotated: readonly WaveBoundary[],
    detected: readonly WaveBounds[],
    options: { readonly samplingRateHz: number; readonly span: readonly [number, number] },
  ): void {
    const toMs = 1000 / options.samplingRateHz;
    const pairs = annotated
      .flatMap((truth, a) =>
        detected.map((wave, d) => ({ a, d, distance: Math.abs(wave.peak - truth.peakSample) * toMs })),
      )
      .filter(({ distance }) => distance <= MATCH_WINDOW_MS)
      .sort((x, y) => x.distance - y.distance);
    const usedTruth = new Set<number>();
    const usedWaves = new Set<number>();
    for (const { a, d } of pairs) {
      if (usedTruth.has(a) || usedWaves.has(d)) continue;
      usedTruth.add(a);
      usedWaves.add(d);
      const truth = annotated[a];
      const wave = detected[d];
      if (truth === undefined || wave === undefined) continue;
      this.errorsMs.peak.push((wave.peak - truth.peakSample) * toMs);
      if (truth.onsetSample !== undefined) this.errorsMs.onset.push((wave.onset - truth.onsetSample) * toMs);
      if (truth.offsetSample !== undefined)
        this.errorsMs.offset.push((wave.offset - truth.offsetSample) * toMs);
    }
    this.found += usedTruth.size;
    this.missed += annotated.length - usedTruth.size;
    this.extra += detected.filter(
      ({ peak }, d) => !usedWaves.has(d) && peak >= options.span[0] && peak <= options.span[1],
    ).length;
  }
}

/** Mean and standard deviation (n - 1); NaN for none. */
export function meanAndSd(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

/** Middle of the sorted values (mean of the two middle ones). */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? Number.NaN)
    : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}
