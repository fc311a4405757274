import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { opaqueId, openBench } from "../../src/bench/open-bench.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { readRun } from "../../src/bench/run-description.ts";
import { scoreRun } from "../../src/bench/score-run.ts";
import { shuffleRecordings } from "../../src/bench/shuffle-recordings.ts";
import type { DatasetRecord } from "../../src/dataset/dataset-record.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { choiceItem, predictionItem } from "./bench-items.ts";
import { twelveLeads, writeTwelveLeads } from "./models/twelve-lead-dataset.ts";

const row = (recordingId: string, patientId: string, source = "a"): DatasetRecord =>
  ({ identity: { recordingId, patientId, patientKnown: true }, source }) as DatasetRecord;

describe("an exchange of recordings", () => {
  it("gives each one recording of another patient, and each recording once", () => {
    const records = Array.from({ length: 60 }, (_, i) => row(`r${i}`, `p${Math.floor(i / ((i % 7) + 1))}`));
    for (const seed of [1, 2, 3]) {
      const exchanged = shuffleRecordings(records, seed);
      expect(exchanged.size).toBe(60);
      expect(new Set([...exchanged.values()].map(({ identity }) => identity.recordingId)).size).toBe(60);
      for (const { identity } of records)
        expect(exchanged.get(identity.recordingId)!.identity.patientId).not.toBe(identity.patientId);
    }
  });

  it("stays within a source, and borrows where a source has one patient", () => {
    const records = [
      ...Array.from({ length: 6 }, (_, i) => row(`a${i}`, `pa${i}`, "a")),
      ...Array.from({ length: 4 }, (_, i) => row(`b${i}`, `pb${i}`, "b")),
      row("c0", "pc", "c"),
    ];
    const exchanged = shuffleRecordings(records, 1);
    for (let i = 0; i < 4; i++) expect(exchanged.get(`b${i}`)?.source).toBe("b");
    expect(exchanged.get("c0")?.source).toBe("a");
    expect(exchanged.size).toBe(11);
  });

  it("depends on recordings and seed, not on their order", () => {
    const records = Array.from({ length: 20 }, (_, i) => row(`r${i}`, `p${i}`));
    const names = (list: readonly DatasetRecord[], seed: number): string[] =>
      records.map((one) => shuffleRecordings(list, seed).get(one.identity.recordingId)!.identity.recordingId);
    expect(names([...records].reverse(), 5)).toEqual(names(records, 5));
    expect(names(records, 6)).not.toEqual(names(records, 5));
  });

  it("is refused where one patient has more than half", () => {
    expect(() => shuffleRecordings([row("r1", "p"), row("r2", "p"), row("r3", "q")], 1)).toThrow(
      /at most half of 3 recordings to be of one patient, found 2/,
    );
  });
});

describe("a shuffled run", () => {
  it("shows another patient's signal under the same question, and leaves predictions out", async () => {
    const items = [choiceItem("q9", 0, { name: "r9" }), predictionItem("p9", 0, { name: "r9" })];
    const dataset = await writeTwelveLeads([twelveLeads(9), twelveLeads(12)], items);
    const bench = await openBench(dataset, { split: "test", seed: 1 }, { shuffleSeed: 1 });
    const question = bench.question(bench.items.find(({ id }) => id === "q9")!);
    expect(question.item.instruction).toBe(items[0]!.instruction);
    expect(question.inputs[0]?.record.id).toBe(opaqueId("test:r12"));
    const signal = await question.inputs[0]!.readWindow();
    expect(Math.max(...leadSamples(signal, 0))).toBeCloseTo(1.2, 5);

    const model = createFakeModel();
    const folder = join(dataset, "..", "run");
    const options = { split: "test", seed: 1, shown: { shuffleSeed: 1 } } as const;
    expect(await runBench(dataset, model, folder, options)).toMatchObject({ asked: 1 });
    expect(await readRun(folder)).toMatchObject({ shown: { shuffleSeed: 1 }, items: { count: 1 } });
    expect(model.asked.map(({ item }) => item.task)).toEqual(["closed-qa"]);
  });
});

describe("real recordings only", () => {
  it("leaves items about synthetic ones out, also when scored", async () => {
    const items = [
      choiceItem("q1", 0, { name: "r9" }),
      choiceItem("q2", 0, { name: "r9", source: "synthetic" }),
      choiceItem("q3", 1, { name: "r12" }),
    ];
    const dataset = await writeTwelveLeads([twelveLeads(9), twelveLeads(12)], items);
    const folder = join(dataset, "..", "run");
    await runBench(dataset, createFakeModel(), folder, { split: "test", seed: 1, realOnly: true });
    expect(await readRun(folder)).toMatchObject({ realOnly: true, items: { count: 2 } });
    const { cells } = await scoreRun(folder);
    expect(cells[0]?.estimate).toMatchObject({ items: 2, mean: 0.5 });
  });
});
