import { describe, expect, it } from "vitest";
import { createRng, restoreRng } from "../../src/shared/rng.ts";

describe("rng", () => {
  it("repeats for a seed, differs between seeds and forks", () => {
    const first = Array.from({ length: 5 }, createRng(7).next);
    expect(Array.from({ length: 5 }, createRng("7").next)).toEqual(first);
    expect(Array.from({ length: 5 }, createRng(8).next)).not.toEqual(first);
    expect(createRng(7).fork("a").next()).not.toBe(createRng(7).fork("b").next());
  });

  it("continues from a saved state", () => {
    const rng = createRng("resume");
    rng.next();
    const state = rng.state();
    const rest = [rng.next(), rng.normal(), rng.integer(100)];
    const again = restoreRng(state);
    expect([again.next(), again.normal(), again.integer(100)]).toEqual(rest);
  });

  it("is uniform and normal: mean and variance of 200,000 draws", () => {
    const rng = createRng(1);
    let sum = 0;
    let normalSum = 0;
    let normalSquares = 0;
    const n = 200_000;
    for (let i = 0; i < n; i++) {
      sum += rng.next();
      const z = rng.normal();
      normalSum += z;
      normalSquares += z * z;
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(normalSum / n)).toBeLessThan(0.01);
    expect(Math.abs(normalSquares / n - 1)).toBeLessThan(0.02);
  });

  it("shuffles without losing a value", () => {
    const shuffled = createRng(3).shuffle([1, 2, 3, 4, 5, 6]);
    expect([...shuffled].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => createRng(3).pick([])).toThrow("got 0 values");
  });
});
