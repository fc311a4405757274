// A moving average forward and backward over a signal, as scipy.signal.filtfilt with ones / n.
import { extendOdd } from "./extend-odd.ts";

/**
 * Average over `taps` samples forward, then backward: a triangular smoother without phase shift that is zero at
 * every multiple of samplingRateHz / taps.
 *
 * Shape: (samples) -> (samples). Ends are extended by point reflection over 3 * taps samples (all there are in a
 * shorter signal, where scipy refuses); each pass starts settled. The input must hold no NaN.
 * Source: scipy 1.10 `filtfilt(ones(taps), [taps], x, method="pad")`. Golden: test/fixtures/signal/clean-*.
 */
export function averageZeroPhase(x: Float64Array, taps: number): Float64Array {
  const margin = Math.min(3 * taps, Math.max(0, x.length - 1));
  const extended = extendOdd(x, margin);
  const smoothed = averageBackward(averageForward(extended, taps), taps);
  return smoothed.slice(margin, margin + x.length);
}

/** Mean of each sample and the taps - 1 before it; before the start stands the first sample. */
function averageForward(x: Float64Array, taps: number): Float64Array {
  const out = new Float64Array(x.length);
  const first = x[0] ?? 0;
  let sum = first * taps;
  for (let i = 0; i < x.length; i++) {
    sum += x[i]! - (i < taps ? first : x[i - taps]!);
    out[i] = sum / taps;
  }
  return out;
}

/** Mean of each sample and the taps - 1 after it; beyond the end stands the last sample. */
function averageBackward(x: Float64Array, taps: number): Float64Array {
  const out = new Float64Array(x.length);
  const end = x.length - 1;
  const last = x[end] ?? 0;
  let sum = last * taps;
  for (let i = end; i >= 0; i--) {
    sum += x[i]! - (i > end - taps ? last : x[i + taps]!);
    out[i] = sum / taps;
  }
  return out;
}
