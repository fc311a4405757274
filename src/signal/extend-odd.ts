// Longer ends for zero-phase filters: the signal mirrored through its first and last sample.

/**
 * Add `margin` samples at both ends by point reflection (2 x[0] - x[k]), so that level and slope go on.
 *
 * Shape: (samples) -> (samples + 2 margin); `margin` must be below the number of samples (0 for an empty signal).
 * Source: scipy 1.10 `odd_ext`.
 */
export function extendOdd(x: Float64Array | Float32Array, margin: number): Float64Array {
  const last = x.length - 1;
  const out = new Float64Array(x.length + 2 * margin);
  out.set(x, margin);
  for (let k = 1; k <= margin; k++) {
    out[margin - k] = 2 * x[0]! - x[k]!;
    out[margin + last + k] = 2 * x[last]! - x[last - k]!;
  }
  return out;
}
