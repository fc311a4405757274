// The samples of one lead as polylines on a strip: windowed, thinned within a tolerance, clipped, cut at gaps.
import { type Strip, stripX, stripY } from "./display-list.ts";

/** Deviation in mm that thinning may cause: a hundredth of a small square, 1 uV at 10 mm/mV. */
export const THINNING_MM = 0.01;

export type TraceRuns = {
  /** x0, y0, x1, y1, ... in mm, one array for each stretch without a gap. */
  readonly runs: Float32Array[];
  /** Something lay outside the clip box. */
  readonly clipped: boolean;
};

/**
 * Polylines of the samples that a strip shows.
 *
 * `samples` is the whole lead in mV at `samplingRateHz`, sample 0 at second 0. Non-finite samples leave a gap;
 * one finite sample between two gaps becomes a run of one point. Both ends are interpolated to the strip's
 * edges where the record goes on. Points are left out while the line stays within {@link THINNING_MM}
 * vertically of every sample (cone method, so peaks are kept).
 */
export function traceRuns(samples: ArrayLike<number>, strip: Strip, samplingRateHz: number): TraceRuns {
  const runs: Float32Array[] = [];
  let clipped = false;
  for (const run of finiteRuns(samples, strip, samplingRateHz)) {
    const thinned = thinPolyline(run, THINNING_MM);
    const parts = clipPolylineY(thinned, strip.clip.yMm, strip.clip.yMm + strip.clip.heightMm);
    clipped ||= parts.length !== 1 || parts[0] !== thinned;
    runs.push(...parts.map((part) => Float32Array.from(part)));
  }
  return { runs, clipped };
}

/** First and last sample inside [startSeconds, startSeconds + durationSeconds], last inclusive, within the lead. */
export function sampleWindow(
  strip: Pick<Strip, "startSeconds" | "durationSeconds">,
  samplingRateHz: number,
  sampleCount: number,
): { first: number; last: number } {
  const first = Math.ceil(strip.startSeconds * samplingRateHz - 1e-6);
  const last = Math.floor((strip.startSeconds + strip.durationSeconds) * samplingRateHz + 1e-6);
  return { first: Math.max(0, first), last: Math.min(sampleCount - 1, last) };
}

/** The samples inside a window as a view. */
export function windowSamples(
  samples: Float32Array,
  window: Pick<Strip, "startSeconds" | "durationSeconds">,
  samplingRateHz: number,
): Float32Array {
  const { first, last } = sampleWindow(window, samplingRateHz, samples.length);
  return samples.subarray(first, Math.max(first, last + 1));
}

function finiteRuns(samples: ArrayLike<number>, strip: Strip, samplingRateHz: number): number[][] {
  const { first, last } = sampleWindow(strip, samplingRateHz, samples.length);
  const runs: number[][] = [];
  let run: number[] | undefined;
  const push = (seconds: number, amplitudeMv: number): void => {
    if (run === undefined) {
      run = [];
      runs.push(run);
    }
    run.push(stripX(strip, seconds), stripY(strip, amplitudeMv));
  };
  const pushEdge = (seconds: number): void => {
    const position = seconds * samplingRateHz;
    const before = Math.floor(position);
    const part = position - before;
    if (part < 1e-6 || part > 1 - 1e-6) return;
    const value = (samples[before] ?? Number.NaN) * (1 - part) + (samples[before + 1] ?? Number.NaN) * part;
    if (Number.isFinite(value)) push(seconds, value);
  };
  pushEdge(strip.startSeconds);
  for (let i = first; i <= last; i++) {
    const value = samples[i]!;
    if (Number.isFinite(value)) push(i / samplingRateHz, value);
    else run = undefined;
  }
  pushEdge(strip.startSeconds + strip.durationSeconds);
  return runs;
}

/**
 * Leave out points of a polyline whose x grows, keeping it within `tolerance` in y of every point left out.
 *
 * Greedy cone method: a point may end a segment while its slope from the segment's start lies inside the
 * doors (y +- tolerance) of all points between. First and last point are kept.
 */
export function thinPolyline(points: readonly number[], tolerance: number): number[] {
  const count = points.length >> 1;
  if (count <= 2) return [...points];
  const kept = [points[0]!, points[1]!];
  let anchorX = points[0]!;
  let anchorY = points[1]!;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 1; i < count; i++) {
    const x = points[2 * i]!;
    const y = points[2 * i + 1]!;
    const slope = (y - anchorY) / (x - anchorX);
    if (slope < low || slope > high) {
      anchorX = points[2 * i - 2]!;
      anchorY = points[2 * i - 1]!;
      kept.push(anchorX, anchorY);
      low = Number.NEGATIVE_INFINITY;
      high = Number.POSITIVE_INFINITY;
    }
    const run = x - anchorX;
    low = Math.max(low, (y - tolerance - anchorY) / run);
    high = Math.min(high, (y + tolerance - anchorY) / run);
  }
  kept.push(points[2 * count - 2]!, points[2 * count - 1]!);
  return kept;
}

/**
 * The parts of a polyline with top <= y <= bottom, cut exactly at the two lines.
 * @returns the same array, uncopied, when nothing lies outside.
 */
export function clipPolylineY(points: number[], top: number, bottom: number): number[][] {
  let inside = true;
  for (let i = 1; i < points.length; i += 2) inside &&= points[i]! >= top && points[i]! <= bottom;
  if (inside) return points.length === 0 ? [] : [points];
  const parts: number[][] = [];
  let part: number[] | undefined;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!];
    const [enter, leave] = insideRange(y0, y1, top, bottom);
    if (enter > leave) {
      part = undefined;
      continue;
    }
    if (part === undefined || enter > 0) {
      part = [x0 + enter * (x1 - x0), y0 + enter * (y1 - y0)];
      parts.push(part);
    }
    part.push(x0 + leave * (x1 - x0), y0 + leave * (y1 - y0));
    if (leave < 1) part = undefined;
  }
  return parts;
}

/** Range of t in [0, 1] for which y0 + t (y1 - y0) lies in [top, bottom]; empty when the first exceeds the second. */
function insideRange(y0: number, y1: number, top: number, bottom: number): [number, number] {
  if (y0 === y1) return y0 >= top && y0 <= bottom ? [0, 1] : [1, 0];
  const atTop = (top - y0) / (y1 - y0);
  const atBottom = (bottom - y0) / (y1 - y0);
  return [Math.max(0, Math.min(atTop, atBottom)), Math.min(1, Math.max(atTop, atBottom))];
}
