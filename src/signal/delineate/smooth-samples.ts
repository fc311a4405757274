// Running means and slopes on plain samples: the smoothing that delineation is built from.

/**
 * Centred running mean over `2 * halfWidth + 1` samples; at the ends the window shrinks symmetrically to what is
 * there, so that a constant stays a constant. Input is not modified. Cost does not depend on the width.
 */
export function boxSmooth(x: Float64Array, halfWidth: number): Float64Array {
  return boxSmoothInto(x, new Float64Array(x.length), halfWidth);
}

function boxSmoothInto(x: Float64Array, out: Float64Array, halfWidth: number): Float64Array {
  const n = x.length;
  const h = Math.min(halfWidth, (n - 1) >> 1);
  if (h < 1) {
    out.set(x);
    return out;
  }
  const width = 2 * h + 1;
  const scale = 1 / width;
  let sum = 0;
  for (let i = 0; i < width; i++) sum += x[i]!;
  out[h] = sum * scale;
  for (let i = width; i < n; i++) {
    sum += x[i]! - x[i - width]!;
    out[i - h] = sum * scale;
  }
  let left = x[0]!;
  let right = x[n - 1]!;
  out[0] = left;
  out[n - 1] = right;
  for (let i = 1; i < h; i++) {
    left += x[2 * i]! + x[2 * i - 1]!;
    out[i] = left / (2 * i + 1);
    right += x[n - 1 - 2 * i]! + x[n - 2 * i]!;
    out[n - 1 - i] = right / (2 * i + 1);
  }
  return out;
}

/**
 * Near-Gaussian smoothing: three running means of the same width. Standard deviation in samples is
 * `sqrt(((2 h + 1)^2 - 1) / 4)` for half-width h (1.4 for h = 1, 2.4 for 2, 5.5 for 5).
 */
export function gaussianSmooth(x: Float64Array, halfWidth: number): Float64Array {
  const first = boxSmooth(x, halfWidth);
  const second = boxSmooth(first, halfWidth);
  return boxSmoothInto(second, first, halfWidth);
}

/** Central difference in units per second; one-sided at the ends, 0 for fewer than two samples. */
export function slopePerSecond(x: Float64Array, samplingRateHz: number): Float64Array {
  const n = x.length;
  const out = new Float64Array(n);
  if (n < 2) return out;
  const half = samplingRateHz / 2;
  for (let i = 1; i < n - 1; i++) out[i] = (x[i + 1]! - x[i - 1]!) * half;
  out[0] = (x[1]! - x[0]!) * samplingRateHz;
  out[n - 1] = (x[n - 1]! - x[n - 2]!) * samplingRateHz;
  return out;
}

/** The q-quantile (0 to 1, linear between ranks) of finite numbers; NaN for none. Input is not modified. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** The middle value; NaN for none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
