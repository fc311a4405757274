// Centred moving average with held ends, as scipy.ndimage.uniform_filter1d(mode="nearest").

/**
 * Mean over `size` samples around each sample; beyond the ends stand the first and the last one.
 *
 * Shape: (samples) -> (samples). An even window reaches one sample further back than forward:
 * size 188 covers i - 94 to i + 93. `size` >= 1.
 * Source: scipy 1.10 `uniform_filter1d(x, size, mode="nearest")`, with its running sum.
 */
export function smoothBoxcar(x: Float64Array, size: number): Float64Array {
  const out = new Float64Array(x.length);
  const last = x.length - 1;
  if (last < 0) return out;
  const before = Math.floor(size / 2);
  const after = size - before - 1;
  let sum = 0;
  for (let k = -before; k <= after; k++) sum += x[Math.min(last, Math.max(0, k))]!;
  out[0] = sum / size;
  for (let i = 1; i <= last; i++) {
    sum += x[Math.min(last, i + after)]! - x[Math.max(0, i - 1 - before)]!;
    out[i] = sum / size;
  }
  return out;
}
