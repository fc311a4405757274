// Baseline wander out of one lead without shifting a wave: a gentle zero-phase high-pass.

/**
 * Second-order Butterworth high-pass run forwards and backwards (so the phase is zero and the attenuation at the
 * corner is 6 dB), with two seconds of odd reflection at the ends.
 *
 * A corner of 0.5 Hz is what AHA/ACC/HRS (Kligfield et al. 2007, part I, section "Low-frequency filtering") allow for zero-phase
 * filters (up to 0.67 Hz) without a falsified ST segment. Shape: (samples) -> (samples); input is not modified.
 */
export function removeWander(x: Float64Array, samplingRateHz: number, cornerHz: number): Float64Array {
  const n = x.length;
  if (n < 3) return new Float64Array(n);
  const pad = Math.min(n - 1, Math.round(2 * samplingRateHz));
  const work = oddReflection(x, pad);
  const filter = highPass(cornerHz, samplingRateHz);
  runInPlace(work, filter);
  work.reverse();
  runInPlace(work, filter);
  work.reverse();
  return work.slice(pad, pad + n);
}

type Biquad = { readonly b0: number; readonly b1: number; readonly a1: number; readonly a2: number };

/** Bilinear transform of the second-order Butterworth high-pass; b2 equals b0. */
function highPass(cornerHz: number, samplingRateHz: number): Biquad {
  const k = Math.tan((Math.PI * cornerHz) / samplingRateHz);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  return { b0: norm, b1: -2 * norm, a1: 2 * (k * k - 1) * norm, a2: (1 - Math.SQRT2 * k + k * k) * norm };
}

function oddReflection(x: Float64Array, pad: number): Float64Array {
  const n = x.length;
  const out = new Float64Array(n + 2 * pad);
  out.set(x, pad);
  for (let i = 1; i <= pad; i++) {
    out[pad - i] = 2 * x[0]! - x[i]!;
    out[pad + n - 1 + i] = 2 * x[n - 1]! - x[n - 1 - i]!;
  }
  return out;
}

/** Direct form II transposed, started in the steady state of a constant equal to the first sample (output 0). */
function runInPlace(x: Float64Array, { b0, b1, a1, a2 }: Biquad): void {
  const start = x[0]!;
  let z1 = -b0 * start;
  let z2 = b0 * start;
  for (let i = 0; i < x.length; i++) {
    const input = x[i]!;
    const output = b0 * input + z1;
    z1 = b1 * input - a1 * output + z2;
    z2 = b0 * input - a2 * output;
    x[i] = output;
  }
}
