// PR, QRS, QT and P duration of a recording from its annotations, by the rules that measureIntervals follows.
import type { WaveBoundary } from "../../src/sources/ludb/group-wave-boundaries.ts";
import type { AnnotatedRecord } from "./ludb-halves.ts";
import { medianOf } from "./match-waves.ts";

const LEAST_LEADS = 6;
const LEAST_BEATS = 2;
const EARLY = 0.2;

export type AnnotatedIntervals = {
  readonly pDurationMs: number | null;
  readonly prMs: number | null;
  readonly qrsMs: number | null;
  readonly qtMs: number | null;
};

/**
 * Medians over the beats. Within a beat: early onsets and late ends over the leads (20% and 80% quantiles), T ends at
 * the median. A beat counts where six leads show the wave; a recording where two beats do.
 */
export function annotatedIntervals({ boundaries, samplingRateHz }: AnnotatedRecord): AnnotatedIntervals {
  const toMs = 1000 / samplingRateHz;
  const found = { p: [] as number[], pr: [] as number[], qrs: [] as number[], qt: [] as number[] };
  const beats =
    boundaries.find(({ lead }) => lead === "II")?.waves.filter(({ wave }) => wave === "QRS") ?? [];
  for (const { peakSample } of beats) {
    const near = (wave: WaveBoundary["wave"], fromMs: number, toMsAfter: number): WaveBoundary[] =>
      boundaries.flatMap(({ waves }) => {
        const hit = waves.find(
          (other) =>
            other.wave === wave &&
            (other.peakSample - peakSample) * toMs > fromMs &&
            (other.peakSample - peakSample) * toMs < toMsAfter,
        );
        return hit ? [hit] : [];
      });
    const onsets = (waves: readonly WaveBoundary[]): number[] =>
      waves.flatMap(({ onsetSample }) => onsetSample ?? []);
    const ends = (waves: readonly WaveBoundary[]): number[] =>
      waves.flatMap(({ offsetSample }) => offsetSample ?? []);
    const qrs = near("QRS", -100, 100);
    const p = near("P", -360, 0);
    const t = near("T", 60, 600);
    if (onsets(qrs).length < LEAST_LEADS) continue;
    const onset = quantileOf(onsets(qrs), EARLY);
    if (ends(qrs).length >= LEAST_LEADS) found.qrs.push((quantileOf(ends(qrs), 1 - EARLY) - onset) * toMs);
    if (onsets(p).length >= LEAST_LEADS) {
      found.pr.push((onset - quantileOf(onsets(p), EARLY)) * toMs);
      found.p.push((quantileOf(ends(p), 1 - EARLY) - quantileOf(onsets(p), EARLY)) * toMs);
    }
    if (ends(t).length >= LEAST_LEADS) found.qt.push((medianOf(ends(t)) - onset) * toMs);
  }
  const over = (values: readonly number[]): number | null =>
    values.length < LEAST_BEATS ? null : medianOf(values);
  return { pDurationMs: over(found.p), prMs: over(found.pr), qrsMs: over(found.qrs), qtMs: over(found.qt) };
}

function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
