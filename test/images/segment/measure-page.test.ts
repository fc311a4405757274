// What is measured on a rendered page against what is measured on the recording that was drawn.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../../src/images/build-page.ts";
import type { PageOptions } from "../../../src/images/page-options.ts";
import { digitisePage } from "../../../src/images/segment/digitise-page.ts";
import { measurePage } from "../../../src/images/segment/measure-page.ts";
import type { PageSegmentation } from "../../../src/images/segment/page-segmentation.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { measureIntervals } from "../../../src/signal/measure/measure-intervals.ts";
import { correlation, pictureOf } from "./render-picture.ts";

const record = synthesizeEcg({ seed: 31, samplingRateHz: 500, durationSeconds: 10, heartRateBpm: 77 });
const known = measureIntervals(record);

function segmented(options: PageOptions = {}, dpi = 150, from: EcgRecord = record): PageSegmentation {
  return segmentPage(pictureOf(layoutPage(from, options), dpi));
}

describe("digitisePage", () => {
  it("gives the rhythm strip of a 3x4 page first, then its columns", () => {
    const found = digitisePage(segmented(), { id: "page.png" });
    expect(found.map(({ leads }) => leads)).toEqual([
      ["II"],
      ["I", "II", "III"],
      ["aVR", "aVL", "aVF"],
      ["V1", "V2", "V3"],
      ["V4", "V5", "V6"],
    ]);
    expect(found.map(({ signal }) => Math.round(signal.sampleCount / 25) / 10)).toEqual([
      10, 2.5, 2.5, 2.5, 2.5,
    ]);
    expect(found[1]).toMatchObject({ id: "page.png#2", samplingRateHz: 250, patient: {} });
    expect(found[0]!.provenance).toEqual({ format: "page", path: "page.png", sha256: "" });
  });

  it.each([100, 150, 200])("follows the leads of a 12x1 page at %i dpi in mV", (dpi) => {
    const [found, ...more] = digitisePage(segmented({ layout: "12x1" }, dpi), {
      id: "page",
      samplingRateHz: 500,
    });
    expect(more).toEqual([]);
    expect(found!.leads).toEqual([...STANDARD_LEADS]);
    for (const [index, lead] of found!.leads.entries()) {
      // V2 to V4 run into each other's rows on this page
      if (["V2", "V3", "V4"].includes(lead)) continue;
      const drawn = leadSamples(record.signal, record.leads.indexOf(lead));
      const read = leadSamples(found!.signal, index);
      expect(correlation(read, drawn)).toBeGreaterThan(0.95);
      expect(Math.abs(range(read) - range(drawn))).toBeLessThan(0.05 * range(drawn) + 0.02);
    }
  });

  it("turns Cabrera's -aVR back", () => {
    const found = digitisePage(segmented({ layout: "3x4", limbOrder: "cabrera" }), { id: "page" });
    const limb = found.find(({ leads }) => leads.includes("aVR"))!;
    const read = leadSamples(limb.signal, limb.leads.indexOf("aVR"));
    const from = found.indexOf(limb) === 1 ? 0 : 2.5;
    const drawn = leadSamples(record.signal, record.leads.indexOf("aVR"));
    const shown = Float32Array.from(read, (_, i) => drawn[Math.round((from + i / 250) * 500)]!);
    expect(Math.abs(correlation(read, shown))).toBeGreaterThan(0.9);
    expect(correlation(read, shown)).toBeGreaterThan(0);
  });
});

describe("measurePage", () => {
  it.each([
    ["3x4", 100],
    ["3x4", 150],
    ["6x2", 150],
    ["12x1", 100],
    ["12x1", 200],
  ] as const)("%s at %i dpi: rate, intervals and axis of the recording", (layout, dpi) => {
    const found = measurePage(segmented({ layout }, dpi))!;
    expect(Math.abs(found.heartRateBpm! - known.heartRateBpm!)).toBeLessThan(1.5);
    expect(Math.abs(found.qrsMs! - known.qrsMs!)).toBeLessThan(layout === "3x4" ? 20 : 12);
    expect(Math.abs(found.prMs! - known.prMs!)).toBeLessThan(20);
    expect(Math.abs(found.qtMs! - known.qtMs!)).toBeLessThan(25);
    expect(Math.abs(found.axisDegrees.qrs! - known.axisDegrees.qrs!)).toBeLessThan(10);
    expect(Object.keys(found.leads).sort()).toEqual([...STANDARD_LEADS].sort());
    expect(found.quality.leadCount).toBeGreaterThanOrEqual(layout === "12x1" ? 12 : 3);
  });

  it("keeps no voltages of a page of z-scores", () => {
    const z = { ...record, provenance: { ...record.provenance, amplitudeUnit: "z" as const } };
    const segmentation = segmented({}, 150, z);
    expect(segmentation.amplitudeUnit).toBe("SD");
    const found = measurePage(segmentation)!;
    expect(Math.abs(found.heartRateBpm! - known.heartRateBpm!)).toBeLessThan(1.5);
    expect([found.axisDegrees.qrs, found.leads]).toEqual([null, {}]);
  });

  it("is null where no trace has beats", () => {
    const segmentation = segmented();
    const flat = segmentation.strips.map((strip) => ({
      ...strip,
      tracePx: strip.tracePx.map(() => strip.zeroLinePx),
    }));
    expect(measurePage({ ...segmentation, strips: flat })).toBeNull();
    const missing = segmentation.strips.map((strip) => ({ ...strip, missing: true }));
    expect(measurePage({ ...segmentation, strips: missing })).toBeNull();
  });
});

function range(samples: Float32Array): number {
  const finite = [...samples].filter(Number.isFinite);
  return Math.max(...finite) - Math.min(...finite);
}
