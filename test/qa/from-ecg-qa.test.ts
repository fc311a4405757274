// ECG-QA questions as items.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkItem } from "../../src/qa/check-item.ts";
import { type EcgQaQuestion, itemFromEcgQa } from "../../src/qa/from-ecg-qa.ts";
import { qaRecord } from "./label-world.ts";

const records = new Map(["ptbxl:1", "ptbxl:2"].map((id) => [id, qaRecord(id, [])]));
const question = (changes: Partial<EcgQaQuestion>): EcgQaQuestion => ({
  templateId: 26,
  sampleId: 5,
  questionType: "single-verify",
  attributeType: "noise",
  question: "Is there static noise in lead aVL?",
  answers: ["no"],
  recordingIds: ["ptbxl:1"],
  attributes: ["static noise"],
  ...changes,
});

describe("itemFromEcgQa", () => {
  it("makes a verify question a closed one with yes, no and not sure", () => {
    const item = itemFromEcgQa(question({}), records, { seed: 1 });
    expect(item?.task).toBe("closed-qa");
    expect(item?.subset).toBe("S");
    expect(item?.dimension).toBe("misc");
    expect([...(item?.options ?? [])].sort()).toEqual(["No", "Not sure", "Yes"]);
    expect(item?.answer).toMatch(/^[ABC]: No$/);
    expect(item && checkItem(item)).toEqual([]);
  });

  it("makes a choose question one between its attributes, both and none", () => {
    const item = itemFromEcgQa(
      question({
        questionType: "single-choose",
        attributeType: "scp_code",
        attributes: ["atrial fibrillation", "atrial flutter"],
        answers: ["atrial fibrillation", "atrial flutter"],
      }),
      records,
      { seed: 1, modality: "image" },
    );
    expect([item?.subset, item?.dimension]).toEqual(["I", "rhythm"]);
    expect(item?.answer).toMatch(/^[A-D]: Both$/);
  });

  it("keeps a query's set of answers as an open question, with its pair", () => {
    const item = itemFromEcgQa(
      question({
        questionType: "comparison_irrelevant-query",
        attributeType: "numeric_feature",
        answers: ["qt interval", "p duration"],
        recordingIds: ["ptbxl:1", "ptbxl:2"],
      }),
      records,
      { seed: 1 },
    );
    expect([item?.task, item?.subset, item?.dimension]).toEqual(["open-qa", "C", undefined]);
    expect(item?.pair).toEqual({ modalities: "S-S", relation: "irrelevant" });
    expect(item?.answer).toBe("P duration; Qt interval");
    expect(item && checkItem(item)).toEqual([]);
  });

  it("gives none where a recording is missing", () => {
    expect(itemFromEcgQa(question({ recordingIds: ["ptbxl:9"] }), records, { seed: 1 })).toBeUndefined();
  });

  const path = "../shared/data/ecg-qa/ptbxl/paraphrased/train/120000_subset.json";
  it.skipIf(!existsSync(path))("takes every noise question of a real file", () => {
    const entries = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>[];
    const known = new Map(
      entries.map((entry) => {
        const id = `ptbxl:${(entry["ecg_id"] as number[])[0]}`;
        return [id, qaRecord(id, [])];
      }),
    );
    const items = entries.map((entry) =>
      itemFromEcgQa(
        {
          templateId: Number(entry["template_id"]),
          sampleId: Number(entry["sample_id"]),
          questionType: String(entry["question_type"]),
          attributeType: String(entry["attribute_type"]),
          question: String(entry["question"]),
          answers: entry["answer"] as string[],
          recordingIds: (entry["ecg_id"] as number[]).map((id) => `ptbxl:${id}`),
          attributes: entry["attribute"] as string[],
        },
        known,
        { seed: 7 },
      ),
    );
    expect(items).toHaveLength(589);
    const problems = items.flatMap((item) => (item === undefined ? ["missing"] : checkItem(item)));
    expect(problems).toEqual([]);
    expect(new Set(items.map((item) => item?.id)).size).toBe(589);
  });
});
