// A cascade of second-order sections forward and backward over a signal, as scipy.signal.sosfiltfilt.
import type { SecondOrderSection } from "./butterworth-highpass.ts";
import { extendOdd } from "./extend-odd.ts";

/**
 * Filter forward and backward: no phase shift, the squared magnitude of one pass.
 *
 * Shape: (samples) -> (samples). Both ends are extended by point reflection over 3 times the filter's order
 * (18 samples for a 5th-order filter; all there are in a shorter signal, where scipy refuses) and the filter
 * starts settled on the first value. The input is not modified and must hold no NaN.
 * Source: scipy 1.10 `sosfiltfilt(sos, x)`. Golden: test/fixtures/signal/clean-*.
 */
export function filterSectionsZeroPhase(
  sections: readonly SecondOrderSection[],
  x: Float64Array | Float32Array,
): Float64Array {
  // scipy's padlen: sections of first order count once.
  const firstOrder = Math.min(
    sections.filter((section) => section.b2 === 0).length,
    sections.filter((section) => section.a2 === 0).length,
  );
  const margin = Math.min(3 * (2 * sections.length + 1 - firstOrder), Math.max(0, x.length - 1));
  const extended = extendOdd(x, margin);
  filterInPlace(sections, extended, "forward");
  filterInPlace(sections, extended, "backward");
  return extended.slice(margin, margin + x.length);
}

/** Does nothing to a signal. */
const IDENTITY: SecondOrderSection = { b0: 1, b1: 0, b2: 0, a1: 0, a2: 0 };

/** One pass of all sections, three at a time (a 5th-order filter has three), so that the data is read once. */
function filterInPlace(
  sections: readonly SecondOrderSection[],
  data: Float64Array,
  direction: "forward" | "backward",
): void {
  let level = (direction === "forward" ? data[0] : data[data.length - 1]) ?? 0;
  for (let k = 0; k < sections.length; k += 3) {
    const cascade = [
      sections[k] ?? IDENTITY,
      sections[k + 1] ?? IDENTITY,
      sections[k + 2] ?? IDENTITY,
    ] as const;
    level = runCascade(cascade, data, direction === "forward" ? 1 : -1, level);
  }
}

/**
 * Three sections in transposed direct form II over the data in place, started in the state of an input that was
 * always `level`. Returns the level that such an input settles on. Local variables instead of arrays keep the
 * states in registers: this loop is most of the cost of cleaning a lead.
 */
function runCascade(
  cascade: readonly [SecondOrderSection, SecondOrderSection, SecondOrderSection],
  data: Float64Array,
  step: 1 | -1,
  level: number,
): number {
  const [first, second, third] = cascade;
  const { b0: pb0, b1: pb1, b2: pb2, a1: pa1, a2: pa2 } = first;
  const { b0: qb0, b1: qb1, b2: qb2, a1: qa1, a2: qa2 } = second;
  const { b0: rb0, b1: rb1, b2: rb2, a1: ra1, a2: ra2 } = third;
  const pLevel = settledLevel(first, level);
  const qLevel = settledLevel(second, pLevel);
  const rLevel = settledLevel(third, qLevel);
  let p1 = pb2 * level - pa2 * pLevel;
  let p0 = pb1 * level - pa1 * pLevel + p1;
  let q1 = qb2 * pLevel - qa2 * qLevel;
  let q0 = qb1 * pLevel - qa1 * qLevel + q1;
  let r1 = rb2 * qLevel - ra2 * rLevel;
  let r0 = rb1 * qLevel - ra1 * rLevel + r1;
  for (let n = 0, i = step === 1 ? 0 : data.length - 1; n < data.length; n++, i += step) {
    const x = data[i]!;
    const p = pb0 * x + p0;
    p0 = pb1 * x - pa1 * p + p1;
    p1 = pb2 * x - pa2 * p;
    const q = qb0 * p + q0;
    q0 = qb1 * p - qa1 * q + q1;
    q1 = qb2 * p - qa2 * q;
    const r = rb0 * q + r0;
    r0 = rb1 * q - ra1 * r + r1;
    r1 = rb2 * q - ra2 * r;
    data[i] = r;
  }
  return rLevel;
}

/** What a section makes of a constant: its gain at 0 Hz times that. */
function settledLevel({ b0, b1, b2, a1, a2 }: SecondOrderSection, level: number): number {
  return (level * (b0 + b1 + b2)) / (1 + a1 + a2);
}
