// Lead tiles: twelve pictures at one scale, and the strips of a page cut out again.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import { stripX } from "../../src/images/display-list.ts";
import { leadTiles, tilesToFloat32 } from "../../src/images/lead-tiles.ts";
import { pageFonts } from "../../src/images/node/page-fonts.ts";
import { greyPixels } from "../../src/images/palette-painter.ts";
import { rasterisePage } from "../../src/images/rasterise-page.ts";
import { cutTile, tilesFromPage } from "../../src/images/tiles-from-page.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { buildTestRecord, peakMv } from "./build-test-record.ts";

const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });

/** Row of the highest and lowest ink in a column, by the darkest pixel where several touch. */
function inkRows(pixels: Uint8Array, width: number, column: number): { top: number; bottom: number } {
  const rows: number[] = [];
  for (let row = 0; row * width < pixels.length; row++)
    if (pixels[row * width + column]! < 128) rows.push(row);
  return { top: rows[0]!, bottom: rows.at(-1)! };
}

describe("leadTiles", () => {
  const tiles = leadTiles(record, { widthPx: 200, heightPx: 160, seconds: 2, heightMv: 4 });

  it("gives the twelve leads in order, at one scale", () => {
    expect(tiles.map((tile) => tile.lead)).toEqual([...STANDARD_LEADS]);
    for (const tile of tiles) {
      expect(tile).toMatchObject({
        widthPx: 200,
        heightPx: 160,
        pxPerSecond: 100,
        pxPerMv: 40,
        zeroLinePx: 80,
      });
      expect(tile.pixels).toHaveLength(200 * 160);
      expect(tile.missing).toBe(false);
    }
  });

  it("draws the wave of 0.5 s at column 50, as high as it is", () => {
    for (const tile of tiles) {
      const { top, bottom } = inkRows(tile.pixels, 200, 50);
      const peak = peakMv(tile.lead);
      const expected = 80 - peak * 40;
      expect(Math.abs((peak > 0 ? top : bottom + 1) - expected)).toBeLessThan(2.5);
      const flat = inkRows(tile.pixels, 200, 100);
      expect([flat.top, flat.bottom]).toEqual([79, 80]);
    }
  });

  it("shifts by its start and cuts at its edges", () => {
    const [tile] = leadTiles(record, {
      widthPx: 100,
      heightPx: 20,
      seconds: 1,
      startSeconds: 0.25,
      heightMv: 0.5,
      leads: ["V6"],
    });
    // The wave of 0.5 s stands at column 25 and is far higher than the tile.
    expect(inkRows(tile!.pixels, 100, 21).top).toBeLessThan(4);
    expect(inkRows(tile!.pixels, 100, 24).top).toBeUndefined();
    expect(inkRows(tile!.pixels, 100, 60)).toEqual({ top: 9, bottom: 10 });
  });

  it("takes an electrode's offset away unless told to keep it", () => {
    const shifted = buildTestRecord({ samplingRateHz: 500, seconds: 10 });
    for (let i = 0; i < shifted.signal.data.length; i++) shifted.signal.data[i]! += 1;
    const options = { widthPx: 100, heightPx: 80, seconds: 2, leads: ["I"] };
    expect(leadTiles(shifted, options)[0]!.offsetMv).toBeCloseTo(1, 6);
    expect(inkRows(leadTiles(shifted, options)[0]!.pixels, 100, 50).top).toBe(39);
    expect(inkRows(leadTiles(shifted, { ...options, offset: "keep" })[0]!.pixels, 100, 50).top).toBe(19);
  });

  it("leaves the tile of a missing lead blank", () => {
    const limb = buildTestRecord({ samplingRateHz: 500, seconds: 10, leads: STANDARD_LEADS.slice(0, 6) });
    const tile = leadTiles(limb, { widthPx: 20, heightPx: 20, seconds: 2 })[11]!;
    expect(tile.missing).toBe(true);
    expect(Math.min(...tile.pixels)).toBe(255);
  });

  it("scales pixels to 0 ... 1", () => {
    const values = tilesToFloat32(tiles);
    expect(values).toHaveLength(12 * 200 * 160);
    const at = 5 * 200 * 160 + 80 * 200 + 100;
    expect(values[at]).toBeCloseTo(tiles[5]!.pixels[80 * 200 + 100]! / 255, 6);
    expect(() => tilesToFloat32([tiles[0]!, { ...tiles[0]!, pixels: new Uint8Array(4) }])).toThrow(
      /expected 32000 pixels in every tile, tile 1 has 4/,
    );
  });

  it.each([
    [{ widthPx: 0, heightPx: 10, seconds: 1 }, /widthPx: expected a number from 1 to 16384, got 0/],
    [{ widthPx: 9, heightPx: 10, seconds: 0 }, /seconds: .* got 0/],
    [{ widthPx: 9, heightPx: 10, seconds: 1, startSeconds: 11 }, /below the record's 10 s, got 11/],
  ])("refuses %o", (options, message) => {
    expect(() => leadTiles(record, options)).toThrow(message);
  });
});

describe("tilesFromPage", () => {
  const list = layoutPage(record, { grid: "none", labels: false, calibration: "none" });
  const dpi = 127; // 5 px a mm

  it("says where each strip lies in the picture", () => {
    const tiles = tilesFromPage(list, { dpi });
    expect(tiles).toHaveLength(13);
    expect(tilesFromPage(list, { dpi, kind: "lead" })).toHaveLength(12);
    expect(tilesFromPage(list, { dpi, kind: "rhythm" }).map((tile) => tile.strip.lead)).toEqual(["II"]);
    const { box } = list.strips[2]!;
    expect(tiles[2]).toMatchObject({
      box: {
        fromX: Math.round(box.xMm * 5),
        toX: Math.round((box.xMm + 62.5) * 5),
        fromY: box.yMm * 5,
        toY: (box.yMm + 45) * 5,
      },
      zeroLinePx: list.strips[2]!.zeroLineMm * 5,
      pxPerSecond: 125,
      pxPerMv: 50,
    });
  });

  it("cuts out the lead that it names", () => {
    const image = rasterisePage(list, { dpi, fonts: pageFonts() });
    const grey = { widthPx: image.widthPx, heightPx: image.heightPx, pixels: greyPixels(image) };
    for (const tile of tilesFromPage(list, { dpi, kind: "lead" })) {
      const width = tile.box.toX - tile.box.fromX;
      const height = tile.box.toY - tile.box.fromY;
      const cut = cutTile(grey, tile.box, { widthPx: width, heightPx: height });
      // Columns start at 0, 2.5, 5 and 7.5 s, so that a wave is 0.5 s or 1 s in.
      const peakSeconds = tile.strip.startSeconds + (tile.strip.column % 2 === 0 ? 0.5 : 1);
      const column = Math.floor(stripX(tile.strip, peakSeconds) * 5) - tile.box.fromX;
      const { top, bottom } = inkRows(cut.pixels, width, column);
      const peak = peakMv(tile.strip.lead);
      const expected = tile.zeroLinePx - tile.box.fromY - peak * 50;
      expect(Math.abs((peak > 0 ? top : bottom + 1) - expected)).toBeLessThan(3.5);
    }
  });

  it("resizes by area: a checkerboard of 2 x 2 becomes its mean", () => {
    const pixels = Uint8Array.of(0, 255, 0, 255, 255, 0, 255, 0);
    const image = { widthPx: 4, heightPx: 2, pixels };
    const whole = { fromX: 0, fromY: 0, toX: 4, toY: 2 };
    expect([...cutTile(image, whole, { widthPx: 2, heightPx: 1 }).pixels]).toEqual([128, 128]);
    expect([...cutTile(image, whole, { widthPx: 4, heightPx: 2 }).pixels]).toEqual([...pixels]);
    // 4 -> 3 columns of the first row: 1 and a third of two pixels each.
    const third = cutTile(image, { ...whole, toY: 1 }, { widthPx: 3, heightPx: 1 }).pixels;
    expect([...third]).toEqual([64, 128, 191]);
    expect(() => cutTile(image, { ...whole, toX: 5 }, { widthPx: 1, heightPx: 1 })).toThrow(
      /inside 4 x 2 pixels/,
    );
  });
});
