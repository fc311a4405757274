import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/bench/compare-runs.ts";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Two runs over the same items: `first` and `second` answer by the item's place. */
async function runBoth(
  items: readonly QaItem[],
  first: (index: number) => string,
  second: (index: number) => string,
): Promise<[string, string]> {
  const folder = temporaryFolder();
  const dataset = join(folder, "data");
  const names = [...new Set(items.map((item) => item.records[0]!.recordId.slice(5)))];
  const recordings = names.map((name) => ({ record: benchRecord(name), split: "test" as const }));
  await writeTestDataset(dataset, recordings, { train: [], val: [], test: items });
  for (const [id, answer] of [
    ["first", first],
    ["second", second],
  ] as const) {
    const model = createFakeModel({ id, answer: (_, asked) => answer(asked - 1) });
    await runBench(dataset, model, join(folder, id), { split: "test", seed: 11 });
  }
  return [join(folder, "first"), join(folder, "second")];
}

const numbered = (count: number, patients: number): QaItem[] =>
  Array.from({ length: count }, (_, i) =>
    choiceItem(`q${String(i).padStart(3, "0")}`, 0, { name: `r${i % patients}` }),
  );

describe("the paired difference", () => {
  it("is the mean of the differences item by item", async () => {
    // first is right on 0, 1, 2; second on 0, 3: differences 0, 1, 1, -1
    const [first, second] = await runBoth(
      numbered(4, 4),
      (i) => (i <= 2 ? "A" : "B"),
      (i) => (i === 0 || i === 3 ? "A" : "C"),
    );
    const comparison = await compareRuns(first, second);
    expect(comparison).toMatchObject({ first: "first", second: "second", unpaired: 0 });
    const average = comparison.differences.find(({ cell }) => cell === "average")!;
    expect(average.difference.mean).toBeCloseTo(0.25, 12);
    expect(average.difference).toMatchObject({ items: 4, patients: 4, tooSmall: true });
    expect(average.supported).toBe(false);
    const back = (await compareRuns(second, first)).differences.find(({ cell }) => cell === "average")!;
    expect(back.difference.mean).toBeCloseTo(-0.25, 12);
  });

  it("is narrower than unpaired scores would be when both fail on the same items", async () => {
    // Both right on the even patients; first right on one item in ten of the others as well.
    const [first, second] = await runBoth(
      numbered(120, 40),
      (i) => (i % 2 === 0 || i % 20 === 1 ? "A" : "B"),
      (i) => (i % 2 === 0 ? "A" : "B"),
    );
    const { difference, supported } = (await compareRuns(first, second)).differences.find(
      ({ cell }) => cell === "average",
    )!;
    expect(difference.mean).toBeCloseTo(0.05, 12);
    expect(difference.high - difference.low).toBeLessThan(0.15);
    expect(difference.tooSmall).toBe(false);
    expect(supported).toBe(difference.low > 0);
  });

  it("supports a claim where the interval excludes 0, and none between equal runs", async () => {
    const items = numbered(120, 40);
    const [better, worse] = await runBoth(
      items,
      () => "A",
      (i) => (i % 3 === 0 ? "B" : "A"),
    );
    expect((await compareRuns(better, worse)).differences.map(({ supported }) => supported)).toEqual([
      true,
      true,
    ]);
    const [one, other] = await runBoth(
      items,
      () => "A",
      () => "A",
    );
    const equal = (await compareRuns(one, other)).differences[0]!;
    expect([equal.difference.mean, equal.difference.low, equal.difference.high]).toEqual([0, 0, 0]);
    expect(equal.supported).toBe(false);
  });

  it("leaves out what only one run answered", async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, "data");
    await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "test" }], {
      train: [],
      val: [],
      test: [choiceItem("q0", 0), choiceItem("q1", 0), openItem("o0", "sinus rhythm")],
    });
    const run = (id: string, tasks: ("closed-qa" | "open-qa")[]) =>
      runBench(dataset, createFakeModel({ id, tasks }), join(folder, id), { split: "test", seed: 1 });
    await run("both", ["closed-qa", "open-qa"]);
    await run("closed", ["closed-qa"]);
    await run("open", ["open-qa"]);
    const comparison = await compareRuns(join(folder, "both"), join(folder, "closed"));
    expect(comparison.unpaired).toBe(1);
    expect(comparison.differences.map(({ task }) => task)).toEqual(["closed-qa", "closed-qa"]);
    await expect(compareRuns(join(folder, "open"), join(folder, "closed"))).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("expected items in common, found none among 1 and 2 answers"),
    });
  });
});
