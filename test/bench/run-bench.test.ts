import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAnswerLog } from "../../src/bench/answer-log.ts";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { readRun } from "../../src/bench/run-description.ts";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem, predictionItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Six closed questions, of which the first option is right twice. */
async function makeDataset(): Promise<{ dataset: string; runFolder: string }> {
  const folder = temporaryFolder();
  const dataset = join(folder, "data");
  await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "test" }], {
    train: [choiceItem("train", 0)],
    val: [],
    test: [0, 1, 2, 3, 0, 1].map((right, index) => choiceItem(`q${index}`, right)),
  });
  return { dataset, runFolder: join(folder, "run") };
}

const TEST = { split: "test", seed: 1 } as const;
const lines = (runFolder: string): string[] =>
  readFileSync(join(runFolder, "answers.jsonl"), "utf8").trimEnd().split("\n");

describe("a run", () => {
  it("asks every question of the split once, in order of the ids, and logs a line each", async () => {
    const { dataset, runFolder } = await makeDataset();
    const model = createFakeModel();
    expect(await runBench(dataset, model, runFolder, TEST)).toEqual({
      runFolder,
      asked: 6,
      kept: 0,
      failed: 0,
    });
    expect(model.asked).toHaveLength(6);
    expect(lines(runFolder).map((line) => (JSON.parse(line) as { itemId: string }).itemId)).toEqual([
      "q0",
      "q1",
      "q2",
      "q3",
      "q4",
      "q5",
    ]);
    expect(await readRun(runFolder)).toMatchObject({
      model: { id: "fake", version: "1" },
      split: "test",
      limit: null,
      seed: 1,
      items: { count: 6 },
      taskVersions: { "closed-qa": 1 },
    });
  });

  it("goes on after a kill in the middle of a line: what is whole is kept, the cut answer is asked again", async () => {
    const { dataset, runFolder } = await makeDataset();
    await runBench(dataset, createFakeModel(), runFolder, TEST);
    const whole = lines(runFolder);
    writeFileSync(
      join(runFolder, "answers.jsonl"),
      `${whole.slice(0, 3).join("\n")}\n${whole[3]?.slice(0, 25)}`,
    );
    const model = createFakeModel();
    const summary = await runBench(dataset, model, runFolder, { ...TEST, resume: true });
    expect(summary).toMatchObject({ asked: 3, kept: 3, failed: 0 });
    expect(lines(runFolder)).toHaveLength(6);
    expect((await readAnswerLog(join(runFolder, "answers.jsonl"))).size).toBe(6);
  });

  it("asks failed answers again, and only those; the later line counts", async () => {
    const { dataset, runFolder } = await makeDataset();
    const broken = createFakeModel({
      answer: (_, asked) => (asked % 2 === 0 ? new Error("no connection") : "A"),
    });
    expect(await runBench(dataset, broken, runFolder, TEST)).toMatchObject({ asked: 6, failed: 3 });
    const mended = createFakeModel({ answer: () => "B" });
    expect(await runBench(dataset, mended, runFolder, { ...TEST, resume: true })).toMatchObject({
      asked: 3,
      kept: 3,
      failed: 0,
    });
    const answers = await readAnswerLog(join(runFolder, "answers.jsonl"));
    expect([...answers.values()].map(({ itemId, text }) => `${itemId} ${text}`).sort()).toEqual([
      "q0 A",
      "q1 B",
      "q2 A",
      "q3 B",
      "q4 A",
      "q5 B",
    ]);
    expect(lines(runFolder)).toHaveLength(9);
    expect(lines(runFolder)[1]).toContain('"error":"no connection"');
  });

  it("stops when asked to, and keeps what is finished", async () => {
    const { dataset, runFolder } = await makeDataset();
    const controller = new AbortController();
    const model = createFakeModel({
      answer: (_, asked) => {
        if (asked === 2) controller.abort(new Error("stopped by the test"));
        return "A";
      },
    });
    await expect(runBench(dataset, model, runFolder, { ...TEST, signal: controller.signal })).rejects.toThrow(
      "stopped by the test",
    );
    expect(lines(runFolder)).toHaveLength(2);
  });

  it("draws the same items by seed, for any model", async () => {
    const { dataset, runFolder } = await makeDataset();
    const [first, second] = [createFakeModel(), createFakeModel({ id: "other" })];
    await runBench(dataset, first, `${runFolder}-1`, { ...TEST, limit: 3 });
    await runBench(dataset, second, `${runFolder}-2`, { ...TEST, limit: 3 });
    expect(first.asked.map(({ item }) => item.id)).toEqual(second.asked.map(({ item }) => item.id));
    expect(first.asked).toHaveLength(3);
  });

  it("leaves out what a model does not take: tasks, and items that show an image", async () => {
    const folder = temporaryFolder();
    const image = choiceItem("image", 0);
    const records = image.records.map((entry) => ({ ...entry, modality: "image" as const }));
    await writeTestDataset(join(folder, "data"), [{ record: benchRecord("r1"), split: "test" }], {
      train: [],
      val: [],
      test: [choiceItem("signal", 0), { ...image, subset: "I", records }, openItem("open", "sinus rhythm")],
    });
    const model = createFakeModel({ tasks: ["closed-qa"], modalities: ["signal"] });
    expect(await runBench(join(folder, "data"), model, join(folder, "run"), TEST)).toMatchObject({
      asked: 1,
    });
    expect(await readRun(join(folder, "run"))).toMatchObject({
      tasks: ["closed-qa"],
      modalities: ["signal"],
    });
  });
});

describe("a run refuses", () => {
  it("a folder with a finished run, without --resume", async () => {
    const { dataset, runFolder } = await makeDataset();
    await runBench(dataset, createFakeModel(), runFolder, TEST);
    await expect(runBench(dataset, createFakeModel(), runFolder, TEST)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: `${runFolder}: expected a new folder, found a run of fake`,
      hint: "go on with --resume or choose another --out",
    });
  });

  it.each([
    ["another model", { id: "other" }, {}, "found model fake 1 there and other 1 asked for"],
    ["another split", {}, { split: "train" as const }, "found split test there and train asked for"],
    ["another seed", {}, { seed: 2 }, "found seed 1 there and 2 asked for"],
    ["another limit", {}, { limit: 2 }, "found limit null there and 2 asked for"],
  ])("to go on with %s", async (_, model, options, message) => {
    const { dataset, runFolder } = await makeDataset();
    await runBench(dataset, createFakeModel(), runFolder, TEST);
    const before = readFileSync(join(runFolder, "run.json"), "utf8");
    await expect(
      runBench(dataset, createFakeModel(model), runFolder, { ...TEST, resume: true, ...options }),
    ).rejects.toThrow(message);
    expect(readFileSync(join(runFolder, "run.json"), "utf8")).toBe(before);
  });

  it("to go on when the dataset's items have changed", async () => {
    const { dataset, runFolder } = await makeDataset();
    await runBench(dataset, createFakeModel(), runFolder, TEST);
    await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "test" }], {
      train: [],
      val: [],
      test: [0, 1, 2, 3, 0, 2].map((right, index) => choiceItem(`q${index}`, right)),
    });
    await expect(runBench(dataset, createFakeModel(), runFolder, { ...TEST, resume: true })).rejects.toThrow(
      /found items 6 \(\w+\) there and 6 \(\w+\) asked for/,
    );
  });

  it("a folder of anything else, and leaves it as it was", async () => {
    const { dataset, runFolder } = await makeDataset();
    await expect(runBench(dataset, createFakeModel(), dataset, TEST)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: `${dataset}: expected a new folder or a run, found 4 other files, e.g. items`,
    });
    expect(existsSync(join(dataset, "run.json"))).toBe(false);
    expect(existsSync(runFolder)).toBe(false);
  });

  it("a log with a line that is no answer, by its number", async () => {
    const { dataset, runFolder } = await makeDataset();
    await runBench(dataset, createFakeModel(), runFolder, TEST);
    appendFileSync(join(runFolder, "answers.jsonl"), '{"itemId":7}\n');
    await expect(
      runBench(dataset, createFakeModel(), runFolder, { ...TEST, resume: true }),
    ).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("answers.jsonl:7: itemId"),
    });
  });
});

describe("a forecast in a run", () => {
  it("is measured against what followed, and must have its length", async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, "data");
    // +1 and -1 in turn: mean 0 and SD 1, so that a flat forecast has an error of 1 exactly.
    const square = Float32Array.from({ length: 2500 }, (_, t) => (t % 2 === 0 ? 1 : -1));
    await writeTestDataset(
      dataset,
      [{ record: benchRecord("r1", stackLeads([square, square])), split: "test" }],
      {
        train: [],
        val: [],
        test: [predictionItem("p0", 0), predictionItem("p1", 1500)],
      },
    );
    await runBench(dataset, createFakeModel(), join(folder, "run"), TEST);
    const answers = await readAnswerLog(join(folder, "run", "answers.jsonl"));
    expect(answers.get("p0")?.measures?.["mse"]).toBeCloseTo(1, 6);
    // the second window ends with the recording
    expect(answers.get("p1")?.error).toBe(
      "p1: expected a lead that varies and goes on for 500 samples, found none",
    );
    const short = {
      ...createFakeModel({ id: "short" }),
      answer: async () => ({ forecastMv: stackLeads([[0], [0]]) }),
    };
    await runBench(dataset, short, join(folder, "short"), TEST);
    const refused = await readAnswerLog(join(folder, "short", "answers.jsonl"));
    expect(refused.get("p0")?.error).toBe("forecast: expected shape (2, 500), got (2, 1)");
  });
});
