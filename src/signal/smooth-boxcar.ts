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
  // Start, middle and end apart: only the ends need to look where the window stands.
  const middleFrom = Math.min(last + 1, before + 1);
  const middleTo = Math.max(middleFrom, last + 1 - after);
  for (let i = 1; i < middleFrom; i++) {
    sum += x[Math.min(last, i + after)]! - x[0]!;
    out[i] = sum / size;
  }
  for (let i = middleFrom; i < middleTo; i++) {
    sum += x[i + after]! - x[i - 1 - before]!;
    out[i] = sum / size;
  }
  for (let i = middleTo; i <= last; i++) {
    sum += x[last]! - x[i - 1 - before]!;
    out[i] = sum / size;
  }
  return out;
}
