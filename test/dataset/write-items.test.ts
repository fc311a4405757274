import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assignSplit } from "../../src/dataset/assign-split.ts";
import { countItems } from "../../src/dataset/count-items.ts";
import { drawSunburst } from "../../src/dataset/draw-sunburst.ts";
import { exportConversations } from "../../src/dataset/export-conversations.ts";
import { readItems, readManifest } from "../../src/dataset/read-dataset.ts";
import { itemsToParquet } from "../../src/dataset/write-items.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { writeTestDataset } from "./write-test-dataset.ts";

const record = synthesizeEcg({
  seed: 1,
  samplingRateHz: 250,
  durationSeconds: 6,
  id: "synthetic:1",
  patientId: "p1",
});

function item(changes: Partial<QaItem> = {}): QaItem {
  return {
    id: "q1",
    task: "closed-qa",
    subset: "S",
    dimension: "rhythm",
    records: [
      {
        recordId: "synthetic:1",
        patientId: "p1",
        modality: "signal",
        window: { startSample: 0, endSample: 1500 },
      },
    ],
    context: "A 60-year-old male.",
    instruction: "Which rhythm? A: sinus rhythm; B: atrial flutter",
    options: ["sinus rhythm", "atrial flutter"],
    answer: "A: sinus rhythm",
    fact: "SR",
    labels: [{ key: "scp:SR", name: "sinus rhythm", likelihood: null }],
    outputFormat: "one option",
    source: "synthetic",
    templateId: "closed-rhythm-1",
    seed: 4_000_000_000,
    ...changes,
  };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heartcare-items-"));
  await writeTestDataset(folder, [{ record, split: "train" }], {
    train: [item(), item({ id: "q2", instruction: "Name the rhythm. A: atrial flutter; B: sinus rhythm" })],
    val: [],
    test: [],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("item shards", () => {
  it("hold the same in Parquet and in JSON Lines, seeds above 2^31 included", async () => {
    const bytes = itemsToParquet([item(), item({ id: "q3", options: undefined, dimension: undefined })]);
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      id: "q1",
      task: "closed-qa",
      seed: 4_000_000_000n,
      answer: "A: sinus rhythm",
    });
    expect(JSON.parse(String(rows[0]?.["records"]))).toEqual(item().records);
    expect(rows[1]).toMatchObject({ dimension: null, options: null });
  });

  it("are read back item by item, with the split", async () => {
    const found: string[] = [];
    for await (const { split, item: read } of readItems(folder)) found.push(`${split}/${read.id}`);
    expect(found).toEqual(["train/q1", "train/q2"]);
    expect((await readManifest(folder)).itemCount).toBe(2);
  });

  it("count a paraphrase once, and letters of four-option questions only", () => {
    const statistics = countItems({
      train: [item(), item({ id: "q2", instruction: "other words" })],
      val: [],
      test: [],
    });
    expect(statistics).toMatchObject({ total: 2, distinctFacts: 1 });
    expect(Object.values(statistics.letterShares)).toEqual([0, 0, 0, 0]);
  });

  it("become conversations that point at the signal", async () => {
    const out = join(folder, "export");
    expect(await exportConversations(folder, out, "llava")).toEqual({ train: 2, val: 0, test: 0 });
    const [line = ""] = (await readFile(join(out, "train.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(line)).toEqual({
      id: "q1",
      signals: [{ path: "signals/synthetic-1.npy", window: { startSample: 0, endSample: 1500 } }],
      conversations: [
        {
          from: "human",
          value: "<sig>\nA 60-year-old male. Which rhythm? A: sinus rhythm; B: atrial flutter",
        },
        { from: "gpt", value: "A: sinus rhythm" },
      ],
    });
  });
});

describe("splits", () => {
  it("follow PTB-XL's folds and else the patient, never the seed", () => {
    const identity = { recordingId: "ptbxl:1", patientId: "ptbxl:9", patientKnown: true };
    expect([1, 8, 9, 10].map((fold) => assignSplit({ ...identity, fold }))).toEqual([
      "train",
      "train",
      "val",
      "test",
    ]);
    const other = { ...identity, recordingId: "ludb:7" };
    expect(assignSplit(other)).toBe(assignSplit({ ...other, recordingId: "ludb:8" }));
    expect(() => assignSplit({ ...identity, fold: 11 })).toThrow("expected a fold from 1 to 10, got 11");
  });

  it("put about 80, 10 and 10% of patients into train, val and test", () => {
    const counts = { train: 0, val: 0, test: 0 };
    for (let i = 0; i < 5000; i++)
      counts[assignSplit({ recordingId: `x:${i}`, patientId: `x:${i}`, patientKnown: true })]++;
    expect(counts.train).toBeGreaterThan(3900);
    expect(counts.train).toBeLessThan(4100);
    expect(Math.abs(counts.val - 500)).toBeLessThan(80);
  });
});

describe("the sunburst", () => {
  it("draws one sector a subset, task and dimension, and the total", () => {
    const cell = { subset: "S", dimension: "rhythm", split: "train" as const };
    const svg = drawSunburst(
      [
        { ...cell, task: "closed-qa", count: 30 },
        { ...cell, task: "open-qa", count: 10 },
      ],
      "items",
    );
    expect(svg.match(/<path /g)).toHaveLength(1 + 2 + 2);
    expect(svg).toContain(">40</text>");
    expect(svg).not.toContain("NaN");
  });
});
