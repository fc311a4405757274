// The low-pass of polyphase resampling: a sinc under a Kaiser window, as scipy.signal.firwin designs it.

/** Kaiser's beta of scipy.signal.resample_poly: about 50 dB of stop-band attenuation. */
const KAISER_BETA = 5;

/** Zero crossings of the sinc on either side of its centre, scipy's choice. */
const HALF_WIDTH_IN_CROSSINGS = 10;

/**
 * Taps of the anti-alias and anti-image low-pass for resampling by `up / down` (coprime).
 *
 * Shape: 20 * max(up, down) + 1 taps, symmetric about the middle one, cut-off 1 / max(up, down) of the
 * Nyquist rate of the upsampled signal, unit gain at 0 Hz times `up` (which makes up for the stuffed zeros).
 * Source: scipy 1.10 `firwin(2 * half + 1, 1 / max(up, down), window=("kaiser", 5.0)) * up`.
 */
export function designResampleTaps(up: number, down: number): Float64Array {
  const maxRate = Math.max(up, down);
  const half = HALF_WIDTH_IN_CROSSINGS * maxRate;
  const taps = new Float64Array(2 * half + 1);
  const windowScale = 1 / besselI0(KAISER_BETA);
  let sum = 0;
  for (let i = 0; i < taps.length; i++) {
    const offset = i - half;
    const window = besselI0(KAISER_BETA * Math.sqrt(1 - (offset / half) ** 2)) * windowScale;
    const tap = sinc(offset / maxRate) * window;
    taps[i] = tap;
    sum += tap;
  }
  for (let i = 0; i < taps.length; i++) taps[i]! *= up / sum;
  return taps;
}

/** sin(pi x) / (pi x), exactly 0 at the other whole numbers (floating sine leaves 1e-17 there). */
function sinc(x: number): number {
  if (x === 0) return 1;
  return Number.isInteger(x) ? 0 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of order 0 by its power series; terms fall below 1e-17 before the 30th for x <= 5. */
function besselI0(x: number): number {
  const quarterSquare = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarterSquare / (k * k);
    sum += term;
  }
  return sum;
}
