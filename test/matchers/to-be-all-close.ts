// expect(actual).toBeAllClose(expected, { atol, rtol }): reports the worst element and where it is.
import { expect } from "vitest";

type Tolerance = { readonly atol?: number; readonly rtol?: number };

expect.extend({
  toBeAllClose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = {}) {
    const { atol = 0, rtol = 0 } = tolerance;
    if (received.length !== expected.length) {
      return {
        pass: false,
        message: () => `expected ${expected.length} values, got ${received.length}`,
      };
    }
    let worstIndex = -1;
    let worstExcess = 0;
    for (let i = 0; i < expected.length; i++) {
      const want = Number(expected[i]);
      const got = Number(received[i]);
      if (Number.isNaN(want) && Number.isNaN(got)) continue;
      const excess =
        Number.isNaN(want) || Number.isNaN(got)
          ? Number.POSITIVE_INFINITY
          : Math.abs(got - want) - atol - rtol * Math.abs(want);
      if (got !== want && excess > worstExcess) {
        worstExcess = excess;
        worstIndex = i;
      }
    }
    return {
      pass: worstIndex < 0,
      message: () =>
        worstIndex < 0
          ? `all ${expected.length} values are within atol ${atol}, rtol ${rtol}`
          : `worst at [${worstIndex}]: expected ${expected[worstIndex]}, got ${received[worstIndex]} (atol ${atol}, rtol ${rtol})`,
    };
  },
});

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is fixed by vitest's own declaration
  interface Matchers<T = any> {
    toBeAllClose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}
