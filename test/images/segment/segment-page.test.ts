// Lead-tile segmentation: pages drawn from records, read back from their pixels alone.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../../src/images/build-page.ts";
import { createText } from "../../../src/images/display-list.ts";
import type { PageOptions } from "../../../src/images/page-options.ts";
import type { PagePicture } from "../../../src/images/segment/read-ink.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import { tilesOfPage } from "../../../src/images/segment/tiles-of-page.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { EcgError } from "../../../src/shared/errors.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { buildTestRecord } from "../build-test-record.ts";
import { checkPage, pictureOf, quantile, TILE } from "./render-picture.ts";

const record = synthesizeEcg({ seed: 1, samplingRateHz: 500, durationSeconds: 10 });
const quick = synthesizeEcg({
  seed: 7,
  samplingRateHz: 500,
  durationSeconds: 10,
  ambientNoiseMv: 0.01,
  heartRateBpm: 95,
});
const fourByThree = {
  rows: [
    ["I", "II", "III"],
    ["aVR", "aVL", "aVF"],
    ["V1", "V2", "V3"],
    ["V4", "V5", "V6"],
  ],
};
const blue = {
  paper: "#ffffff",
  minorColor: "#c8d8f8",
  majorColor: "#8cb0f0",
  minorWidthMm: 0.1,
  majorWidthMm: 0.18,
} as const;

type Case = readonly [name: string, options: PageOptions, dpi: number, rows: number, columns: number];
const CASES: readonly Case[] = [
  ["3x4 with rhythm", {}, 100, 4, 4],
  ["3x4 without labels", { labels: false }, 100, 4, 4],
  ["3x4 without rhythm and footer", { rhythmLeads: [], footer: false }, 100, 3, 4],
  ["3x4 under a header", { header: { id: "P-1", statements: ["sinus rhythm"] } }, 100, 4, 4],
  ["3x4 without pulses", { calibration: "none" }, 100, 4, 4],
  ["3x4 on grey paper", { grid: "grey" }, 100, 4, 4],
  ["3x4 on blue paper", { grid: blue }, 100, 4, 4],
  ["3x4 without grid", { grid: "none" }, 100, 4, 4],
  ["3x4 at 80 dpi", {}, 80, 4, 4],
  ["3x4 at 150 dpi", {}, 150, 4, 4],
  ["3x4 at 200 dpi", {}, 200, 4, 4],
  ["3x4 at 50 mm/s", { speedMmPerSecond: 50 }, 100, 4, 4],
  ["3x4 at 5 mm/mV", { gainMmPerMv: 5 }, 100, 4, 4],
  ["3x4 at 20 mm/mV", { gainMmPerMv: 20 }, 100, 4, 4],
  ["3x4 with two gains", { gainMmPerMv: { limb: 10, chest: 5 } }, 100, 4, 4],
  ["3x4 in Cabrera's order", { limbOrder: "cabrera" }, 100, 4, 4],
  ["6x2", { layout: "6x2" }, 100, 6, 2],
  ["6x2 with rhythm", { layout: "6x2", rhythmLeads: ["II"] }, 100, 7, 2],
  ["12x1", { layout: "12x1" }, 100, 12, 1],
  ["four rows of three", { layout: fourByThree }, 100, 4, 3],
];

describe("segmentPage on our own pages", () => {
  it.each(CASES)("reads %s", (_name, options, dpi, rows, columns) => {
    const speed = options.speedMmPerSecond ?? 25;
    const gain = options.gainMmPerMv ?? 10;
    const correlations: number[] = [];
    for (const one of [record, quick]) {
      const checked = checkPage(one, options, dpi);
      const { segmentation } = checked;
      expect([segmentation.rows, segmentation.columns]).toEqual([rows, columns]);
      expect(Math.abs(segmentation.pxPerMm / (dpi / 25.4) - 1)).toBeLessThan(0.002);
      expect(segmentation.speedMmPerSecond).toBe(speed);
      expect(segmentation.gainMmPerMv).toEqual(typeof gain === "number" ? { limb: gain, chest: gain } : gain);
      expect(segmentation.sources).toEqual({
        pxPerMm: options.grid === "none" ? "assumed" : "grid",
        speedMmPerSecond: options.calibration === "none" ? "assumed" : "calibration",
        gainMmPerMv: options.calibration === "none" ? "assumed" : "calibration",
      });
      expect(checked.tiles.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS]);
      correlations.push(...checked.correlations);
    }
    expect(correlations).toHaveLength(24);
    expect(quantile(correlations, 0.5)).toBeGreaterThan(0.97);
    expect(quantile(correlations, 0.1)).toBeGreaterThan(0.9);
  });

  it("reads the labels, and turns -aVR back", () => {
    const { segmentation, correlations } = checkPage(record, { limbOrder: "cabrera" }, 150);
    expect(segmentation.strips.map(({ lead }) => lead).slice(0, 4)).toEqual(["aVL", "II", "V1", "V4"]);
    expect(segmentation.strips.filter(({ inverted }) => inverted).map(({ lead }) => lead)).toEqual(["aVR"]);
    expect(segmentation.strips.filter(({ labelRead }) => labelRead).length).toBeGreaterThanOrEqual(11);
    expect(correlations[3]).toBeGreaterThan(0.95);
  });

  it("takes layout and scale from hints", () => {
    const hints = { layout: "6x2", limbOrder: "cabrera", pxPerMm: 4, gainMmPerMv: 20 } as const;
    const options = { layout: "6x2", limbOrder: "cabrera", labels: false } as const;
    const { segmentation } = checkPage(record, options, 101.6, hints);
    expect(segmentation.strips.map(({ lead }) => lead).slice(0, 3)).toEqual(["aVL", "V1", "I"]);
    expect(segmentation.pxPerMm).toBe(4);
    expect(segmentation.strips[0]!.pxPerMv).toBe(80);
    expect(segmentation.sources).toEqual({
      pxPerMm: "hint",
      speedMmPerSecond: "calibration",
      gainMmPerMv: "hint",
    });
  });

  it("leaves the tiles of missing leads blank", () => {
    const limb = buildTestRecord({ samplingRateHz: 500, seconds: 10, leads: STANDARD_LEADS.slice(0, 6) });
    const { tiles } = checkPage(limb, { layout: "3x4" }, 100);
    expect(tiles.filter(({ missing }) => missing).map(({ lead }) => lead)).toEqual([
      ...STANDARD_LEADS.slice(6),
    ]);
    expect(Math.min(...tiles[11]!.pixels)).toBe(255);
    expect(Math.min(...tiles[0]!.pixels)).toBeLessThan(64);
  });

  it("reads grey and transparent pictures as it reads coloured ones", () => {
    const picture = pictureOf(layoutPage(record, {}), 100);
    const count = picture.widthPx * picture.heightPx;
    const clear = new Uint8Array(count * 4);
    const grey = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const [red, green, blue_] = picture.pixels.subarray(3 * i, 3 * i + 3);
      clear.set([red!, green!, blue_!, 255], 4 * i);
      if (red === 255 && green === 255) clear.fill(0, 4 * i, 4 * i + 4);
      grey[i] = Math.round(0.299 * red! + 0.587 * green! + 0.114 * blue_!);
    }
    const own = segmentPage(picture).strips;
    for (const other of [
      { ...picture, channels: 4, pixels: clear },
      { ...picture, channels: 1, pixels: grey },
    ] as const) {
      const { strips } = segmentPage(other);
      expect(strips.map(({ lead }) => lead)).toEqual(own.map(({ lead }) => lead));
      for (const [index, { startPx }] of strips.entries()) {
        expect(Math.abs(startPx - own[index]!.startPx)).toBeLessThan(1.2);
      }
    }
  });
});

describe("segmentPage on other pictures", () => {
  const size = { widthPx: 600, heightPx: 400 };
  const grey = (value: (x: number, y: number) => number): PagePicture => ({
    ...size,
    channels: 1,
    pixels: Uint8Array.from({ length: 240_000 }, (_, i) => value(i % 600, Math.floor(i / 600))),
  });
  const rng = createRng("pictures");
  const words = "The patient was seen in the clinic and reports no chest pain at rest or on effort".split(
    " ",
  );
  const text = Array.from({ length: 28 }, (_, line) =>
    createText([...words.slice(line % 7), ...words].join(" "), 20, 25 + line * 6, {
      role: "header",
      sizeMm: 4,
      color: "#101010",
    }),
  );
  const textPage = {
    widthMm: 297,
    heightMm: 210,
    background: "#ffffff",
    title: "text",
    items: text,
    strips: [],
  } as const;

  it.each<[string, () => PagePicture]>([
    ["a blank page", () => grey(() => 255)],
    ["a black page", () => grey(() => 0)],
    ["noise", () => grey(() => Math.floor(rng.uniform(0, 256)))],
    ["a gradient", () => grey((x) => (x * 255) / 600)],
    [
      "a photograph",
      () => grey((x, y) => 128 + 90 * Math.sin(x / 37) * Math.cos(y / 23) + rng.uniform(0, 30)),
    ],
    ["a page of text", () => pictureOf(textPage, 100)],
    [
      "grid paper alone",
      () =>
        pictureOf(
          {
            ...layoutPage(record, {}),
            items: layoutPage(record, {}).items.filter(({ kind }) => kind === "grid"),
          },
          100,
        ),
    ],
  ])("refuses %s", (_name, picture) => {
    let thrown: unknown;
    try {
      segmentPage(picture());
    } catch (error) {
      thrown = error;
    }
    expect(EcgError.isInstance(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code: "INVALID_FILE" });
    expect((thrown as EcgError).message).toMatch(/^page picture: expected traces of an ECG on paper, found /);
    expect((thrown as EcgError).hint).toMatch(/one ECG page/);
  });

  it("refuses sizes that disagree", () => {
    const picture = grey(() => 255);
    expect(() => segmentPage({ ...picture, channels: 3 })).toThrow(/got 240000 samples of 3/);
    expect(() => segmentPage({ ...picture, widthPx: 10 })).toThrow(/at least 100 x 100 .* got 10 x 400/);
    expect(() => segmentPage(picture, { pxPerMm: 0 })).toThrow(/expected/);
    const page = pictureOf(layoutPage(record, {}), 80);
    const segmentation = segmentPage(page);
    expect(() => tilesOfPage(picture, segmentation, TILE)).toThrow(
      /of 600 x 400 pixels, got one of 935 x 661/,
    );
  });
});
