import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyseErrors } from "../../src/bench/error-analysis.ts";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { renderErrorTables } from "../../src/bench/report/error-tables.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { scoreItems } from "../../src/bench/score-items.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function analysed() {
  const folder = temporaryFolder();
  const dataset = join(folder, "data");
  const two = ["Neither", "Both", "Only sinus rhythm", "Only atrial flutter"];
  // right: A; AFIB: flutter chosen twice and failed once; two findings: both chosen for neither
  const items = [
    choiceItem("q0", 0, { name: "r1" }),
    choiceItem("q1", 1, { name: "r1" }),
    choiceItem("q2", 1, { name: "r2", source: "z-shards" }),
    choiceItem("q3", 1, { name: "r2", source: "z-shards" }),
    choiceItem("q4", 0, { name: "r1", options: two, fact: "two:rhythm:scp:SR&scp:AFLT" }),
  ];
  const records = ["r1", "r2"].map((name) => ({ record: benchRecord(name), split: "test" as const }));
  await writeTestDataset(dataset, records, { train: [], val: [], test: items });
  const answers = ["A", "C", "C", new Error("no page"), "B"];
  const model = createFakeModel({ answer: (_, asked) => answers[asked - 1]! });
  await runBench(dataset, model, join(folder, "run"), { split: "test", seed: 1 });
  return analyseErrors(await scoreItems(join(folder, "run")), (id) => id === "test:r2");
}

describe("an error analysis", () => {
  it("tells accuracy by statement, source and modality, and what was taken for what", async () => {
    const analysis = await analysed();
    const rows = (groups: typeof analysis.sources): unknown[] =>
      groups.map(({ name, accuracy }) => [name, accuracy.mean, accuracy.items]);
    expect(rows(analysis.statements)).toEqual([
      ["scp:AFIB", 0, 3],
      ["scp:SR", 0.5, 2],
      ["scp:AFLT", 0, 1],
    ]);
    expect(rows(analysis.sources)).toEqual([
      ["all in mV", 1 / 3, 3],
      ["all z-scored", 0, 2],
      ["test", 1 / 3, 3],
      ["z-shards", 0, 2],
    ]);
    expect(rows(analysis.modalities)).toEqual([
      ["signal", 0.2, 5],
      ["signal, rhythm", 0.2, 5],
    ]);
    expect(rows(analysis.kinds)).toEqual([
      ["signal, one of four", 0.25, 4],
      ["signal, two findings", 0, 1],
    ]);
    expect(analysis.confusions).toEqual([
      { right: "scp:AFIB", chosen: "scp:AFLT", count: 2 },
      { right: "neither", chosen: "both", count: 1 },
    ]);
    expect(analysis.wrong.map(({ item }) => item.id)).toEqual(["q1", "q2", "q3", "q4"]);
  });

  it("is written with names and with marks on small cells", async () => {
    const text = renderErrorTables(await analysed());
    expect(text).toContain("5 questions, 4 answered wrongly");
    expect(text).toContain("| atrial fibrillation | 0.0* | 0.0 to 0.0 | 3 | 2 |");
    expect(text).toContain("| atrial fibrillation | atrial flutter | 2 |");
  });
});
