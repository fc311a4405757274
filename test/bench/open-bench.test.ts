import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BenchQuestion } from "../../src/bench/bench-model.ts";
import { openBench } from "../../src/bench/open-bench.ts";
import { statementFromScp } from "../../src/labels/statements-from-scp.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { writeFileAtomic } from "../../src/shared/write-file-atomic.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem, predictionItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SELECTION = { split: "test", seed: 1 } as const;
const IMAGE_BYTES = Uint8Array.of(137, 80, 78, 71);

/** A recording whose every field tells that it is atrial fibrillation, with one question of each kind. */
async function openTelltale(items: readonly QaItem[]): Promise<(index: number) => BenchQuestion> {
  const dataset = join(temporaryFolder(), "data");
  const record = benchRecord("AFIB-case-7", undefined, {
    statements: [statementFromScp("AFIB", 100)!],
    sourceLabels: [{ system: "scp", code: "AFIB", likelihood: 100 }],
    labelScope: ["scp:AFIB", "scp:SR"],
    reportText: "vorhofflimmern AFIB",
  });
  const [stored] = await writeTestDataset(
    dataset,
    [
      { record, split: "test" },
      { record: benchRecord("r2"), split: "test" },
    ],
    { train: [], val: [], test: items },
  );
  const image = {
    path: "images/AFIB.png",
    layout: "3x4",
    dpi: 100,
    paperSpeedMmPerSecond: 25,
    gainMmPerMv: 10,
    sha256: "00",
  };
  await writeFileAtomic(join(dataset, image.path), IMAGE_BYTES);
  const withImage = {
    ...stored!,
    unknownLabels: ["AFIB-unknown"],
    files: { ...stored!.files, images: [image] },
  };
  const second = JSON.stringify({ ...stored!, identity: benchRecord("r2").identity });
  await writeFileAtomic(join(dataset, "records.jsonl"), `${JSON.stringify(withImage)}\n${second}\n`);
  const bench = await openBench(dataset, SELECTION);
  return (index) => bench.question(bench.items[index]!);
}

const NEUTRAL = { name: "AFIB-case-7", options: ["one", "two", "three", "four"] };

describe("what a model is shown", () => {
  it("holds nothing of the answer, the labels, the report, the scope, file names or ids", async () => {
    const question = await openTelltale([
      choiceItem("test:AFIB-case-7@signal/closed-qa/choice:rhythm=scp:AFIB", 2, { ...NEUTRAL, fact: "AFIB" }),
    ]);
    const shown = question(0);
    expect(JSON.stringify(shown)).not.toMatch(/AFIB|vorhof|atrial|scp:|case-7|test:|\/data\//i);
    expect(Object.keys(shown.item).sort()).toEqual([
      "context",
      "dimension",
      "id",
      "instruction",
      "options",
      "outputFormat",
      "pair",
      "subset",
      "task",
      "templateId",
    ]);
    expect(Object.keys(shown.inputs[0]!.record).sort()).toEqual([
      "acquiredAt",
      "amplitudeUnit",
      "id",
      "leads",
      "measurements",
      "patient",
      "samplingRateHz",
    ]);
    expect(shown.inputs[0]!.record.patient).toEqual({ ageYears: 60, sex: "female" });
  });

  it("names a recording by the same opaque id in every question, another recording by another", async () => {
    const question = await openTelltale([
      choiceItem("a", 0, NEUTRAL),
      choiceItem("b", 1, { ...NEUTRAL, other: "r2" }),
    ]);
    const [first, pair] = [question(0), question(1)];
    expect(first.inputs[0]!.record.id).toBe(pair.inputs[0]!.record.id);
    expect(first.inputs[0]!.record.id).toMatch(/^[0-9a-f]{16}$/);
    expect(pair.inputs[1]!.record.id).not.toBe(pair.inputs[0]!.record.id);
    expect(first.item.id).not.toBe(pair.item.id);
  });

  it("is the window's samples, and the continuation only for scoring", async () => {
    const dataset = join(temporaryFolder(), "data");
    await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "test" }], {
      train: [],
      val: [],
      test: [predictionItem("p", 500)],
    });
    const bench = await openBench(dataset, SELECTION);
    const [item] = bench.items;
    const window = await bench.question(item!).inputs[0]!.readWindow();
    expect([window.leadCount, window.sampleCount]).toEqual([2, 1000]);
    expect(leadSamples(window, 0)[0]).toBeCloseTo(0.5, 6);
    expect(leadSamples(window, 1)[999]).toBeCloseTo(-1.499, 6);
    const after = await bench.readContinuation(item!, 1500);
    expect(leadSamples(after, 0)[0]).toBeCloseTo(1.5, 6);
    expect(leadSamples(after, 0)[999]).toBeCloseTo(2.499, 6);
    expect(leadSamples(after, 0)[1000]).toBeNaN();
  });

  it("is a page where the question shows a page: bytes of the image, no signal and no measurements", async () => {
    const base = choiceItem("image", 0, NEUTRAL);
    const question = await openTelltale([
      { ...base, subset: "I", records: [{ ...base.records[0]!, modality: "image" }] },
      choiceItem("signal", 0, NEUTRAL),
    ]);
    const [page, signal] = [question(0).inputs[0]!, question(1).inputs[0]!];
    expect([...(await page.readImage())]).toEqual([...IMAGE_BYTES]);
    expect(page.record.measurements).toBeNull();
    await expect(page.readWindow()).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "question about an ECG image: expected to be read as one, got a request for its signal",
    });
    await expect(signal.readImage()).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  it("says which page is missing", async () => {
    const base = choiceItem("image", 0, { ...NEUTRAL, name: "r2" });
    const question = await openTelltale([
      { ...base, subset: "I", records: [{ ...base.records[0]!, modality: "image" }] },
    ]);
    await expect(question(0).inputs[0]!.readImage()).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("expected a page of test:r2, found none"),
    });
  });

  it("refuses an item about a recording that is not there", async () => {
    const question = await openTelltale([openItem("o", "sinus rhythm", { name: "lost" })]);
    expect(() => question(0)).toThrow("expected test:lost in records.jsonl");
  });
});
