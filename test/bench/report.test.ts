import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeModel } from "../../src/bench/fake-model.ts";
import { HEARTCARE_GPT_38B, referenceScore } from "../../src/bench/reference-scores.ts";
import { renderForestTable } from "../../src/bench/report/forest-table.ts";
import { escapeHtml } from "../../src/bench/report/html-page.ts";
import { writeBenchReport } from "../../src/bench/report/write-bench-report.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { BENCH_TASKS } from "../../src/bench/tasks/index.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem } from "./bench-items.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("the paper's rows", () => {
  it.each([
    [{ task: "closed-qa", subset: "S", cell: "waveform", metric: "accuracy" }, 0.9594],
    [{ task: "closed-qa", subset: "I", cell: "misc", metric: "accuracy" }, 0.678],
    [{ task: "open-qa", subset: "S", cell: "rhythm", metric: "rougeL" }, 0.3642],
    [{ task: "open-qa", subset: "I", cell: "diagnosis", metric: "f1Bio" }, 0.6317],
    [{ task: "comparison-qa", subset: "C", cell: "S-I irrelevant", metric: "accuracy" }, 0.7883],
    [{ task: "comparison-qa", subset: "C", cell: "I-I consecutive", metric: "accuracy" }, 0.6988],
    [{ task: "report", subset: "I", cell: "all", metric: "scoreGpt" }, 0.785],
    [{ task: "report", subset: "S", cell: "all", metric: "rougeL" }, 0.3439],
  ])("%j", (cell, mean) => {
    expect(referenceScore(cell)).toBe(mean);
  });

  it("are 36 numbers, none of them an average, all of tasks that exist", () => {
    expect(HEARTCARE_GPT_38B.scores).toHaveLength(8 + 8 + 8 + 6 + 6);
    const tasks = BENCH_TASKS.map(({ name }) => String(name));
    expect(HEARTCARE_GPT_38B.scores.every(({ task }) => tasks.includes(task))).toBe(true);
    expect(
      referenceScore({ task: "closed-qa", subset: "S", cell: "average", metric: "accuracy" }),
    ).toBeUndefined();
  });
});

describe("a forest table", () => {
  const axis = {
    low: 0,
    high: 1,
    ticks: [0, 0.5, 1].map((at) => ({ at, label: String(at) })),
    title: "accuracy",
  };
  const row = {
    label: "m",
    mean: 0.5,
    interval: [0.25, 0.75],
    tone: "plain",
    value: "50.0",
    detail: "[25, 75]",
    size: "9 items",
  } as const;

  it("puts values on the axis between margins of 4%", () => {
    const html = renderForestTable([{ title: "rhythm", rows: [row], line: 0.25 }], axis);
    expect(html).toContain('<circle class="dot" cx="50.00%"');
    expect(html).toContain('<line class="whisker" x1="27.00%" x2="73.00%"');
    expect(html).toContain('<line class="chance" x1="27.00%" x2="27.00%"');
    expect(html).toContain('<line class="grid" x1="4.00%" x2="4.00%"');
    expect(html).toContain('<line class="grid" x1="96.00%" x2="96.00%"');
  });

  it("ends at its edge for values beyond the axis, and draws no dot for NaN", () => {
    const html = renderForestTable(
      [{ title: "", rows: [{ ...row, mean: Number.NaN, interval: [-3, 7] }] }],
      axis,
    );
    expect(html).toContain('<line class="whisker" x1="4.00%" x2="96.00%"');
    expect(html).not.toContain("circle");
    expect(html).not.toContain("rowgroup");
  });

  it("escapes what models call themselves", () => {
    const html = renderForestTable([{ title: "a<b", rows: [{ ...row, label: "<script>" }] }], axis);
    expect(html).toContain("&lt;script&gt;");
    expect(html).toContain("a&lt;b");
    expect(html).not.toContain("<script>");
    expect(escapeHtml('"&')).toBe("&quot;&amp;");
  });
});

describe("the report of two runs", () => {
  it("is one self-contained file with scores, differences, pictures and the paper's rows set apart", async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, "data");
    const ecg = synthesizeEcg({ seed: 3, samplingRateHz: 250, durationSeconds: 10 });
    const names = Array.from({ length: 30 }, (_, i) => `r${i}`);
    const recordings = names.map((name) => ({
      record: benchRecord(name, ecg.signal, { leads: ecg.leads }),
      split: "test" as const,
    }));
    const closed = names.flatMap((name) =>
      [0, 1, 2, 3].map((right) => choiceItem(`${name}-${right}`, right, { name })),
    );
    await writeTestDataset(dataset, recordings, {
      train: [],
      val: [],
      test: [...closed, openItem("o", "sinus rhythm")],
    });
    const knowing = createFakeModel({
      id: "oracle <1>",
      answer: ({ item }) => (item.options ? "B" : "sinus rhythm"),
    });
    const silent = createFakeModel({ id: "silent", answer: () => new Error("no connection") });
    await runBench(dataset, knowing, join(folder, "knowing"), { split: "test", seed: 1 });
    await runBench(dataset, silent, join(folder, "silent"), { split: "test", seed: 1 });
    const path = join(folder, "report.html");
    const written = await writeBenchReport([join(folder, "knowing"), join(folder, "silent")], path);
    const html = await readFile(path, "utf8");
    expect(written).toEqual({ path, runs: 2, bytes: Buffer.byteLength(html) });
    expect(html).toContain("Not a medical device");
    // a quarter of 120 right, with its interval; the other model 0, all failed
    expect(html).toMatch(/oracle &lt;1&gt;.*?25\.0<\/span> \[25\.0, 25\.0\]<small>120 items, 30 patients/s);
    expect(html).toContain("120 failed");
    expect(html).toContain("silent − oracle &lt;1&gt;");
    expect(html).toContain("−25.0");
    expect(html).toContain("n too small");
    expect(html).toContain("HeartcareGPT-3.8B");
    expect(html).toContain("as reported by the paper, other data");
    expect(html.match(/<div class="plate wide"><svg/g)).toHaveLength(2);
    expect(html).not.toMatch(/<script|src="|href="|url\(|@import|https?:\/\/(?!www\.w3\.org)/);
  });

  it("refuses no run", async () => {
    await expect(writeBenchReport([], "report.html")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
