// The rasterisers against brute force: coverage by counting fine sample points.
import { describe, expect, it } from "vitest";
import { fitText, textWidthMm, wrapText } from "../../src/images/measure-text.ts";
import { pageFonts } from "../../src/images/node/page-fonts.ts";
import { rasteriseOutline } from "../../src/images/rasterise-outline.ts";
import { createTextRasteriser } from "../../src/images/rasterise-text.ts";
import { createMask, rasterisePolyline } from "../../src/images/rasterise-trace.ts";
import { readTrueType } from "../../src/images/read-true-type.ts";
import { createRng } from "../../src/shared/rng.ts";

const FINE = 16;

/** Part of each pixel for which `inside` holds, by FINE x FINE points. */
function countCoverage(
  width: number,
  height: number,
  inside: (x: number, y: number) => boolean,
): Float64Array {
  const parts = new Float64Array(width * height);
  for (let y = 0; y < height * FINE; y++) {
    for (let x = 0; x < width * FINE; x++) {
      if (!inside((x + 0.5) / FINE, (y + 0.5) / FINE)) continue;
      parts[Math.floor(y / FINE) * width + Math.floor(x / FINE)]! += 1 / (FINE * FINE);
    }
  }
  return parts;
}

function distanceToSegment(x: number, y: number, [x0, y0, x1, y1]: readonly number[]): number {
  const [dx, dy] = [x1! - x0!, y1! - y0!];
  const along = Math.max(0, Math.min(1, ((x - x0!) * dx + (y - y0!) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0! - along * dx, y - y0! - along * dy);
}

describe("polylines", () => {
  it("a level line of two pixels on pixel edges covers exactly two rows", () => {
    const mask = createMask(6, 5);
    rasterisePolyline(mask, [-5, 2, 20, 2], 2);
    const rows = Array.from({ length: 5 }, (_, row) => [...mask.coverage.subarray(row * 6, row * 6 + 6)]);
    expect(rows).toEqual([0, 255, 255, 0, 0].map((value) => Array(6).fill(value)));
  });

  it("a level line of one pixel between two rows shares itself", () => {
    const mask = createMask(3, 4);
    rasterisePolyline(mask, [-5, 2, 9, 2], 1);
    expect([1, 4, 7, 10].map((index) => mask.coverage[index])).toEqual([0, 128, 128, 0]);
  });

  it("covers what a stroked segment covers", () => {
    const rng = createRng("segments");
    const [width, height] = [24, 20];
    for (let round = 0; round < 12; round++) {
      const limit = (index: number): number => (index % 2 === 0 ? width : height);
      const segment = Array.from({ length: 4 }, (_, index) => rng.uniform(-2, limit(index) + 2));
      const lineWidth = rng.uniform(1, 4);
      const mask = createMask(width, height);
      rasterisePolyline(mask, segment, lineWidth);
      const inside = (x: number, y: number): boolean => distanceToSegment(x, y, segment) <= lineWidth / 2;
      const truth = countCoverage(width, height, inside);
      const parts = Array.from(mask.coverage, (value) => value / 255);
      // Distance stands for area, which differs most where an edge crosses a pixel's corner or a cap ends.
      expect(parts).toBeAllClose(truth, { atol: 0.2 });
      const inkOf = (values: ArrayLike<number>): number =>
        Array.from(values).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(inkOf(parts) - inkOf(truth))).toBeLessThan(0.02 * inkOf(truth) + 0.5);
    }
  });

  it("a joint is as dark as its segments, not darker", () => {
    const [whole, first, second] = [createMask(20, 12), createMask(20, 12), createMask(20, 12)];
    rasterisePolyline(whole, [2, 9, 10, 3, 18, 8], 1.4);
    rasterisePolyline(first, [2, 9, 10, 3], 1.4);
    rasterisePolyline(second, [10, 3, 18, 8], 1.4);
    expect([...whole.coverage]).toEqual([
      ...first.coverage.map((value, at) => Math.max(value, second.coverage[at]!)),
    ]);
  });

  it("draws a dot for one point and nothing outside the mask", () => {
    const mask = createMask(5, 5);
    rasterisePolyline(mask, [2.5, 2.5], 3);
    expect(mask.coverage[12]).toBe(255);
    expect(mask.coverage[0]).toBe(0);
    const outside = createMask(5, 5);
    rasterisePolyline(outside, [-10, -10, -3, 40, 80, 90], 1.5);
    expect(Math.max(...outside.coverage)).toBe(0);
  });
});

describe("outlines", () => {
  it("a box from (0.5, 0.25) to (2.25, 2) covers its parts of pixels", () => {
    const mask = createMask(4, 3);
    rasteriseOutline(mask, [[0.5, 0.25, 2.25, 0.25, 2.25, 2, 0.5, 2]]);
    const parts = [0.5 * 0.75, 0.75, 0.25 * 0.75, 0, 0.5, 1, 0.25, 0, 0, 0, 0, 0];
    expect(Array.from(mask.coverage, (value) => value / 255)).toBeAllClose(parts, { atol: 0.003 });
  });

  it("covers what a polygon with a hole covers", () => {
    const outer = [2.3, 1.2, 17.1, 3.4, 15.2, 16.9, 4.4, 14.2];
    const hole = [7.1, 6.2, 6.3, 11.4, 11.8, 12.2, 12.5, 5.5];
    const mask = createMask(20, 20);
    rasteriseOutline(mask, [outer, hole]);
    const winding = (x: number, y: number): number =>
      [outer, hole].reduce((sum, contour) => {
        let turns = 0;
        for (let i = 0; i < contour.length; i += 2) {
          const [x0, y0] = [contour[i]!, contour[i + 1]!];
          const [x1, y1] = [contour[(i + 2) % contour.length]!, contour[(i + 3) % contour.length]!];
          if (y0 <= y === y1 <= y) continue;
          if (x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) > x) turns += y1 > y0 ? 1 : -1;
        }
        return sum + turns;
      }, 0);
    const truth = countCoverage(20, 20, (x, y) => winding(x, y) !== 0);
    expect(Array.from(mask.coverage, (value) => value / 255)).toBeAllClose(truth, { atol: 0.05 });
  });
});

describe("page font", () => {
  const fonts = pageFonts();

  it("has the widths that pages are laid out with", () => {
    for (const weight of ["regular", "bold"] as const) {
      const font = fonts[weight];
      const codePoints = font.codePoints();
      expect(codePoints).toHaveLength(534);
      const widths = codePoints.map((code) => textWidthMm(String.fromCodePoint(code), 2048, weight));
      expect(widths).toEqual(codePoints.map((code) => font.glyph(code).advanceUnits));
    }
    // Arial's own widths of "A" and "1".
    expect(textWidthMm("A", 2048, "regular")).toBe(1366);
    expect(textWidthMm("11", 2048, "bold")).toBe(2 * 1139);
  });

  it("covers Latin, Greek, Cyrillic and the signs of a page", () => {
    for (const character of "AZaz09äßøŁžςΩЖяёµ°±−–…≤≥√→□") {
      expect(fonts.regular.has(character.codePointAt(0)!)).toBe(true);
    }
    expect(fonts.regular.has("姓".codePointAt(0)!)).toBe(false);
  });

  it("draws letters of the right size and weight of ink", () => {
    const text = createTextRasteriser(fonts, 10);
    const item = {
      kind: "text",
      role: "label",
      anchor: "start",
      color: "#000000",
      weight: "regular",
    } as const;
    // "I" of 10 mm at 10 px/mm: cap height 68.8 px; its stem is 191 units of 2048 wide.
    const [placed] = text({ ...item, text: "I", xMm: 5, yMm: 20, sizeMm: 10 });
    const { mask, xPx, yPx } = placed!;
    expect(yPx).toBe(200 - 69);
    const ink = mask.coverage.reduce((sum, value) => sum + value, 0) / 255;
    expect(ink).toBeCloseTo((191 / 2048) * 100 * ((1409 / 2048) * 100), -1);
    expect(xPx).toBe(50 + Math.floor((191 / 2048) * 100));
    const accented = text({ ...item, text: "Ä", xMm: 5, yMm: 20, sizeMm: 10 })[0]!;
    expect(accented.yPx).toBeLessThan(200 - 80);
    expect(text({ ...item, text: "  ", xMm: 5, yMm: 20, sizeMm: 10 })).toEqual([]);
  });

  it("puts the end of a text where it is anchored", () => {
    const text = createTextRasteriser(fonts, 8);
    const item = {
      kind: "text",
      role: "label",
      color: "#000000",
      weight: "bold",
      text: "HH",
      yMm: 9,
      sizeMm: 4,
    } as const;
    const left = (anchor: "start" | "middle" | "end"): number => text({ ...item, anchor, xMm: 40 })[0]!.xPx;
    const widthPx = textWidthMm("HH", 4, "bold") * 8;
    expect(left("start") - left("end")).toBeCloseTo(widthPx, -0.3);
    expect(left("start") - left("middle")).toBeCloseTo(widthPx / 2, -0.3);
  });

  it("draws the empty square for what it lacks", () => {
    const text = createTextRasteriser(fonts, 8);
    const item = {
      kind: "text",
      role: "label",
      color: "#000000",
      weight: "regular",
      yMm: 9,
      sizeMm: 4,
    } as const;
    const masks = ["姓", "□"].map(
      (sign) => text({ ...item, text: sign, anchor: "start", xMm: 4 })[0]!.mask.coverage,
    );
    expect([...masks[0]!]).toEqual([...masks[1]!]);
  });

  it("refuses what is no TrueType", () => {
    expect(() => readTrueType(Uint8Array.of(0x4f, 0x54, 0x54, 0x4f, 0, 0, 0, 0, 0, 0, 0, 0))).toThrow(
      /expected a TrueType file \(0x10000\), got 0x4f54544f/,
    );
    expect(() => readTrueType(new Uint8Array(3))).toThrow(/got 3 bytes/);
    expect(() => readTrueType(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toThrow(
      /expected a table head/,
    );
  });
});

describe("fitting text", () => {
  it("cuts with an ellipsis and breaks between words", () => {
    // "aaaa" at 2.048 mm: 1139 units a letter = 1.139 mm; the ellipsis is 2.048 mm.
    expect(fitText("aaaa", 4.6, 2.048, "regular")).toBe("aaaa");
    expect(fitText("aaaa", 4.5, 2.048, "regular")).toBe("aa…");
    expect(fitText("aaaa", 1, 2.048, "regular")).toBe("");
    expect(wrapText("aa aa  aaaaa a", 5.2, 2.048, "regular")).toEqual(["aa aa", "aa…", "a"]);
  });
});
