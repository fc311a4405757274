import { describe, expect, it } from "vitest";
import {
  kMeans,
  nearestCentres,
  type Rows,
  residualRows,
  reviveDeadCodes,
  startCodebook,
} from "../../src/beat/codebook-care.ts";
import { createRng } from "../../src/shared/rng.ts";

/** Points around (0, 0), (10, 0) and (0, 10), in turn. */
function threeClusters(count: number): Rows {
  const rng = createRng(5);
  const data = new Float32Array(count * 2);
  for (let row = 0; row < count; row++) {
    data[2 * row] = (row % 3 === 1 ? 10 : 0) + 0.1 * rng.normal();
    data[2 * row + 1] = (row % 3 === 2 ? 10 : 0) + 0.1 * rng.normal();
  }
  return { data, dimension: 2 };
}

describe("kMeans", () => {
  it("finds the centres of clusters that lie apart, with their sizes", () => {
    const { centres, counts } = kMeans(threeClusters(300), 3, { iterations: 20, rng: createRng(2) });
    const order = [0, 1, 2].sort(
      (a, b) => centres[2 * a]! - centres[2 * b]! || centres[2 * a + 1]! - centres[2 * b + 1]!,
    );
    const near = order.map((k) => [Math.round(centres[2 * k]!), Math.round(centres[2 * k + 1]!)].join());
    expect(near.sort()).toEqual(["0,0", "0,10", "10,0"]);
    expect([...counts]).toEqual([100, 100, 100]);
  });

  it("does not end farther from the rows than it began", () => {
    const rows = threeClusters(120);
    const cost = (centres: Float32Array): number =>
      residualRows(rows, centres, nearestCentres(rows, centres)).data.reduce((sum, x) => sum + x * x, 0);
    const few = kMeans(rows, 8, { iterations: 1, rng: createRng(4) });
    const many = kMeans(rows, 8, { iterations: 15, rng: createRng(4) });
    expect(cost(many.centres)).toBeLessThanOrEqual(cost(few.centres));
  });

  it("repeats for the same generator", () => {
    const run = () => kMeans(threeClusters(60), 5, { iterations: 4, rng: createRng("a") }).centres;
    expect(run()).toEqual(run());
  });

  it("gives every centre a row when there are fewer rows than centres", () => {
    const rows = { data: Float32Array.of(1, 2), dimension: 2 };
    const { centres } = kMeans(rows, 3, { iterations: 2, rng: createRng(1) });
    expect([...centres]).toEqual([1, 2, 1, 2, 1, 2]);
  });
});

describe("nearestCentres and residualRows", () => {
  it("choose the nearest centre, the lowest index in a tie, and leave the difference", () => {
    const rows = { data: Float32Array.of(1, 0, 4, 0), dimension: 2 };
    const centres = Float32Array.of(0, 0, 2, 0, 5, 0);
    const nearest = nearestCentres(rows, centres);
    expect([...nearest]).toEqual([0, 2]); // (1, 0) is as far from (0, 0) as from (2, 0)
    expect([...residualRows(rows, centres, nearest).data]).toEqual([1, 0, -1, 0]);
  });
});

describe("startCodebook", () => {
  it("gives running counts as if the rows of a step came in the clusters' shares", () => {
    const book = { codes: new Float32Array(4), counts: new Float32Array(2), sums: new Float32Array(4) };
    startCodebook(book, { centres: Float32Array.of(1, 2, 3, 4), counts: Float32Array.of(30, 10) }, 8);
    expect([...book.codes]).toEqual([1, 2, 3, 4]);
    expect([...book.counts]).toEqual([6, 2]);
    expect([...book.sums]).toEqual([6, 12, 6, 8]);
  });
});

describe("reviveDeadCodes", () => {
  it("moves only codes below the threshold, to rows that are there, with an average count", () => {
    const book = {
      codes: Float32Array.of(1, 1, 2, 2, 3, 3),
      counts: Float32Array.of(5, 0.01, 4),
      sums: Float32Array.of(5, 5, 0.02, 0.02, 12, 12),
    };
    const rows = { data: Float32Array.of(7, 8, 9, 10), dimension: 2 };
    const moved = reviveDeadCodes(book, rows, { threshold: 0.15, rng: createRng(3) });
    expect(moved).toBe(1);
    expect([...book.codes.subarray(0, 2), ...book.codes.subarray(4)]).toEqual([1, 1, 3, 3]);
    expect([
      [7, 8],
      [9, 10],
    ]).toContainEqual([...book.codes.subarray(2, 4)]);
    expect(book.counts[1]).toBeCloseTo(9.01 / 3, 5);
    expect(book.sums[2]! / book.counts[1]!).toBeCloseTo(book.codes[2]!, 5);
  });

  it("moves nothing when all are alive", () => {
    const book = { codes: Float32Array.of(1), counts: Float32Array.of(1), sums: Float32Array.of(1) };
    const rows = { data: Float32Array.of(7), dimension: 1 };
    expect(reviveDeadCodes(book, rows, { threshold: 0.15, rng: createRng(3) })).toBe(0);
    expect(book.codes[0]).toBe(1);
  });
});
