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
  filterInPlace(sections, extended);
  extended.reverse();
  filterInPlace(sections, extended);
  extended.reverse();
  return extended.slice(margin, margin + x.length);
}

/** One pass, in transposed direct form II, started in the state of a signal that was always `data[0]`. */
function filterInPlace(sections: readonly SecondOrderSection[], data: Float64Array): void {
  let level = data[0] ?? 0;
  for (const { b0, b1, b2, a1, a2 } of sections) {
    const settled = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
    let state1 = level * b2 - settled * a2;
    let state0 = level * b1 - settled * a1 + state1;
    for (let i = 0; i < data.length; i++) {
      const input = data[i]!;
      const output = b0 * input + state0;
      state0 = b1 * input - a1 * output + state1;
      state1 = b2 * input - a2 * output;
      data[i] = output;
    }
    level = settled;
  }
}
