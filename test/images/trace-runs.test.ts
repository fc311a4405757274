// Thinning and clipping of polylines.
import { describe, expect, it } from "vitest";
import { clipPolylineY, thinPolyline } from "../../src/images/trace-runs.ts";
import { createRng } from "../../src/shared/rng.ts";

/** y of a polyline at x, by linear interpolation. */
function valueAt(points: readonly number[], x: number): number {
  for (let i = 0; i + 3 < points.length; i += 2) {
    if (x <= points[i + 2]!) {
      const part = (x - points[i]!) / (points[i + 2]! - points[i]!);
      return points[i + 1]! + part * (points[i + 3]! - points[i + 1]!);
    }
  }
  return Number.NaN;
}

describe("thinPolyline", () => {
  it("keeps corners and drops points on straight lines", () => {
    expect(thinPolyline([0, 0, 1, 1, 2, 2, 3, 1, 4, 0, 5, 0], 0.01)).toEqual([0, 0, 2, 2, 4, 0, 5, 0]);
    expect(thinPolyline([0, 1], 0.01)).toEqual([0, 1]);
  });

  it("stays within the tolerance of every point it drops", () => {
    const rng = createRng("thin");
    for (const tolerance of [0.01, 0.1, 1]) {
      const points: number[] = [];
      for (let i = 0; i < 2000; i++) points.push(i * 0.05, 3 * Math.sin(i / 30) + 0.2 * rng.normal());
      const thinned = thinPolyline(points, tolerance);
      let worst = 0;
      for (let i = 0; i < points.length; i += 2) {
        worst = Math.max(worst, Math.abs(valueAt(thinned, points[i]!) - points[i + 1]!));
      }
      expect(worst).toBeLessThanOrEqual(tolerance * (1 + 1e-9));
      expect(thinned.slice(0, 2)).toEqual(points.slice(0, 2));
      expect(thinned.slice(-2)).toEqual(points.slice(-2));
      if (tolerance === 1) expect(thinned.length).toBeLessThan(points.length / 5);
    }
  });
});

describe("clipPolylineY", () => {
  it("cuts exactly at both lines and starts a new part where the line comes back", () => {
    expect(clipPolylineY([0, 0, 2, 4, 4, 0, 6, -4, 8, 0], -1, 3)).toEqual([
      [0, 0, 1.5, 3],
      [2.5, 3, 4, 0, 4.5, -1],
      [7.5, -1, 8, 0],
    ]);
  });

  it("hands back what lies inside untouched and nothing of what lies outside", () => {
    const inside = [0, 0, 1, 1];
    expect(clipPolylineY(inside, 0, 1)[0]).toBe(inside);
    expect(clipPolylineY([0, 5, 1, 5, 2, 6], 0, 1)).toEqual([]);
    expect(clipPolylineY([3, 5], 0, 1)).toEqual([]);
  });
});
