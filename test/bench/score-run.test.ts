import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { type CellScore, scoreRun } from "../../src/bench/score-run.ts";
import { BENCH_TASKS } from "../../src/bench/tasks/index.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem, predictionItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Ask `answers` of `items` one by one (an Error fails) and return the folders. */
async function runWith(
  items: readonly QaItem[],
  answers: readonly (string | Error)[],
): Promise<{ dataset: string; runFolder: string }> {
  const folder = temporaryFolder();
  const [dataset, runFolder] = [join(folder, "data"), join(folder, "run")];
  const names = [...new Set(items.flatMap((item) => item.records.map(({ recordId }) => recordId.slice(5))))];
  const recordings = names.map((name) => ({ record: benchRecord(name), split: "test" as const }));
  await writeTestDataset(dataset, recordings, { train: [], val: [], test: items });
  const model = createFakeModel({ answer: (_, asked) => answers[asked - 1] ?? "" });
  await runBench(dataset, model, runFolder, { split: "test", seed: 3 });
  return { dataset, runFolder };
}

const cellOf = (cells: readonly CellScore[], task: string, cell: string): CellScore =>
  cells.find((score) => score.task === task && score.cell === cell)!;

describe("scores of answers made by hand", () => {
  it("counts unparsed and failed answers as wrong and apart", async () => {
    const items = ["q0", "q1", "q2", "q3", "q4"].map((id) => choiceItem(id, 1));
    const { runFolder } = await runWith(items, [
      "B: Atrial fibrillation", // right
      "Sinus rhythm", // another option: wrong
      "I cannot tell", // unparsed
      new Error("no connection"), // failed
      "The answer is B.", // right
    ]);
    const { cells, unanswered } = await scoreRun(runFolder);
    const average = cellOf(cells, "closed-qa", "average");
    expect(average.estimate).toMatchObject({ items: 5, patients: 1, tooSmall: true });
    expect(average.estimate.mean).toBeCloseTo(0.4, 12);
    expect(average.chance).toBeCloseTo(0.25, 12);
    expect([average.unparsed, average.failed, unanswered]).toEqual([1, 1, 0]);
  });

  it("has a cell a dimension, and an average in which every item weighs the same", async () => {
    const items = [
      choiceItem("q0", 0),
      choiceItem("q1", 0),
      choiceItem("q2", 0),
      choiceItem("q3", 0, { dimension: "diagnosis" }),
    ];
    const { runFolder } = await runWith(items, ["A", "A", "B", "A"]);
    const { cells } = await scoreRun(runFolder);
    expect(
      cells.map(({ cell, estimate }) => [cell, Number(estimate.mean.toFixed(4)), estimate.items]),
    ).toEqual([
      ["diagnosis", 1, 1],
      ["rhythm", 0.6667, 3],
      ["average", 0.75, 4],
    ]);
  });

  it("scores words by ROUGE-L, an empty answer as unparsed", async () => {
    const items = [
      openItem("o0", "the rhythm is sinus rhythm"),
      openItem("o1", "atrial fibrillation"),
      openItem("r0", "Rhythm: sinus rhythm.", { task: "report" }),
    ];
    // "sinus rhythm" is a subsequence of length 2: P 2/2, R 2/5, F 4/7
    const { runFolder } = await runWith(items, ["sinus rhythm", "  ", "rhythm sinus rhythm"]);
    const { cells } = await scoreRun(runFolder);
    const open = cellOf(cells, "open-qa", "average");
    expect(open.estimate.mean).toBeCloseTo(4 / 7 / 2, 12);
    expect(open.unparsed).toBe(1);
    expect(open.chance).toBeUndefined();
    expect(cellOf(cells, "report", "all").estimate.mean).toBe(1);
  });

  it("scores a prediction without a forecast as the mean would do, and counts it", () => {
    const prediction = BENCH_TASKS.find(({ name }) => name === "prediction")!;
    const item = predictionItem("p", 0);
    const answer = { itemId: "p", task: "prediction", text: "<pred>", seconds: 0 };
    expect(prediction.score(item, { ...answer, measures: { mse: 0.25 } })).toEqual({ values: { mse: 0.25 } });
    expect(prediction.score(item, answer)).toEqual({ values: { mse: 1 }, unparsed: "no forecast" });
    expect(prediction.score(item, { ...answer, error: "out of memory" })).toEqual({ values: { mse: 1 } });
  });

  it("puts pairs into cells by modality and relation, and knows both patients", async () => {
    const items = [choiceItem("c0", 0, { other: "r2" }), choiceItem("c1", 0, { name: "r2", other: "r3" })];
    const { runFolder } = await runWith(items, ["A", "B"]);
    const { cells } = await scoreRun(runFolder);
    expect(cellOf(cells, "comparison-qa", "S-S irrelevant").estimate).toMatchObject({
      mean: 0.5,
      patients: 3,
    });
  });
});

describe("a log scored later", () => {
  it("gives the same report.json without the model, also from a moved dataset", async () => {
    const { dataset, runFolder } = await runWith([choiceItem("q0", 0), choiceItem("q1", 1)], ["A", "A"]);
    const scores = await scoreRun(runFolder);
    expect(JSON.parse(await readFile(join(runFolder, "report.json"), "utf8"))).toEqual(
      JSON.parse(JSON.stringify(scores)),
    );
    expect(scores.cells.at(-1)?.estimate.mean).toBe(0.5);
    expect((await scoreRun(runFolder, dataset)).cells).toEqual(scores.cells);
  });

  it("says how many items have no answer yet, and does not count a line that is still being written", async () => {
    const { runFolder } = await runWith(
      [choiceItem("q0", 0), choiceItem("q1", 0), choiceItem("q2", 0)],
      ["A", "A", "B"],
    );
    const log = await readFile(join(runFolder, "answers.jsonl"), "utf8");
    writeFileSync(join(runFolder, "answers.jsonl"), log.slice(0, -5));
    const scores = await scoreRun(runFolder);
    expect(scores.unanswered).toBe(1);
    expect(scores.cells.at(-1)?.estimate).toMatchObject({ mean: 1, items: 2 });
    rmSync(join(runFolder, "answers.jsonl"));
    expect(await scoreRun(runFolder)).toMatchObject({ unanswered: 3, cells: [] });
  });

  it("refuses a dataset whose answers have changed since", async () => {
    const { dataset, runFolder } = await runWith([choiceItem("q0", 0)], ["A"]);
    await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "test" }], {
      train: [],
      val: [],
      test: [choiceItem("q0", 1)],
    });
    await expect(scoreRun(runFolder)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringMatching(/expected the 1 items that .* was asked \(\w+\), found 1 others/),
    });
  });

  it("refuses forecasts measured by another version of the task, for they cannot be scored again", async () => {
    const { runFolder } = await runWith([predictionItem("p0", 0)], [""]);
    const path = join(runFolder, "run.json");
    const run = JSON.parse(await readFile(path, "utf8")) as { taskVersions: Record<string, number> };
    writeFileSync(path, JSON.stringify({ ...run, taskVersions: { prediction: 99 } }));
    await expect(scoreRun(runFolder)).rejects.toThrow(
      "expected answers measured by version 1 of prediction, found version 99",
    );
  });

  it.each([
    ["no run", undefined, "NOT_FOUND", "expected a run with run.json, found none"],
    ["no JSON", "{split", "INVALID_FILE", "run.json: expected JSON, found {split"],
    ["a field of another kind", '{"model":7}', "INVALID_FILE", "run.json: model"],
  ])("names %s", async (_, text, code, message) => {
    const folder = temporaryFolder();
    if (text !== undefined) writeFileSync(join(folder, "run.json"), text);
    await expect(scoreRun(folder)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
