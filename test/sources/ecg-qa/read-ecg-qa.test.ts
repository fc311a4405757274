// ECG-QA: typed entries, their recordings, and one sentence for a file that is something else.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import {
  isEcgQa,
  listEcgQaFiles,
  readEcgQa,
  readEcgQaFile,
} from "../../../src/sources/ecg-qa/read-ecg-qa.ts";

const DATA = "../shared/data/ecg-qa";

const single = {
  template_id: 26,
  question_id: 1709,
  sample_id: 120012,
  question_type: "single-verify",
  attribute_type: "noise",
  question: "Does the ECG reveal any static noise in lead aVL?",
  answer: ["no"],
  ecg_id: [127],
  attribute: ["static noise"],
};
const pair = {
  ...single,
  template_id: 68,
  question_type: "comparison_irrelevant-query",
  attribute_type: "numeric_feature",
  answer: ["qt interval", "rr interval"],
  ecg_id: [4130, 431],
  attribute: null,
};
const store = createMemoryFileStore({
  "qa/paraphrased/valid/0.json": JSON.stringify([single, pair]),
  "qa/mimic-iv-ecg/template/test/0.json": JSON.stringify([single]),
  "qa/notes.json": '{"a": 1}',
  "bad/0.json": JSON.stringify([single, { ...pair, ecg_id: [1, 2, 3] }]),
  "cut/0.json": JSON.stringify([single]).slice(0, -5),
  "empty/readme.md": "",
});

describe("readEcgQaFile", () => {
  it("types an entry and names its recordings", async () => {
    const [one, two] = await readEcgQaFile(store, "qa/paraphrased/valid/0.json");
    expect(one).toEqual({
      templateId: 26,
      questionId: 1709,
      sampleId: 120012,
      questionType: "single-verify",
      attributeType: "noise",
      question: single.question,
      answers: ["no"],
      ecgIds: [127],
      recordingIds: ["ptbxl:127"],
      attributes: ["static noise"],
      split: "valid",
      wording: "paraphrased",
      origin: { path: "qa/paraphrased/valid/0.json", index: 0 },
    });
    expect(two?.recordingIds).toEqual(["ptbxl:4130", "ptbxl:431"]);
    expect(two).not.toHaveProperty("attributes");
  });

  it("says which entry is wrong, and how", async () => {
    await expect(readEcgQaFile(store, "bad/0.json")).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringMatching(/^bad\/0\.json, entry 1, ecg_id: expected an ECG-QA question, /),
    });
    await expect(readEcgQaFile(store, "cut/0.json")).rejects.toThrowError(/cut\/0\.json: expected JSON, got/);
  });
});

describe("readEcgQa", () => {
  it("finds the question files of a folder and no others", async () => {
    expect(await isEcgQa(store, "qa/notes.json")).toBe(false);
    expect(await listEcgQaFiles(store, "qa")).toEqual([
      "qa/mimic-iv-ecg/template/test/0.json",
      "qa/paraphrased/valid/0.json",
    ]);
    const ids: string[][] = [];
    for await (const entry of readEcgQa(store, "qa")) ids.push([...entry.recordingIds]);
    expect(ids).toEqual([["mimic-iv-ecg:127"], ["ptbxl:127"], ["ptbxl:4130", "ptbxl:431"]]);
    await expect(listEcgQaFiles(store, "empty")).rejects.toThrowError(
      /expected ECG-QA's JSON files, found none/,
    );
  });

  it.skipIf(!existsSync(DATA))("reads every entry of the shared subset", async () => {
    const counts = new Map<string, number>();
    for await (const entry of readEcgQa(diskFileStore, DATA)) {
      const key = `${entry.wording}/${entry.split} ${entry.questionType}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      expect(entry.ecgIds).toHaveLength(entry.questionType.startsWith("single") ? 1 : 2);
    }
    expect(Object.fromEntries(counts)).toEqual({
      "paraphrased/train single-verify": 589,
      "paraphrased/train comparison_irrelevant-query": 914,
      "paraphrased/valid comparison_irrelevant-query": 3152,
      "template/valid comparison_irrelevant-query": 500,
    });
  });
});
