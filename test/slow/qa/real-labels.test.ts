// The items of the real labels: how many, how they are spread, and that their text alone answers nothing.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { countItems, distinctKey } from "../../../src/dataset/count-items.ts";
import { measureTextLeak, trainTextChoice } from "../../../src/dataset/train-text-choice.ts";
import { buildComparisonItems, buildRecordItems } from "../../../src/qa/build-items.ts";
import { checkItem } from "../../../src/qa/check-item.ts";
import { planClosedQuestions } from "../../../src/qa/plan/plan-closed-questions.ts";
import { planComparisons } from "../../../src/qa/plan/plan-comparisons.ts";
import type { QaItem } from "../../../src/qa/qa-item.ts";
import type { QaRecord } from "../../../src/qa/qa-record.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { REAL_DATA, realRecords } from "./real-labels.ts";

type Built = { readonly record: QaRecord; readonly items: readonly QaItem[] };

function build(records: readonly QaRecord[], seed: number): Built[] {
  const closed = planClosedQuestions(records, { seed });
  const byId = new Map(records.map((record) => [record.recordId, record]));
  const single = records.map((record) => ({
    record,
    items: buildRecordItems(record, { seed, closedQuestions: closed.byRecord.get(record.recordId) ?? [] }),
  }));
  const pairs = planComparisons(records, { seed }).pairs.map((pair) => {
    const first = byId.get(pair.firstId);
    const second = byId.get(pair.secondId);
    if (first === undefined || second === undefined) throw new Error("pair of unknown records");
    const { relation, questions } = pair;
    return { record: first, items: buildComparisonItems({ first, second, relation, questions }, { seed }) };
  });
  return [...single, ...pairs];
}

describe.skipIf(!existsSync(`${REAL_DATA}/ptb-xl`))("items of the real labels", () => {
  const records: QaRecord[] = [];
  let built: Built[] = [];
  let items: QaItem[] = [];
  beforeAll(() => {
    records.push(...realRecords());
    built = build(records, 7);
    items = built.flatMap((part) => part.items);
  });

  it("are at least twelve distinct facts a recording, without comparisons too", () => {
    expect(records.length).toBeGreaterThan(700);
    const single = items.filter((item) => item.task !== "comparison-qa");
    expect(new Set(single.map(distinctKey)).size / records.length).toBeGreaterThan(12);
    expect(new Set(items.map(distinctKey)).size / records.length).toBeGreaterThan(20);
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
  });

  it("are sound", () => {
    const byId = new Map(records.map((record) => [record.recordId, record]));
    const problems = items.flatMap((item) => checkItem(item, byId.get(item.records[0]?.recordId ?? "")));
    expect(problems).toEqual([]);
  });

  it("spread the right letters within 23 to 27 percent, over all and in every task with options", () => {
    const bySplit = (split: string) =>
      built.filter((part) => part.record.split === split).flatMap((part) => part.items);
    const { letterShares } = countItems({
      train: bySplit("train"),
      val: bySplit("val"),
      test: bySplit("test"),
    });
    for (const share of Object.values(letterShares)) expect(Math.abs(share - 0.25)).toBeLessThan(0.01);
    for (const task of ["closed-qa", "comparison-qa"]) {
      const letters = items.filter((item) => item.task === task).map((item) => item.answer.charAt(0));
      for (const letter of "ABCD") {
        const share = letters.filter((value) => value === letter).length / letters.length;
        expect(share).toBeGreaterThan(0.23);
        expect(share).toBeLessThan(0.27);
      }
    }
  });

  it.each(["closed-qa", "comparison-qa"])("cannot be answered from the text of %s alone", (task) => {
    const of = (train: boolean) =>
      built
        .filter((part) => (part.record.split === "train") === train)
        .flatMap((part) => part.items.filter((item) => item.task === task));
    const leak = measureTextLeak(trainTextChoice(of(true), 1), of(false));
    const standardError = Math.sqrt((0.25 * 0.75) / leak.items);
    expect(leak.items).toBeGreaterThan(300);
    expect(leak.chance).toBeCloseTo(0.25, 10);
    expect(Math.abs(leak.accuracy - 0.25)).toBeLessThan(3 * standardError);
  });

  it("are the same bytes whatever the order of the recordings", () => {
    const again = build(createRng(5).shuffle(records), 7).flatMap((part) => part.items);
    const text = (list: readonly QaItem[]) => list.map((item) => JSON.stringify(item)).sort();
    expect(text(again)).toEqual(text(items));
  });
});
