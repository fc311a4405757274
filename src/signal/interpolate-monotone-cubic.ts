// Values between knots by a cubic that never overshoots them, as scipy.interpolate.PchipInterpolator.
import { EcgError } from "../shared/errors.ts";

/**
 * Interpolate (xs, ys) at the whole numbers 0 .. count - 1; constant before the first and after the last knot.
 *
 * `xs` are ascending whole numbers, at least 2. Constant ends are NeuroKit2's `signal_interpolate`
 * ("monotone_cubic"); scipy alone would continue the outer cubics.
 * @throws EcgError SHAPE_MISMATCH on fewer than 2 knots or unequal lengths.
 * Source: Fritsch & Butland 1984 (weighted harmonic mean of slopes; one-sided three-point ends), scipy 1.10.
 */
export function interpolateMonotoneCubic(
  xs: Int32Array | readonly number[],
  ys: Float64Array,
  count: number,
): Float64Array {
  if (xs.length < 2 || xs.length !== ys.length) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `interpolateMonotoneCubic: expected at least 2 knots and as many values, got ${xs.length} and ${ys.length}`,
    );
  }
  const slopes = monotoneSlopes(xs, ys);
  const out = new Float64Array(count);
  const last = xs.length - 1;
  out.fill(ys[0]!, 0, xs[0]!);
  for (let k = 0; k < last; k++) {
    const width = xs[k + 1]! - xs[k]!;
    const rise = (ys[k + 1]! - ys[k]!) / width;
    const cubic = (slopes[k]! + slopes[k + 1]! - 2 * rise) / (width * width);
    const square = (rise - slopes[k]!) / width - cubic * width;
    const end = Math.min(count, xs[k + 1]!);
    for (let x = xs[k]!; x < end; x++) {
      const t = x - xs[k]!;
      out[x] = ys[k]! + t * (slopes[k]! + t * (square + t * cubic));
    }
  }
  out.fill(ys[last]!, xs[last]!);
  return out;
}

function monotoneSlopes(xs: Int32Array | readonly number[], ys: Float64Array): Float64Array {
  const last = xs.length - 1;
  const slopes = new Float64Array(xs.length);
  const width = (k: number): number => xs[k + 1]! - xs[k]!;
  const rise = (k: number): number => (ys[k + 1]! - ys[k]!) / width(k);
  if (last === 1) return slopes.fill(rise(0));
  for (let k = 1; k < last; k++) {
    const before = rise(k - 1);
    const after = rise(k);
    if (Math.sign(before) !== Math.sign(after) || before === 0 || after === 0) continue;
    const weightBefore = 2 * width(k) + width(k - 1);
    const weightAfter = width(k) + 2 * width(k - 1);
    slopes[k] = (weightBefore + weightAfter) / (weightBefore / before + weightAfter / after);
  }
  slopes[0] = endSlope(width(0), width(1), rise(0), rise(1));
  slopes[last] = endSlope(width(last - 1), width(last - 2), rise(last - 1), rise(last - 2));
  return slopes;
}

/** One-sided three-point slope, held back so that the end piece keeps the shape of its data. */
function endSlope(width0: number, width1: number, rise0: number, rise1: number): number {
  const slope = ((2 * width0 + width1) * rise0 - width0 * rise1) / (width0 + width1);
  if (Math.sign(slope) !== Math.sign(rise0)) return 0;
  if (Math.sign(rise0) !== Math.sign(rise1) && Math.abs(slope) > 3 * Math.abs(rise0)) return 3 * rise0;
  return slope;
}
