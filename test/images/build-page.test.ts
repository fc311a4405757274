// layoutPage: every millimetre of a page against values worked out by hand.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import type { DisplayList, GridItem, PathItem, Strip, TextItem } from "../../src/images/display-list.ts";
import { headerFromRecord } from "../../src/images/page-header.ts";
import type { PageOptions } from "../../src/images/page-options.ts";
import { layoutStrips } from "../../src/images/strip-svg.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { buildTestRecord, FIRST_PEAK_SECONDS, peakMv } from "./build-test-record.ts";

const record = buildTestRecord({ samplingRateHz: 500, seconds: 10 });
const LAYOUTS = ["3x4", "6x2", "12x1"] as const;

function paths(list: DisplayList, role: PathItem["role"]): PathItem[] {
  return list.items.filter((item): item is PathItem => item.kind === "path" && item.role === role);
}

function texts(list: DisplayList, role: TextItem["role"]): TextItem[] {
  return list.items.filter((item): item is TextItem => item.kind === "text" && item.role === role);
}

function traceOf(list: DisplayList, strip: Strip): PathItem {
  const index = list.strips.indexOf(strip);
  return paths(list, "trace").find((path) => path.strip === index)!;
}

/** The point of a trace that lies farthest from a zero line, within `fromMm` to `toMm`. */
function farthestPoint(
  path: PathItem,
  zeroLineMm: number,
  fromMm: number,
  toMm: number,
): { x: number; y: number } {
  let best = { x: Number.NaN, y: zeroLineMm };
  for (const run of path.runs) {
    for (let i = 0; i < run.length; i += 2) {
      const inside = run[i]! >= fromMm && run[i]! <= toMm;
      if (inside && Math.abs(run[i + 1]! - zeroLineMm) > Math.abs(best.y - zeroLineMm)) {
        best = { x: run[i]!, y: run[i + 1]! };
      }
    }
  }
  return best;
}

describe("hand-computed page", () => {
  const list = layoutPage(record);

  it("lays A4 out: grid 6 to 291 mm, traces from 26 mm, four bands of 45 mm", () => {
    expect([list.widthMm, list.heightMm]).toEqual([297, 210]);
    const grid = list.items.find((item): item is GridItem => item.kind === "grid")!;
    // 297 - 2 x 6 = 285 wide; 210 - 6 - 8 (footer) = 196 -> 195 high, foot at 202.
    expect(grid.box).toEqual({ xMm: 6, yMm: 7, widthMm: 285, heightMm: 195 });
    expect([grid.minorMm, grid.majorMm]).toEqual([1, 5]);
    // 195 / 4 = 48.75 -> 45 (nine large squares), 15 mm over: 5 above.
    expect(list.strips.filter((strip) => strip.column === 0).map((strip) => strip.box.yMm)).toEqual([
      12, 57, 102, 147,
    ]);
    expect(list.strips[0]!.box).toEqual({ xMm: 26, yMm: 12, widthMm: 62.5, heightMm: 45 });
  });

  it("puts V1's wave at 5.5 s and V6's at 8.5 s where the ruler says", () => {
    const v1 = list.strips.find((strip) => strip.lead === "V1")!;
    // Third column: 26 + 2 x 62.5 = 151 mm is 5 s; 0.5 s x 25 mm/s more.
    const peak = farthestPoint(traceOf(list, v1), v1.zeroLineMm, 155, 170);
    expect(peak.x).toBeCloseTo(163.5, 3);
    // V1 is 1.1 mV: 11 mm.
    expect(v1.zeroLineMm - peak.y).toBeCloseTo(11, 2);
    const v6 = list.strips.find((strip) => strip.lead === "V6")!;
    const last = farthestPoint(traceOf(list, v6), v6.zeroLineMm, 226, 240);
    expect(last.x).toBeCloseTo(26 + 8.5 * 25, 3);
    expect(v6.zeroLineMm - last.y).toBeCloseTo(16, 2);
  });

  it("draws the pulse 10 mm high and 5 mm wide in front of every row", () => {
    const pulses = paths(list, "calibration");
    expect(pulses).toHaveLength(4);
    for (const [row, pulse] of pulses.entries()) {
      const zero = list.strips.find((strip) => strip.row === row)!.zeroLineMm;
      expect([...pulse.runs[0]!]).toEqual([
        17,
        zero,
        18.5,
        zero,
        18.5,
        zero - 10,
        23.5,
        zero - 10,
        23.5,
        zero,
        25,
        zero,
      ]);
    }
  });

  it("stands zero lines on heavy grid lines", () => {
    expect(list.strips.every((strip) => (strip.zeroLineMm - 7) % 5 === 0)).toBe(true);
  });
});

describe("lead sets", () => {
  it.each(LAYOUTS)("%s shows each of the twelve leads once", (layout) => {
    const list = layoutPage(record, { layout });
    const leads = list.strips.filter((strip) => strip.kind === "lead").map((strip) => strip.lead);
    expect(leads).toHaveLength(12);
    expect(new Set(leads)).toEqual(new Set(STANDARD_LEADS));
    expect(texts(list, "label").map((text) => text.text)).toEqual(list.strips.map((strip) => strip.label));
    const rhythm = list.strips.filter((strip) => strip.kind === "rhythm").map((strip) => strip.lead);
    expect(rhythm).toEqual(layout === "3x4" ? ["II"] : []);
  });

  it("orders rows as printouts do", () => {
    const rows = (layout: PageOptions["layout"]): string[][] => {
      const { strips } = layoutPage(record, { layout: layout!, rhythmLeads: [] });
      const out: string[][] = [];
      for (const strip of strips) {
        const row = out[strip.row] ?? [];
        out[strip.row] = row;
        row.push(strip.label);
      }
      return out;
    };
    expect(rows("3x4")).toEqual([
      ["I", "aVR", "V1", "V4"],
      ["II", "aVL", "V2", "V5"],
      ["III", "aVF", "V3", "V6"],
    ]);
    expect(rows("6x2")[3]).toEqual(["aVR", "V4"]);
    expect(rows("12x1").flat()).toEqual([...STANDARD_LEADS]);
  });

  it.each(LAYOUTS)("%s in Cabrera's order runs aVL I -aVR II aVF III, aVR upside down", (layout) => {
    const list = layoutPage(record, {
      layout,
      limbOrder: "cabrera",
      rhythmLeads: [],
      timing: "simultaneous",
    });
    const inColumns = [...list.strips].sort((a, b) => a.column - b.column || a.row - b.row);
    expect(inColumns.map((strip) => strip.label)).toEqual([
      "aVL",
      "I",
      "-aVR",
      "II",
      "aVF",
      "III",
      "V1",
      "V2",
      "V3",
      "V4",
      "V5",
      "V6",
    ]);
    const inverted = list.strips.find((strip) => strip.lead === "aVR")!;
    expect(inverted.inverted).toBe(true);
    const { xMm } = inverted.box;
    const peak = farthestPoint(traceOf(list, inverted), inverted.zeroLineMm, xMm, xMm + 20);
    // aVR is -0.8 mV in the record, so -aVR stands 8 mm above the line.
    expect(inverted.zeroLineMm - peak.y).toBeCloseTo(8, 2);
    expect(list.strips.filter((strip) => strip.inverted)).toHaveLength(1);
  });

  it("draws any leads that the caller names, and several rhythm strips", () => {
    const list = layoutPage(record, {
      layout: { rows: [["V1"], ["-aVR"]] },
      rhythmLeads: ["V1", "II", "V5"],
    });
    expect(list.strips.map(({ label, kind, row }) => [label, kind, row])).toEqual([
      ["V1", "lead", 0],
      ["-aVR", "lead", 1],
      ["V1", "rhythm", 2],
      ["II", "rhythm", 3],
      ["V5", "rhythm", 4],
    ]);
  });
});

describe("scale", () => {
  const SPEEDS = [12.5, 25, 50];
  const GAINS = [5, 10, 20, { limb: 10, chest: 5 }];
  for (const layout of LAYOUTS) {
    for (const timing of ["consecutive", "simultaneous"] as const) {
      it(`${layout} ${timing}: the first wave of every strip lies on its millimetre at every speed and gain`, () => {
        for (const speedMmPerSecond of SPEEDS) {
          for (const gainMmPerMv of GAINS) {
            const options: PageOptions = { layout, timing, speedMmPerSecond, gainMmPerMv, overflow: "grid" };
            checkPeaks(layoutPage(record, options), options);
          }
        }
      });
    }
  }

  it("says the scale it draws", () => {
    const footer = (options: PageOptions): string => texts(layoutPage(record, options), "footer")[0]!.text;
    expect(footer({})).toBe("25 mm/s    10 mm/mV");
    expect(
      footer({ speedMmPerSecond: 12.5, gainMmPerMv: { limb: 20, chest: 5 }, filters: "0.05-150 Hz" }),
    ).toBe("12.5 mm/s    limb 20 mm/mV    chest 5 mm/mV    0.05-150 Hz");
    expect(footer({ startSeconds: 2.5, layout: "12x1" })).toBe("25 mm/s    10 mm/mV    2.5 s to 10 s");
  });

  it("draws z-scores at 2.5 mm a standard deviation, and says so", () => {
    const zScored = { ...record, provenance: { ...record.provenance, amplitudeUnit: "z" as const } };
    const list = layoutPage(zScored);
    expect(texts(list, "footer")[0]!.text).toBe("25 mm/s    2.5 mm/SD");
    expect(new Set(list.strips.map((strip) => strip.gainMmPerMv))).toEqual(new Set([2.5]));
    expect(texts(layoutPage(zScored, { gainMmPerMv: 5 }), "footer")[0]!.text).toBe("25 mm/s    5 mm/SD");
    const strips = layoutStrips(zScored, ["II"]);
    expect(strips.strips[0]!.gainMmPerMv).toBe(2.5);
    expect(strips.title).toBe("ECG leads II, 25 mm/s, 2.5 mm/SD");
  });

  it("draws one pulse for each gain of a row", () => {
    const list = layoutPage(record, { gainMmPerMv: { limb: 10, chest: 5 } });
    const tops = paths(list, "calibration").map((pulse, row) => {
      const zero = list.strips.find((strip) => strip.row === row)!.zeroLineMm;
      const ys = [...pulse.runs[0]!].filter((_, index) => index % 2 === 1).map((y) => zero - y);
      return ys.filter((y) => y > 0);
    });
    expect(tops).toEqual([
      [10, 10, 5, 5],
      [10, 10, 5, 5],
      [10, 10, 5, 5],
      [10, 10],
    ]);
  });

  it.each([
    [12.5, 2.5],
    [25, 5],
    [50, 10],
  ])("at %d mm/s the pulse is %d mm wide", (speedMmPerSecond, widthMm) => {
    const [, , , , left, , right] = paths(layoutPage(record, { speedMmPerSecond }), "calibration")[0]!
      .runs[0]!;
    expect(right! - left!).toBeCloseTo(widthMm, 5);
  });
});

/** Expected from the strip's place on the page alone: column x width, row's zero line, peak of the lead. */
function checkPeaks(list: DisplayList, options: PageOptions): void {
  const speed = options.speedMmPerSecond!;
  const gain = options.gainMmPerMv!;
  for (const strip of list.strips) {
    const start =
      strip.kind === "lead" && options.timing === "consecutive" ? strip.column * strip.durationSeconds : 0;
    expect(strip.startSeconds).toBeCloseTo(start, 9);
    const first = FIRST_PEAK_SECONDS + Math.ceil(start - FIRST_PEAK_SECONDS - 1e-9);
    const isChest = strip.lead.startsWith("V");
    const mmPerMv = typeof gain === "number" ? gain : isChest ? gain.chest : gain.limb;
    const xMm = strip.box.xMm + (first - start) * speed;
    const peak = farthestPoint(traceOf(list, strip), strip.zeroLineMm, xMm - 0.3 * speed, xMm + 0.3 * speed);
    if (first > start + strip.durationSeconds - 0.05 || first < start + 0.05) continue;
    expect(peak.x).toBeCloseTo(xMm, 3);
    expect(strip.zeroLineMm - peak.y).toBeCloseTo(peakMv(strip.lead) * mmPerMv, 1.9);
    expect(strip.box.widthMm).toBeCloseTo(strip.durationSeconds * speed, 9);
  }
}

describe("time", () => {
  it("columns follow one another, or all start together", () => {
    const starts = (timing: "consecutive" | "simultaneous"): number[] =>
      layoutPage(record, { timing, rhythmLeads: ["II"] })
        .strips.filter((strip) => strip.row === 0)
        .map((strip) => strip.startSeconds);
    expect(starts("consecutive")).toEqual([0, 2.5, 5, 7.5]);
    expect(starts("simultaneous")).toEqual([0, 0, 0, 0]);
  });

  it("starts where it is told to and shares out what is left", () => {
    const list = layoutPage(record, { startSeconds: 2, layout: "6x2" });
    expect(list.strips[0]).toMatchObject({ startSeconds: 2, durationSeconds: 4 });
    expect(list.strips[1]).toMatchObject({ startSeconds: 6, durationSeconds: 4 });
  });

  it("shows ten seconds of an hour, and as many as it is told to", () => {
    const hour = buildTestRecord({ samplingRateHz: 100, seconds: 3600, leads: ["II"] });
    const layout = { rows: [["II"]] };
    expect(layoutPage(hour, { layout, startSeconds: 1800 }).strips[0]).toMatchObject({
      startSeconds: 1800,
      durationSeconds: 10,
    });
    const long = layoutPage(hour, { layout, columnSeconds: 60 });
    expect(long.widthMm).toBe(60 * 25 + 20 + 12);
    expect(long.strips[0]!.durationSeconds).toBe(60);
  });

  it("ends a trace where the record ends", () => {
    const list = layoutPage(record, { layout: "12x1", columnSeconds: 12 });
    const run = traceOf(list, list.strips[0]!).runs[0]!;
    expect(run.at(-2)! - list.strips[0]!.box.xMm).toBeCloseTo(9.998 * 25, 3);
  });

  it("meets the column's edges between two samples", () => {
    // 3 Hz does not divide 2.5 s: the edges lie between samples and are interpolated.
    const slow = buildTestRecord({ samplingRateHz: 3, seconds: 10 });
    const list = layoutPage(slow, { columnSeconds: 2.25 });
    const strip = list.strips[1]!;
    const run = traceOf(list, strip).runs[0]!;
    expect(run[0]).toBeCloseTo(strip.box.xMm, 4);
    expect(run.at(-2)).toBeCloseTo(strip.box.xMm + 2.25 * 25, 4);
  });
});

describe("missing and too much", () => {
  function withSamples(change: (samples: Float32Array) => void, lead = "II"): EcgRecord {
    const changed = buildTestRecord({ samplingRateHz: 500, seconds: 10, peak: () => 0.3 });
    change(leadSamples(changed.signal, changed.leads.indexOf(lead)));
    return changed;
  }

  it("leaves a gap for missing samples and a dot for a lone one", () => {
    const gappy = withSamples((samples) => {
      samples.fill(Number.NaN, 500, 1000);
      samples[750] = 0.25;
    });
    const list = layoutPage(gappy, { layout: "12x1" });
    const strip = list.strips[1]!;
    const { runs } = traceOf(list, strip);
    expect(runs.map((run) => run.length / 2 > 1)).toEqual([true, false, true]);
    expect(runs[0]!.at(-2)! - strip.box.xMm).toBeCloseTo((499 / 500) * 25, 3);
    expect([...runs[1]!]).toEqual([strip.box.xMm + 37.5, strip.zeroLineMm - 2.5]);
    expect(runs[2]![0]! - strip.box.xMm).toBeCloseTo(50, 3);
    expect(strip.missing).toBe(false);
  });

  it("keeps the place and name of a lead that is not there", () => {
    const limb = buildTestRecord({ samplingRateHz: 500, seconds: 10, leads: STANDARD_LEADS.slice(0, 6) });
    const list = layoutPage(limb);
    expect(list.strips.filter((strip) => strip.missing).map((strip) => strip.lead)).toEqual([
      "V1",
      "V4",
      "V2",
      "V5",
      "V3",
      "V6",
    ]);
    expect(texts(list, "label")).toHaveLength(13);
    const allNaN = withSamples((samples) => samples.fill(Number.NaN), "V3");
    expect(layoutPage(allNaN).strips.find((strip) => strip.lead === "V3")!.missing).toBe(true);
  });

  it.each(["band", "neighbours", "grid"] as const)(
    "overflow %s cuts traces off at its line and says so",
    (overflow) => {
      const huge = withSamples((samples) => samples.fill(30, 2000, 2010).fill(-30, 3000, 3010));
      const list = layoutPage(huge, { layout: "12x1", overflow, zeroLine: "fixed" });
      const strip = list.strips[1]!;
      const { yMm, heightMm } = strip.box;
      const [top, bottom] = {
        band: [yMm, yMm + heightMm],
        neighbours: [list.strips[0]!.box.yMm, yMm + 2 * heightMm],
        grid: [7, 202],
      }[overflow] as [number, number];
      const ys = traceOf(list, strip).runs.flatMap((run) => [...run].filter((_, index) => index % 2 === 1));
      expect(Math.min(...ys)).toBeCloseTo(top, 4);
      expect(Math.max(...ys)).toBeCloseTo(bottom, 4);
      expect(list.strips.map((one) => one.clipped)).toEqual(list.strips.map((one) => one.lead === "II"));
    },
  );

  it("moves a zero line just as far as a tall wave needs", () => {
    const tall = withSamples((samples) => {
      samples[300] = 2.8;
    }, "I");
    const usual = layoutPage(tall, { zeroLine: "fixed", overflow: "band" }).strips[0]!;
    const fitted = layoutPage(tall, { overflow: "band" }).strips[0]!;
    expect(usual.zeroLineMm - usual.box.yMm).toBe(25);
    expect(usual.clipped).toBe(true);
    // 28 mm of wave and 1 mm of paper above it.
    expect(fitted.zeroLineMm - fitted.box.yMm).toBe(29);
    expect(fitted.clipped).toBe(false);
  });

  it("takes the median away when asked", () => {
    const shifted = withSamples((samples) => {
      for (let i = 0; i < samples.length; i++) samples[i]! += 4;
    });
    const strip = layoutPage(shifted, { layout: "12x1", offset: "median" }).strips[1]!;
    expect(strip.offsetMv).toBeCloseTo(4, 5);
    expect(strip.clipped).toBe(false);
  });
});

describe("texts", () => {
  it("says nothing about the patient unless asked to", () => {
    const list = layoutPage(record, { notice: "Not a medical device" });
    const all =
      JSON.stringify(list.items.map((item) => (item.kind === "text" ? item.text : ""))) + list.title;
    expect(all).not.toContain("4711");
    expect(all).not.toContain("test-record");
    expect(all).not.toContain("1984");
    expect(texts(list, "header")).toEqual([]);
    expect(texts(list, "footer").map((text) => text.text)).toEqual([
      "25 mm/s    10 mm/mV",
      "Not a medical device",
    ]);
  });

  it("prints what the header has, and -- for what was not found", () => {
    const header = headerFromRecord(record, {
      heartRateBpm: 60.4,
      prMs: null,
      qtMs: 400,
      qtcMs: Number.NaN,
      qrsAxisDegrees: -12,
    });
    const list = layoutPage(record, { header: { ...header, statements: ["Sinus rhythm"] } });
    expect(texts(list, "header").map((text) => text.text)).toEqual([
      "ID: P-4711",
      "56 years   Female",
      "1984-11-09 09:17:34",
      ...["Vent. rate", "60", "bpm"],
      ...["PR interval", "--", "ms"],
      ...["QT/QTc", "400 / --", "ms"],
      ...["QRS axis", "-12", "°"],
      "Sinus rhythm",
    ]);
    const lowest = Math.max(...texts(list, "header").map((text) => text.yMm));
    const grid = list.items.find((item): item is GridItem => item.kind === "grid")!;
    expect(lowest).toBeLessThan(grid.box.yMm);
    expect(grid.box.yMm + grid.box.heightMm).toBeCloseTo(202, 9);
  });

  it("keeps labels off the trace", () => {
    const tall = buildTestRecord({ samplingRateHz: 500, seconds: 10, peak: () => 1 });
    // The first wave is moved under the label.
    const list = layoutPage(tall, { startSeconds: 0.35, layout: "6x2" });
    const strip = list.strips[0]!;
    const label = texts(list, "label")[0]!;
    expect(strip.zeroLineMm - label.yMm).toBeGreaterThan(10.9);
    expect(label.yMm - label.sizeMm * 0.69).toBeGreaterThanOrEqual(strip.box.yMm);
  });

  it("leaves labels out when asked to", () => {
    expect(texts(layoutPage(record, { labels: false }), "label")).toEqual([]);
  });
});

describe("bad options", () => {
  const cases: [string, PageOptions, RegExp][] = [
    ["speed", { speedMmPerSecond: 0 }, /speedMmPerSecond: expected a number from 1 to 500, got 0/],
    ["gain", { gainMmPerMv: Number.NaN }, /gainMmPerMv \(limb\).*got NaN/],
    ["start", { startSeconds: 10 }, /below the record's 10 s, got 10/],
    ["page width", { page: "A4", columnSeconds: 5 }, /at most 265 mm, got 500 mm/],
    ["page height", { page: { widthMm: 297, heightMm: 20 } }, /at least 12 mm for 4 rows, got 5 mm/],
    ["layout", { layout: "4x3" as "3x4" }, /expected 3x4, 6x2, 12x1 or \{ rows \}, got "4x3"/],
    ["colour", { inkColor: '#000"/>' }, /inkColor: expected #rrggbb, got "#000\\"\/>"/],
    ["twice", { layout: { rows: [["V1"], ["V1"]] } }, /V1 stands there twice/],
    ["ragged", { layout: { rows: [["V1", "V2"], ["V3"]] } }, /expected 2 leads in every row, row 1 has 1/],
  ];
  it.each(cases)("%s: one sentence with both values", (_name, options, message) => {
    try {
      layoutPage(record, options);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "EcgError", code: "INVALID_OPTION" });
      expect((error as Error).message).toMatch(message);
    }
  });

  it("a record without samples is no page", () => {
    const empty = buildTestRecord({ samplingRateHz: 500, seconds: 0 });
    expect(() => layoutPage(empty)).toThrow(/expected at least one sample, got 0 at 500 Hz/);
  });
});
