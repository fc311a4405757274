// The zero-phase high-pass against its closed-form response.
import { describe, expect, it } from "vitest";
import { removeWander } from "../../../src/signal/delineate/remove-wander.ts";

const RATE = 500;
const sine = (hz: number): Float64Array =>
  Float64Array.from({ length: 20 * RATE }, (_, i) => Math.sin((2 * Math.PI * hz * i) / RATE));

/** Squared magnitude of the second-order Butterworth high-pass with bilinear frequencies. */
function gain(hz: number, cornerHz: number): number {
  const ratio = Math.tan((Math.PI * hz) / RATE) / Math.tan((Math.PI * cornerHz) / RATE);
  return ratio ** 4 / (1 + ratio ** 4);
}

describe("removeWander", () => {
  it.each([0.2, 0.5, 1, 5])("passes %f Hz with the squared Butterworth gain and no delay", (hz) => {
    const x = sine(hz);
    const y = removeWander(x, RATE, 0.5);
    const middle = [9, 9.5, 10, 10.3, 11].map((second) => Math.round(second * RATE));
    expect(middle.map((i) => y[i]!)).toBeAllClose(
      middle.map((i) => gain(hz, 0.5) * x[i]!),
      { atol: 2e-3 },
    );
  });
  it("takes a constant and a ramp away", () => {
    const ramp = Float64Array.from({ length: 3000 }, (_, i) => 4 + i / 1000);
    expect(removeWander(new Float64Array(3000).fill(4), RATE, 0.5)).toBeAllClose(new Float64Array(3000), {
      atol: 1e-9,
    });
    const left = removeWander(ramp, RATE, 0.5).subarray(1000, 2000);
    expect(left).toBeAllClose(new Float64Array(1000), { atol: 5e-3 });
  });
  it("is linear", () => {
    const a = sine(0.4);
    const b = sine(3);
    const sum = a.map((value, i) => 2 * value - b[i]!);
    const parts = [removeWander(a, RATE, 0.5), removeWander(b, RATE, 0.5)];
    expect(removeWander(sum, RATE, 0.5)).toBeAllClose(
      parts[0]!.map((value, i) => 2 * value - parts[1]![i]!),
      { atol: 1e-9 },
    );
  });
  it("gives zeros for fewer than three samples", () => {
    expect([...removeWander(Float64Array.of(1, 2), RATE, 0.5)]).toEqual([0, 0]);
  });
});
