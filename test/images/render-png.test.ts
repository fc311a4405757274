// renderPng: the pixels lie where the millimetres say, at every resolution.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import { type DisplayList, stripX, stripY } from "../../src/images/display-list.ts";
import type { GridStyle } from "../../src/images/grid-styles.ts";
import { encodePng } from "../../src/images/node/encode-png.ts";
import { pageFonts } from "../../src/images/node/page-fonts.ts";
import { renderPng } from "../../src/images/node/render-png.ts";
import { rasterisePage } from "../../src/images/rasterise-page.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { buildTestRecord } from "./build-test-record.ts";
import { type DecodedPng, decodePng } from "./decode-png.ts";

const DPIS = [100, 200, 300];
/** Pink whose red is full, so that a pixel's lightest channel tells ink from paper. */
const RED_PAPER: GridStyle = {
  paper: "#ffffff",
  minorColor: "#ffd5d3",
  majorColor: "#ffa6a4",
  minorWidthMm: 0.1,
  majorWidthMm: 0.18,
};

/** How dark a pixel is, 0 white to 255 black, by its lightest channel (pink paper counts as light). */
function darkness(png: DecodedPng, x: number, y: number): number {
  const at = (y * png.widthPx + x) * 3;
  return 255 - Math.max(png.rgb[at]!, png.rgb[at + 1]!, png.rgb[at + 2]!);
}

/** Centre of the ink in a pixel column between two rows, in pixels; NaN without ink. */
function inkCentre(png: DecodedPng, x: number, fromY: number, toY: number): number {
  let [sum, weighted] = [0, 0];
  for (let y = fromY; y < toY; y++) {
    const dark = darkness(png, x, y);
    sum += dark;
    weighted += dark * (y + 0.5);
  }
  return sum < 60 ? Number.NaN : weighted / sum;
}

/** 0.3 mV at a frequency of its own for each lead. */
function slowWaveMv(lead: number, seconds: number): number {
  return 0.3 * Math.sin(2 * Math.PI * seconds * (0.4 + 0.05 * lead));
}

/** Every lead is a slow sine of its own, so that the trace is a thin line in every pixel column. */
function slowRecord(): ReturnType<typeof buildTestRecord> {
  const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });
  for (let lead = 0; lead < 12; lead++) {
    const samples = leadSamples(record.signal, lead);
    for (let i = 0; i < samples.length; i++) samples[i] = slowWaveMv(lead, i / 500);
  }
  return record;
}

describe.each(DPIS)("at %d dpi", (dpi) => {
  it("draws every strip of a red 3x4 page on its millimetres", async () => {
    const record = slowRecord();
    const list = layoutPage(record, {
      grid: RED_PAPER,
      labels: false,
      calibration: "none",
      overflow: "band",
    });
    const png = decodePng(await renderPng(list, { dpi }));
    const pxPerMm = dpi / 25.4;
    expect([png.widthPx, png.heightPx]).toEqual([Math.round(297 * pxPerMm), Math.round(210 * pxPerMm)]);
    for (const strip of list.strips) {
      const lead = record.leads.indexOf(strip.lead);
      const from = Math.ceil((strip.box.xMm + 1) * pxPerMm);
      const to = Math.floor((strip.box.xMm + strip.box.widthMm - 1) * pxPerMm);
      let worst = 0;
      for (let x = from; x < to; x += 7) {
        const seconds = strip.startSeconds + ((x + 0.5) / pxPerMm - strip.box.xMm) / strip.speedMmPerSecond;
        const expected = stripY(strip, slowWaveMv(lead, seconds)) * pxPerMm;
        const centre = inkCentre(
          png,
          x,
          Math.round(strip.box.yMm * pxPerMm),
          Math.round((strip.box.yMm + strip.box.heightMm) * pxPerMm),
        );
        worst = Math.max(worst, Math.abs(centre - expected));
      }
      // A quarter of a pixel: 0.06 mm at 100 dpi, 0.02 mm at 300 dpi.
      expect(worst).toBeLessThan(0.25);
    }
  });

  it("draws peaks and pulses where the millimetres say", async () => {
    const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });
    const list = layoutPage(record, { grid: "none", labels: false });
    const png = decodePng(await renderPng(list, { dpi }));
    const pxPerMm = dpi / 25.4;
    const strip = list.strips.find((one) => one.lead === "V3")!;
    const peakX = stripX(strip, 5.5) * pxPerMm;
    const peakY = stripY(strip, 1.3) * pxPerMm;
    expect(darkness(png, Math.floor(peakX), Math.floor(peakY + 1))).toBeGreaterThan(120);
    expect(darkness(png, Math.floor(peakX), Math.floor(peakY - 0.14 * pxPerMm - 1.6))).toBe(0);
    // Top edge of the first pulse: 10 mm above the zero line, from 18.5 to 23.5 mm.
    const top = (list.strips[0]!.zeroLineMm - 10) * pxPerMm;
    expect(inkCentre(png, Math.round(21 * pxPerMm), Math.floor(top - 5), Math.ceil(top + 5))).toBeCloseTo(
      top,
      0,
    );
    const at = Math.floor(top + 4);
    const darkColumns = [17.5, 18.5, 21, 23.5, 24.5].map(
      (mm) => darkness(png, Math.floor(mm * pxPerMm), at) > 60,
    );
    expect(darkColumns).toEqual([false, true, false, true, false]);
  });

  it("stands grid lines every millimetre, heavy ones every five", async () => {
    const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });
    const png = decodePng(
      await renderPng(layoutPage(record, { labels: false, calibration: "none" }), { dpi }),
    );
    const pxPerMm = dpi / 25.4;
    // A row of pixels between two horizontal lines, above the first band.
    const y = Math.floor(8.5 * pxPerMm);
    const green = (x: number): number => png.rgb[(y * png.widthPx + x) * 3 + 1]!;
    const lines = Array.from({ length: 284 }, (_, index) => {
      const at = Math.round((7 + index) * pxPerMm);
      return Math.min(green(at - 1), green(at));
    });
    const between = lines.map((_, index) => green(Math.floor((6.5 + index) * pxPerMm)));
    const [light, heavy] = [lines[0]!, lines[4]!];
    expect(heavy).toBeLessThan(light);
    expect(light).toBeLessThan(250);
    expect(lines).toEqual(lines.map((_, index) => (index % 5 === 4 ? heavy : light)));
    expect(between).toEqual(between.map(() => 255));
  });
});

describe("png file", () => {
  const list = layoutPage(buildTestRecord({ samplingRateHz: 500, seconds: 10 }), { header: { id: "A 1" } });

  it("has the same bytes each time, its size in print, and no text chunk", async () => {
    const [first, second] = [await renderPng(list, { dpi: 100 }), await renderPng(list, { dpi: 100 })];
    expect(Buffer.compare(first, second)).toBe(0);
    const png = decodePng(first);
    expect(png.pixelsPerMetre).toBe(3937);
    expect(png.chunks).toEqual(["IHDR", "PLTE", "pHYs", "IDAT", "IEND"]);
  });

  it("writes what it was given", async () => {
    const image = {
      widthPx: 3,
      heightPx: 2,
      pixels: Uint8Array.of(0, 1, 2, 2, 1, 0),
      palette: Uint8Array.of(0, 0, 0, 9, 8, 7, 255, 254, 253),
    };
    const png = decodePng(await encodePng(image, 254));
    expect([...png.rgb]).toEqual([0, 0, 0, 9, 8, 7, 255, 254, 253, 255, 254, 253, 9, 8, 7, 0, 0, 0]);
    expect(png.pixelsPerMetre).toBe(10_000);
  });

  it("keeps each ink its colour when there are many", () => {
    const inks = ["#d00000", "#00a000", "#0000d0", "#b000b0", "#101010", "#808000"] as const;
    const many: DisplayList = {
      ...list,
      items: inks.map((color, row) => ({
        kind: "path",
        role: "trace",
        runs: [Float32Array.of(5, 10 + row * 5, 50, 10 + row * 5)],
        widthMm: 1,
        color,
      })),
    };
    const { pixels, palette, widthPx } = rasterisePage(many, { dpi: 127, fonts: pageFonts() });
    for (const [row, color] of inks.entries()) {
      const index = pixels[(10 + row * 5) * 5 * widthPx + 100]!;
      const rgb = [...palette.subarray(index * 3, index * 3 + 3)].map((value) =>
        value.toString(16).padStart(2, "0"),
      );
      expect(`#${rgb.join("")}`).toBe(color);
    }
    expect(palette.length / 3).toBeLessThanOrEqual(256);
  });

  it.each([0, 19, 2401, Number.NaN])("refuses %d dpi", async (dpi) => {
    await expect(renderPng(list, { dpi })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: `dpi: expected a number from 20 to 2400, got ${dpi}`,
    });
  });

  it("refuses a picture that no memory holds", async () => {
    await expect(renderPng({ ...list, widthMm: 5000, heightMm: 5000 }, { dpi: 2400 })).rejects.toThrow(
      /at most 400000000 pixels, got 472441 x 472441/,
    );
  });
});
