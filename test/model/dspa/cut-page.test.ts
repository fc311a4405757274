// Tiles cut from a page against tiles drawn from its recording: leads, rhythm strip, and the height of z-scores.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../../src/images/build-page.ts";
import type { PageOptions } from "../../../src/images/page-options.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import { cutPage } from "../../../src/model/dspa/cut-page.ts";
import { drawLeadTiles } from "../../../src/model/dspa/draw-tiles.ts";
import type { HeartcareConfig } from "../../../src/model/dspa/heartcare-config.ts";
import { tilesPerImage } from "../../../src/model/dspa/heartcare-config.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { momentsOf } from "../../../src/signal/moments.ts";
import { NANO_HEARTCARE, NANO_VISION } from "../../../src/training/heartcare/nano-config.ts";
import { correlation, pictureOf, readTile } from "../../images/segment/render-picture.ts";
import { exampleEcg } from "../tiny-heartcare.ts";

const record = exampleEcg("cut", { bpm: 84 });
const scored = zScored(record);
const NANO = { config: NANO_HEARTCARE, vision: NANO_VISION };
const { rhythmSeconds: _none, ...bare } = NANO_HEARTCARE.image;
const WITHOUT: HeartcareConfig = { ...NANO_HEARTCARE, image: bare };

/** As a file of z-scores keeps it. */
function zScored(whole: EcgRecord): EcgRecord {
  const signal = { ...whole.signal, data: Float32Array.from(whole.signal.data) };
  for (let lead = 0; lead < signal.leadCount; lead++) {
    const samples = leadSamples(signal, lead);
    const { mean, sd } = momentsOf(samples);
    for (let t = 0; t < samples.length; t++) samples[t] = (samples[t]! - mean) / sd;
  }
  return { ...whole, signal, provenance: { ...whole.provenance, amplitudeUnit: "z" } };
}

function cut(from: EcgRecord, options: PageOptions = {}) {
  const picture = pictureOf(layoutPage(from, options), 120);
  const segmentation = segmentPage(picture);
  return { segmentation, tiles: cutPage(picture, segmentation, NANO) };
}

describe("cutPage", () => {
  it.each([
    ["mV", record, 4],
    ["SD", scored, 16],
  ] as const)("gives from a page in %s what drawLeadTiles gives from its recording", (unit, from, height) => {
    const { segmentation, tiles } = cut(from);
    expect(segmentation.amplitudeUnit).toBe(unit);
    const drawn = drawLeadTiles(from, NANO);
    expect(tiles.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS, "rhythm strip"]);
    expect(drawn.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS, "rhythm strip"]);
    for (const [index, tile] of tiles.entries()) {
      expect(tile.pxPerMv).toBeCloseTo(128 / height, 6);
      expect(drawn[index]!.pxPerMv).toBeCloseTo(128 / height, 6);
      expect(correlation(readTile(tile), readTile(drawn[index]!))).toBeGreaterThan(0.9);
    }
  });

  it("shows the whole of lead II where a page does, and its column where that is all", () => {
    const inked = (options: PageOptions): number => {
      const strip = cut(record, options).tiles.at(-1)!;
      expect(strip.pxPerSecond).toBeCloseTo(12.8, 6);
      return readTile(strip).filter(Number.isFinite).length;
    };
    for (const layout of ["3x4", "12x1"] as const) {
      expect(inked({ layout })).toBeGreaterThan(120);
    }
    const half = inked({ layout: "6x2" });
    expect(half).toBeGreaterThan(60);
    expect(half).toBeLessThan(68);
  });

  it("keeps R waves that a tile of four standard deviations would cut", () => {
    const tallest = (tile: { pixels: Uint8Array }): number => tile.pixels.findIndex((pixel) => pixel < 128);
    const low = { ...NANO_HEARTCARE, image: { ...NANO_HEARTCARE.image, tileHeightSd: 4 } };
    const [inTwo, inEight] = [low, NANO_HEARTCARE].map((config) =>
      drawLeadTiles(scored, { config, vision: NANO_VISION })
        .slice(6, 12)
        .filter((tile) => tallest(tile) < 128),
    );
    expect(inTwo!.length).toBeGreaterThan(0);
    expect(inEight).toEqual([]);
  });

  it("leaves the strip out of models that have none", () => {
    expect([tilesPerImage(NANO_HEARTCARE), tilesPerImage(WITHOUT)]).toEqual([13, 12]);
    const vision = NANO_VISION;
    expect(drawLeadTiles(record, { config: WITHOUT, vision })).toHaveLength(12);
    const picture = pictureOf(layoutPage(record, {}), 100);
    expect(cutPage(picture, segmentPage(picture), { config: WITHOUT, vision })).toHaveLength(12);
  });

  it("draws strips of other lengths for other printers", () => {
    const lengths = Array.from({ length: 24 }, (_, seed) => {
      const strip = drawLeadTiles(record, NANO, createRng(`printer ${seed}`)).at(-1)!;
      return readTile(strip).filter(Number.isFinite).length;
    });
    expect(lengths.some((length) => length > 115)).toBe(true);
    expect(lengths.some((length) => length < 75)).toBe(true);
  });
});
