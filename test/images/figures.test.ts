// Inline figures: strips of leads, and original, reconstruction and prediction over one another.
import { describe, expect, it } from "vitest";
import { comparisonSvg, layoutComparison } from "../../src/images/comparison-svg.ts";
import type { DisplayList, PathItem, TextItem } from "../../src/images/display-list.ts";
import { layoutStrips, stripSvg } from "../../src/images/strip-svg.ts";
import { sliceSamples } from "../../src/record/lead-matrix.ts";
import { buildTestRecord } from "./build-test-record.ts";

const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });

function pathsOf(list: DisplayList, role: PathItem["role"]): PathItem[] {
  return list.items.filter((item): item is PathItem => item.kind === "path" && item.role === role);
}

function extent(path: PathItem): { left: number; right: number; top: number } {
  const values = path.runs.flatMap((run) => [...run]);
  const [xs, ys] = [
    values.filter((_, index) => index % 2 === 0),
    values.filter((_, index) => index % 2 === 1),
  ];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys) };
}

describe("layoutStrips", () => {
  it("draws each lead to scale in a row as high as it needs", () => {
    const list = layoutStrips(record, ["II", "V6", "-aVR"], { seconds: 4 });
    expect(list.strips.map(({ label, row }) => [label, row])).toEqual([
      ["II", 0],
      ["V6", 1],
      ["-aVR", 2],
    ]);
    // 0.5 mm of edge, 5 mm of paper, then 4 s of 25 mm/s.
    expect(list.widthMm).toBe(1 + 110);
    for (const [index, strip] of list.strips.entries()) {
      expect(strip.clipped).toBe(false);
      expect(strip.box.heightMm % 5).toBe(0);
      const { left, right, top } = extent(pathsOf(list, "trace")[index]!);
      expect([left, right]).toEqual([5.5, 105.5]);
      expect(strip.zeroLineMm - top).toBeCloseTo([6, 16, 8][index]!, 2);
    }
    // 16 mm up + 1.5, and 3 down: 20.5 -> 25 mm.
    expect(list.strips[1]!.box.heightMm).toBe(25);
  });

  it("writes SVG for HTML with the scale and no identity", () => {
    const svg = stripSvg(record, ["II"], { startSeconds: 3, gainMmPerMv: 20, grid: "grey" });
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain("25 mm/s   20 mm/mV");
    expect(svg).toContain('data-lead="II" data-row="0" data-column="0" data-start="3" data-duration="5"');
    expect(svg).not.toContain("4711");
    expect(svg.length).toBeLessThan(12_000);
  });

  it("keeps the row of a lead that is not there, and takes the row height it is told", () => {
    const list = layoutStrips(record, ["V7", "I"], { rowMm: 30, footer: false });
    expect(list.strips.map(({ missing, box }) => [missing, box.heightMm])).toEqual([
      [true, 30],
      [false, 30],
    ]);
    expect(list.heightMm).toBe(61);
  });

  it("refuses nothing to draw", () => {
    expect(() => layoutStrips(record, [])).toThrow(/leads.length: expected a number from 1 to 1000, got 0/);
    expect(() => layoutStrips(record, ["I"], { startSeconds: 12 })).toThrow(/startSeconds: .* got 12/);
  });
});

describe("layoutComparison", () => {
  const comparison = {
    leads: record.leads,
    samplingRateHz: 500,
    original: sliceSamples(record.signal, 0, 3000),
    reconstruction: sliceSamples(record.signal, 0, 2000),
    prediction: sliceSamples(record.signal, 2000, 3000),
  };

  it("lays the three over one another in time", () => {
    const list = layoutComparison(comparison, { columns: 2 });
    expect(list.strips).toHaveLength(12);
    expect(list.strips.map((strip) => strip.column)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    const first = list.strips[0]!;
    const [original, reconstruction, prediction] = (["trace", "reconstruction", "prediction"] as const).map(
      (role) => extent(pathsOf(list, role)[0]!),
    );
    const x = (seconds: number): number => first.box.xMm + seconds * 25;
    expect(original!.left).toBeCloseTo(x(0), 4);
    expect(original!.right).toBeCloseTo(x(2999 / 500), 3);
    expect(reconstruction!.right).toBeCloseTo(x(1999 / 500), 3);
    expect(prediction!.left).toBeCloseTo(x(4), 3);
    expect(prediction!.top).toBeCloseTo(original!.top, 2);
    const dashes = pathsOf(list, "rule")[0]!.runs;
    expect(dashes.length).toBeGreaterThan(4);
    expect(dashes.every((run) => run[0] === Math.fround(x(4)))).toBe(true);
  });

  it("names what it shows and draws z-scores at 4 mm each", () => {
    const { prediction: _left, ...rest } = comparison;
    const list = layoutComparison(rest, { unit: "z" });
    const texts = list.items.filter(
      (item): item is TextItem => item.kind === "text" && item.role === "legend",
    );
    expect(texts.map((text) => text.text)).toEqual(["original", "reconstruction"]);
    expect(pathsOf(list, "rule")).toEqual([]);
    expect(list.strips[0]!.zeroLineMm - extent(pathsOf(list, "trace")[0]!).top).toBeCloseTo(2, 2);
    const svg = comparisonSvg(rest, { unit: "z" });
    expect(svg).toContain("25 mm/s   4 mm/z");
    expect(svg).toContain('class="reconstruction"');
  });

  it("refuses matrices that do not match the leads", () => {
    expect(() => layoutComparison({ ...comparison, leads: ["I", "II"] })).toThrow(
      /expected 2 leads in original, got 12/,
    );
  });
});
