import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAnswerLog } from "../../../src/bench/answer-log.ts";
import { type HeartcareBenchOptions, heartcareBench } from "../../../src/bench/models/heartcare-bench.ts";
import { openBench } from "../../../src/bench/open-bench.ts";
import { parseBenchPage, renderBenchPage } from "../../../src/bench/render-page.ts";
import { runBench } from "../../../src/bench/run-bench.ts";
import { scoreRun } from "../../../src/bench/score-run.ts";
import type { LeadTile } from "../../../src/images/lead-tiles.ts";
import type { QaItem } from "../../../src/qa/qa-item.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { writeFileAtomic } from "../../../src/shared/write-file-atomic.ts";
import { choiceItem, openItem, predictionItem } from "../bench-items.ts";
import { fakeHeartcare } from "./fake-heartcare.ts";
import { imageItem, twelveLeads, writeTwelveLeads } from "./twelve-lead-dataset.ts";

const SELECTION = { split: "test", seed: 1 } as const;

/** Ask one question of a dataset of two recordings. */
async function ask(item: QaItem, options: HeartcareBenchOptions = {}) {
  const dataset = await writeTwelveLeads([twelveLeads(9), twelveLeads(12)], [item]);
  const bench = await openBench(dataset, SELECTION);
  const model = fakeHeartcare({ pick: 1 });
  const answer = await heartcareBench(model, options).answer(bench.question(bench.items[0]!));
  return { model, answer, shown: model.shown[0] };
}

/** Ink per tile: 0 for blank paper. */
const inkOf = (tiles: readonly LeadTile[]): number[] =>
  tiles.map(({ pixels }) => pixels.reduce((sum, value) => sum + 255 - value, 0));

describe("a question to HeartcareGPT", () => {
  it("about a signal shows the window, the measured values and the patient, and is answered by a letter", async () => {
    const { model, answer, shown } = await ask(choiceItem("q", 0, { name: "r9" }));
    expect(answer).toEqual({ text: "B: Atrial fibrillation" });
    expect(shown?.context).toBe("12-lead ECG signal, 10 s, 250 Hz.");
    const [ecg] = shown!.ecgs;
    expect(ecg?.images).toBeUndefined();
    expect(ecg?.signal?.prepared).toBe(true);
    expect(ecg?.signal?.record.signal.sampleCount).toBe(2500);
    expect(Math.max(...leadSamples(ecg!.signal!.record.signal, 0))).toBeCloseTo(0.9, 5);
    expect(ecg?.patient).toEqual({ ageYears: 60, sex: "female" });
    expect("measurements" in ecg!).toBe(true);
    expect(model.instructions[0]).toContain("A: Sinus rhythm; B: Atrial fibrillation");
  });

  it("about a page shows what was cut out of its pixels and measured on it, and no signal", async () => {
    const { shown } = await ask(imageItem("q", 0, { name: "r12" }));
    const [ecg] = shown!.ecgs;
    expect(ecg?.signal).toBeUndefined();
    expect(ecg?.measurements?.heartRateBpm).toBeGreaterThan(30);
    expect(ecg?.context).toMatch(/^12-lead ECG image, 10 s\./);
    const [tiles] = ecg!.images!;
    expect(tiles?.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS]);
    expect(tiles?.map(({ widthPx }) => widthPx)).toEqual(new Array(12).fill(32));
    expect(tiles?.filter(({ missing }) => missing)).toEqual([]);
  });

  it("in words is answered in words", async () => {
    const { answer } = await ask(openItem("q", "sinus rhythm", { name: "r9" }));
    expect(answer).toEqual({ text: "sinus rhythm" });
  });

  it("for a forecast goes to the tokenizer", async () => {
    const { model, answer } = await ask(predictionItem("q", 0, { name: "r9" }));
    expect(model.shown).toHaveLength(0);
    expect(model.forecasts).toEqual([{ seconds: 2, samples: 500 }]);
    expect("forecastMv" in answer && answer.forecastMv.sampleCount).toBe(500);
  });

  it("reports the shares of the options to whoever asks, and the text alone to the log", async () => {
    const seen: number[][] = [];
    const { answer } = await ask(choiceItem("q", 0, { name: "r9" }), {
      onChoice: (_question, { shares }) => seen.push([...shares]),
    });
    expect(seen).toEqual([[0.1, 0.7, 0.1, 0.1]]);
    expect(Object.keys(answer)).toEqual(["text"]);
  });
});

describe("a variant", () => {
  it("blind is shown nothing but the context, and never looks at the page", async () => {
    for (const item of [choiceItem("q", 0, { name: "r9" }), imageItem("q", 0, { name: "r9" })]) {
      const { shown } = await ask(item, { withhold: "all" });
      expect(shown).toEqual({ ecgs: [{}], context: item.context });
    }
  });

  it("unmeasured keeps the signal or page and leaves the measured values out", async () => {
    const { shown } = await ask(choiceItem("q", 0, { name: "r9" }), { withoutMeasured: true });
    expect(shown?.ecgs[0]?.signal).toBeDefined();
    expect(shown!.ecgs[0]!.measurements).toBeNull();
    const page = await ask(imageItem("q", 0, { name: "r12" }), { withoutMeasured: true });
    expect(page.shown!.ecgs[0]!.measurements).toBeNull();
  });

  it("both shows the signal and tiles of it, and leaves questions about pages out", async () => {
    const { shown } = await ask(choiceItem("q", 0, { name: "r9" }), { as: "both" });
    const [ecg] = shown!.ecgs;
    expect(ecg?.signal).toBeDefined();
    expect(ecg?.images?.[0]?.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS]);
    expect(Math.min(...inkOf(ecg!.images![0]!))).toBeGreaterThan(0);
    expect(heartcareBench(fakeHeartcare(), { as: "both" }).modalities).toEqual(["signal"]);
  });

  it("does not forecast; a model without a vision encoder is asked about signals alone", () => {
    expect(heartcareBench(fakeHeartcare()).tasks).toContain("prediction");
    expect(heartcareBench(fakeHeartcare(), { withhold: "all" }).tasks).not.toContain("prediction");
    expect(heartcareBench(fakeHeartcare()).modalities).toBeUndefined();
    expect(heartcareBench(fakeHeartcare({ vision: false })).modalities).toEqual(["signal"]);
  });
});

describe("a run of HeartcareGPT", () => {
  it("encodes a recording once for the questions that follow each other", async () => {
    const items = [0, 1, 2].map((index) => choiceItem(`r9/q${index}`, index, { name: "r9" }));
    const dataset = await writeTwelveLeads(
      [twelveLeads(9)],
      [...items, imageItem("r9/q3", 0, { name: "r9" })],
    );
    const model = fakeHeartcare();
    const folder = join(dataset, "..", "run");
    expect(await runBench(dataset, heartcareBench(model), folder, SELECTION)).toMatchObject({ asked: 4 });
    expect(model.shown).toHaveLength(2);
    expect(model.instructions).toHaveLength(4);
  });

  it("counts a page that cannot be segmented as a failed, wrong answer", async () => {
    const dataset = await writeTwelveLeads([twelveLeads(9)], [imageItem("q", 0, { name: "r9" })]);
    const blank = {
      ...twelveLeads(9),
      signal: { ...twelveLeads(9).signal, data: new Float32Array(30_000).fill(Number.NaN) },
    };
    await writeFileAtomic(
      join(dataset, "images/page-0.png"),
      await renderBenchPage(blank, parseBenchPage("3x4,no-pulse")),
    );
    const folder = join(dataset, "..", "run");
    const model = fakeHeartcare();
    expect(await runBench(dataset, heartcareBench(model), folder, SELECTION)).toMatchObject({
      asked: 1,
      failed: 1,
    });
    expect(model.shown).toHaveLength(0);
    const log = await readAnswerLog(join(folder, "answers.jsonl"));
    expect(log.get("q")).toMatchObject({ text: "" });
    expect(log.get("q")?.error).toMatch(/^page: expected/);
    const { cells } = await scoreRun(folder);
    expect(cells[0]).toMatchObject({ failed: 1, estimate: { mean: 0 } });
  });

  it("on pages drawn anew reads the other layout, and run.json says which", async () => {
    const dataset = await writeTwelveLeads([twelveLeads(9)], [imageItem("q", 0, { name: "r9" })]);
    const page = parseBenchPage("6x2, cabrera, grey, dpi=150");
    const model = fakeHeartcare();
    const folder = join(dataset, "..", "run");
    await runBench(dataset, heartcareBench(model), folder, { ...SELECTION, shown: { page } });
    const tiles = model.shown[0]!.ecgs[0]!.images![0]!;
    expect(tiles.filter(({ missing }) => missing)).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({
      shown: { page: "6x2,cabrera,grey,dpi=150" },
    });
    await expect(
      runBench(dataset, heartcareBench(model), folder, { ...SELECTION, resume: true }),
    ).rejects.toMatchObject({ code: "INVALID_OPTION", message: expect.stringContaining("6x2,cabrera") });
  });
});
