// reachLastColumn: a page's traces end where its printed lead names say, when a column was cut off by its separator.
import { describe, expect, it } from "vitest";
import { reachLastColumn } from "../../../src/images/segment/plan-from-text.ts";

const label = (name: string, fromX: number, fromY: number) => ({
  label: name,
  fromX,
  toX: fromX + 20,
  fromY,
  toY: fromY + 12,
  score: 1,
  pieces: [],
});
/** Three columns of two names, 100 px apart, 10 px behind the start of each. */
const LABELS = [
  ["I", "II"],
  ["aVR", "aVL"],
  ["V1", "V2"],
].flatMap((column, index) => column.map((name, row) => label(name, 60 + 100 * index, 20 + 80 * row)));

describe("reachLastColumn", () => {
  it("adds a last column that the traces found so far do not reach", () => {
    expect(reachLastColumn({ fromX: 50, toX: 252 }, LABELS, 4)).toEqual({ fromX: 50, toX: 350 });
  });

  it("leaves extents that reach into the last column, and pages of one column", () => {
    const extent = { fromX: 50, toX: 310 };
    expect(reachLastColumn(extent, LABELS, 4)).toBe(extent);
    expect(reachLastColumn({ fromX: 50, toX: 90 }, LABELS.slice(0, 2), 4)).toEqual({ fromX: 50, toX: 90 });
  });
});
