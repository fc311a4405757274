import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { balanceWeights } from "../../src/bench/balance-weights.ts";
import { compareRuns } from "../../src/bench/compare-runs.ts";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { scoreRun } from "../../src/bench/score-run.ts";
import { BALANCED_ACCURACY } from "../../src/bench/tasks/comparison-qa/task.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { bootstrapMean } from "../../src/shared/patient-bootstrap.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A comparison whose right answer is its first option. */
const comparison = (id: string, right: string, templateId: string): QaItem =>
  choiceItem(id, 0, { name: "r1", other: "r2", options: [right, "x", "y", "z"], templateId });

describe("weights that balance answers", () => {
  it("share a template's items equally among its answers", () => {
    // template 1: kept, kept, kept, new -> 4 items, 2 answers: 4 / (2 x 3) and 4 / (2 x 1); template 2: one answer
    const items = ["kept", "kept", "kept", "new", "other"].map((answer, index) => ({
      ...choiceItem(`q${index}`, 0),
      answer,
      templateId: answer === "other" ? "t2" : "t1",
    }));
    const weights = balanceWeights(items, ({ templateId, answer }) => ({ template: templateId, answer }));
    expect(weights.map((weight) => Number(weight.toFixed(4)))).toEqual([0.6667, 0.6667, 0.6667, 2, 1]);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(5, 12);
  });

  it("know an answer in all its wordings and a template in all its phrasings", () => {
    const keyOf = BALANCED_ACCURACY.balance!;
    const same = [
      comparison("a", "Yes, seen in both ECGs", "change-irrelevant-still-present-01"),
      comparison("b", "Yes, present in the first and in the second", "change-irrelevant-still-present-04"),
    ].map(keyOf);
    expect(same).toEqual([
      { template: "change-irrelevant-still-present", answer: "kept" },
      { template: "change-irrelevant-still-present", answer: "kept" },
    ]);
    expect(keyOf(comparison("c", "Atrial fibrillation", "which-new-irrelevant-02"))).toEqual({
      template: "which-new-irrelevant",
      answer: "scp:AFIB",
    });
  });

  it("weigh the mean and its interval: a weight of two is an item that stands there twice", () => {
    const values = [1, 0, 1, 0, 0].map((value, index) => ({ patientId: `p${index}`, value }));
    const twice = [...values.slice(0, 4), ...values.slice(4), ...values.slice(4)];
    const weighted = values.map((item, index) => ({ ...item, weight: index === 4 ? 2 : 1 }));
    const [one, other] = [bootstrapMean(weighted, { seed: 3 }), bootstrapMean(twice, { seed: 3 })];
    expect(one.mean).toBeCloseTo(2 / 6, 12);
    expect([one.low, one.high]).toEqual([other.low, other.high]);
  });
});

async function runOf(items: readonly QaItem[], answers: Readonly<Record<string, (at: number) => string>>) {
  const folder = temporaryFolder();
  const dataset = join(folder, "data");
  const records = ["r1", "r2"].map((name) => ({ record: benchRecord(name), split: "test" as const }));
  await writeTestDataset(dataset, records, { train: [], val: [], test: items });
  for (const [id, answer] of Object.entries(answers)) {
    const model = createFakeModel({ id, answer: (_, asked) => answer(asked - 1) });
    await runBench(dataset, model, join(folder, id), { split: "test", seed: 11 });
  }
  return folder;
}

describe("comparisons", () => {
  it("are scored a second time with each answer counting the same", async () => {
    // three are "kept", one is "new": always "kept" is 3/4 right, and 1/2 when balanced
    const items = [0, 1, 2, 3].map((index) =>
      comparison(
        `q${index}`,
        index < 3 ? "Yes, seen in both ECGs" : "No, seen in the second ECG only",
        `change-irrelevant-still-present-0${index + 1}`,
      ),
    );
    const folder = await runOf(items, { always: (at) => (at < 3 ? "A" : "B"), right: () => "A" });
    const { cells } = await scoreRun(join(folder, "always"));
    const mean = (metric: string): number | undefined =>
      cells.find((cell) => cell.cell === "average" && cell.metric === metric)?.estimate.mean;
    expect(mean("accuracy")).toBeCloseTo(0.75, 12);
    expect(mean("balancedAccuracy")).toBeCloseTo(0.5, 12);
    const { differences } = await compareRuns(join(folder, "right"), join(folder, "always"));
    const balanced = differences.find(
      ({ metric, cell }) => metric === "balancedAccuracy" && cell === "average",
    );
    expect(balanced?.difference.mean).toBeCloseTo(0.5, 12);
    expect(balanced?.difference.tooSmall).toBe(true);
  });
});

describe("closed questions of two runs", () => {
  it("are compared over signals and images together as well, where both were asked", async () => {
    const items = [0, 1, 2, 3].map((index) =>
      choiceItem(`q${index}`, 0, { name: "r1", subset: index < 2 ? "S" : "I" }),
    );
    const folder = await runOf(items, { first: () => "A", second: (at) => (at === 0 ? "A" : "B") });
    const { differences } = await compareRuns(join(folder, "first"), join(folder, "second"));
    const averages = differences.filter(({ cell }) => cell === "average");
    expect(averages.map(({ subset, difference }) => [subset, difference.mean, difference.items])).toEqual([
      ["S", 0.5, 2],
      ["I", 1, 2],
      ["S+I", 0.75, 4],
    ]);
    const signals = await runOf(items.slice(0, 2), { first: () => "A", second: () => "B" });
    const alone = await compareRuns(join(signals, "first"), join(signals, "second"));
    expect([...new Set(alone.differences.map(({ subset }) => subset))]).toEqual(["S"]);
  });
});
