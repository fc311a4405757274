// Butterworth high-pass of any order and rate as second-order sections, designed here (no tables).
import { EcgError } from "../shared/errors.ts";

/** One section of a filter in cascade: y = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2) x. */
export type SecondOrderSection = {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
};

export type HighpassOptions = {
  readonly order: number;
  /** Frequency of -3 dB (for one pass). */
  readonly cutoffHz: number;
  readonly samplingRateHz: number;
};

/**
 * Sections of a digital Butterworth high-pass (bilinear transform, cut-off pre-warped).
 *
 * The sections go from the pole pair farthest from the unit circle to the nearest, a single real pole first;
 * the gain sits in the first section. That is the arrangement of `scipy.signal.butter(order, cutoff, "highpass",
 * output="sos", fs=rate)`, so that even start-up transients agree.
 * @throws EcgError INVALID_OPTION unless order >= 1 is an integer and 0 < cutoffHz < samplingRateHz / 2.
 * Source: Oppenheim & Schafer, Discrete-Time Signal Processing, 7.1-7.2. Golden: test/fixtures/signal/clean-*.
 */
export function butterworthHighpass(options: HighpassOptions): SecondOrderSection[] {
  const { order, cutoffHz, samplingRateHz } = options;
  if (!Number.isInteger(order) || order < 1) {
    throw new EcgError("INVALID_OPTION", `butterworthHighpass: expected an integer order >= 1, got ${order}`);
  }
  if (!(cutoffHz > 0) || !(cutoffHz < samplingRateHz / 2)) {
    throw new EcgError(
      "INVALID_OPTION",
      `butterworthHighpass: expected 0 < cutoffHz < samplingRateHz / 2, got ${cutoffHz} at ${samplingRateHz} Hz`,
      { hint: "give the rate of the signal in Hz", details: { cutoffHz, samplingRateHz } },
    );
  }
  // Analogue poles: the low-pass poles on the left unit half-circle are mirrored at it (s -> w / s) and moved to
  // z = (1 + s) / (1 - s) with s in units of twice the sampling rate. Zeros: all at z = 1 (0 Hz).
  const warped = Math.tan((Math.PI * cutoffHz) / samplingRateHz);
  let gain = 1;
  const sections: SecondOrderSection[] = [];
  // angle 0 is the real pole of an odd order; larger angles lie nearer to the unit circle.
  for (let m = order % 2 === 1 ? 0 : 1; m < order; m += 2) {
    const angle = (Math.PI * m) / (2 * order);
    const re = -warped * Math.cos(angle);
    const im = warped * Math.sin(angle);
    const norm = (1 - re) ** 2 + im ** 2;
    if (m === 0) {
      const pole = (1 + re) / (1 - re);
      sections.push({ b0: 1, b1: -1, b2: 0, a1: -pole, a2: 0 });
      gain /= 1 - re;
    } else {
      const a1 = (-2 * (1 - re ** 2 - im ** 2)) / norm;
      sections.push({ b0: 1, b1: -2, b2: 1, a1, a2: ((1 + re) ** 2 + im ** 2) / norm });
      gain /= norm;
    }
  }
  const [first, ...rest] = sections as [SecondOrderSection, ...SecondOrderSection[]];
  return [{ ...first, b0: first.b0 * gain, b1: first.b1 * gain, b2: first.b2 * gain }, ...rest];
}
