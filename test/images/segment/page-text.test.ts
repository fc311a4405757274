// What the texts of a page say: names that stand alone, speed, gains; and a page that is segmented by them.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../../src/images/build-page.ts";
import type { DisplayList } from "../../../src/images/display-list.ts";
import { type PageWord, pageText } from "../../../src/images/segment/page-text.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { pictureOf } from "./render-picture.ts";

const word = (text: string, fromX = 0, toY = 100): PageWord => ({
  text,
  fromX,
  toX: fromX + 8 * text.length,
  fromY: toY - 12,
  toY,
});

describe("pageText", () => {
  it("finds lead names that stand alone, in our spelling", () => {
    const words = ["I", "AVR", "aVf", "−aVR", "v6", "III", "Vorhof", "IV", "V7"].map((text, i) =>
      word(text, 0, 100 + 40 * i),
    );
    const { labels, boxes } = pageText(words);
    expect(labels.map(({ label }) => label)).toEqual(["I", "aVR", "aVF", "-aVR", "V6", "III"]);
    expect(labels[1]).toEqual({ label: "aVR", fromX: 0, toX: 24, fromY: 128, toY: 140 });
    expect(boxes).toHaveLength(words.length);
  });

  it("takes no name out of a sentence, but several names side by side", () => {
    const sentence = [word("ST depression in", 0), word("V4", 135), word("V5", 500)];
    expect(pageText(sentence).labels.map(({ fromX }) => fromX)).toEqual([500]);
    expect(pageText([word("V1", 0), word("V2", 20)]).labels).toHaveLength(2);
  });

  it.each([
    ["25mm/s 10mm/mV 0.05-150Hz", 25, { limb: 10, chest: 10 }],
    ["12,5 mm/s 5 mm/mV", 12.5, { limb: 5, chest: 5 }],
    ["25 mm/s    2.5 mm/SD", 25, { limb: 2.5, chest: 2.5 }],
    ["Speed: 25 mm/sec Limb: 10 mm/mV Chest: 5 mm/mV", 25, { limb: 10, chest: 5 }],
    ["25mm/s 肢导:10mm/mV 胸导:5mm/mV", 25, { limb: 10, chest: 5 }],
    ["Chest: 5 mm/mV Limb: 10 mm/mV", undefined, { limb: 10, chest: 5 }],
    ["25 mm/s 50 mm/s 5 mm/mV 10 mm/mV 20 mm/mV", undefined, undefined],
    ["0 mm/s 900 mm/mV", undefined, undefined],
  ] as const)("%s", (line, speed, gain) => {
    const { speedMmPerSecond, gainMmPerMv } = pageText([word(line)]);
    expect(speedMmPerSecond).toBe(speed);
    expect(gainMmPerMv).toEqual(gain);
  });

  it.each([
    ["25 mm/s 10 mm/mV", "mV"],
    ["25 mm/s 2.5 mm/SD", "SD"],
    ["Limb: 10 mm/mV Chest: 5 mm/mV", "mV"],
    ["10 mm/mV 2.5 mm/SD", undefined],
    ["25 mm/s", undefined],
  ] as const)("%s: the unit", (line, unit) => {
    expect(pageText([word(line)]).amplitudeUnit).toBe(unit);
  });
});

/** The words of a page as a PDF document would hold them. */
function wordsOf(list: DisplayList, dpi: number): PageWord[] {
  const px = dpi / 25.4;
  return list.items.flatMap((item) =>
    item.kind === "text"
      ? [
          {
            text: item.text,
            fromX: item.xMm * px,
            toX: (item.xMm + 0.6 * item.sizeMm * item.text.length) * px,
            fromY: (item.yMm - 0.72 * item.sizeMm) * px,
            toY: item.yMm * px,
          },
        ]
      : [],
  );
}

describe("segmentPage with the page's text", () => {
  const record = synthesizeEcg({ seed: 3, samplingRateHz: 500, durationSeconds: 10 });

  it("names the strips of an unusual order that the picture itself does not show", () => {
    const rows = [
      ["V6", "aVF"],
      ["V5", "aVL"],
      ["V4", "aVR"],
      ["V3", "III"],
      ["V2", "II"],
      ["V1", "I"],
    ];
    const options = { layout: { rows }, calibration: "none", rhythm: [] } as const;
    const text = pageText(wordsOf(layoutPage(record, options), 120));
    const picture = pictureOf(layoutPage(record, { ...options, labels: false }), 120);
    const found = segmentPage(picture, { text });
    expect([found.rows, found.columns]).toEqual([6, 2]);
    expect(found.strips.map(({ lead }) => lead)).toEqual(rows.flat());
    expect(found.strips.every(({ labelRead, missing }) => labelRead && !missing)).toBe(true);
    expect(found.sources).toEqual({ pxPerMm: "grid", speedMmPerSecond: "text", gainMmPerMv: "text" });
  });
});
