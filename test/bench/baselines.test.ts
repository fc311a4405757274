import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trainBlindText } from "../../src/bench/baselines/blind-text.ts";
import { forecastBaselines } from "../../src/bench/baselines/forecast-baselines.ts";
import { trainMajority } from "../../src/bench/baselines/majority.ts";
import { BASELINE_NAMES, makeBaseline } from "../../src/bench/baselines/make-baseline.ts";
import type { BenchModel } from "../../src/bench/bench-model.ts";
import { runBench } from "../../src/bench/run-bench.ts";
import { scoreRun } from "../../src/bench/score-run.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { type LeadMatrix, stackLeads } from "../../src/record/lead-matrix.ts";
import { createRng } from "../../src/shared/rng.ts";
import { writeTestDataset } from "../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, openItem, predictionItem } from "./bench-items.ts";
import { leakingItems } from "./planted-leak.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ask = async (model: BenchModel, item: QaItem): Promise<string> => {
  const answer = await model.answer({ item, inputs: [] });
  return "text" in answer ? answer.text : "forecast";
};

describe("majority", () => {
  const options = ["P", "Q", "R", "S"];
  const right = (id: string, place: number, templateId: string): QaItem =>
    choiceItem(id, place, { options, templateId });

  it("takes the offered text that was most often right for the template", async () => {
    const model = await trainMajority([
      right("1", 1, "t1"),
      right("2", 1, "t1"),
      right("3", 0, "t1"),
      right("4", 3, "t2"),
    ]);
    expect(await ask(model, right("x", 0, "t1"))).toBe("B: Q");
    expect(await ask(model, right("x", 0, "t2"))).toBe("D: S");
    expect(await ask(model, choiceItem("x", 0, { options: ["S", "P", "T", "U"], templateId: "t1" }))).toBe(
      "B: P",
    );
  });

  it("breaks ties, and answers unseen templates, by all templates of the dimension; else the first", async () => {
    const model = await trainMajority([right("1", 2, "t1"), right("2", 2, "t2"), right("3", 0, "t3")]);
    expect(await ask(model, right("x", 0, "new"))).toBe("C: R");
    expect(await ask(model, choiceItem("x", 0, { options: ["V", "W", "X", "Y"] }))).toBe("A: V");
    expect(await ask(model, { ...right("x", 0, "t1"), dimension: "misc" })).toBe("A: P");
  });

  it("repeats the most frequent free answer of the dimension; of equals the first by alphabet", async () => {
    const model = await trainMajority([
      openItem("1", "sinus rhythm"),
      openItem("2", "sinus rhythm"),
      openItem("3", "atrial flutter"),
      openItem("4", "b", { dimension: "waveform" }),
      openItem("5", "a", { dimension: "waveform" }),
    ]);
    expect(await ask(model, openItem("x", "?"))).toBe("sinus rhythm");
    expect(await ask(model, openItem("x", "?", { dimension: "waveform" }))).toBe("a");
    expect(await ask(model, openItem("x", "?", { dimension: "misc" }))).toBe("");
  });
});

describe("blind-text", () => {
  const accuracy = async (train: QaItem[], test: QaItem[]): Promise<number> => {
    const model = trainBlindText(train, 1);
    let right = 0;
    for (const item of test) if ((await ask(model, item)) === item.answer) right++;
    return right / test.length;
  };

  it("finds a leak: a third of the answers follow from the options", async () => {
    const found = await accuracy(
      leakingItems(1500, { seed: 1, leak: 1 / 3 }),
      leakingItems(1500, { seed: 2, leak: 1 / 3 }),
    );
    // chance 0.25, all of the leak 0.5
    expect(found).toBeGreaterThan(0.42);
  });

  it("finds a leak that needs the patient's age", async () => {
    const found = await accuracy(
      leakingItems(3000, { seed: 3, leak: 0.6, by: "age" }),
      leakingItems(1500, { seed: 4, leak: 0.6, by: "age" }),
    );
    expect(found).toBeGreaterThan(0.4);
  });

  it("is near chance on balanced questions", async () => {
    const found = await accuracy(
      leakingItems(1500, { seed: 5, leak: 0 }),
      leakingItems(2000, { seed: 6, leak: 0 }),
    );
    // three standard errors of 2,000 coin flips at 0.25
    expect(Math.abs(found - 0.25)).toBeLessThan(0.03);
  });

  it("gives the same model for the same items and seed", async () => {
    const items = leakingItems(200, { seed: 7, leak: 0.5 });
    const [one, other] = [trainBlindText(items, 1), trainBlindText(items, 1)];
    for (const item of leakingItems(50, { seed: 8, leak: 0 }))
      expect(await ask(one, item)).toBe(await ask(other, item));
  });
});

describe("forecast baselines", () => {
  /** 24 predictions of a signal, run and scored: mean squared error by baseline. */
  const errors = async (signal: LeadMatrix): Promise<Record<string, number>> => {
    const folder = temporaryFolder();
    const dataset = join(folder, "data");
    const items = Array.from({ length: 3 }, (_, i) => predictionItem(`p${i}`, 250 * i));
    await writeTestDataset(dataset, [{ record: benchRecord("r1", signal), split: "test" }], {
      train: [],
      val: [],
      test: items,
    });
    const found: Record<string, number> = {};
    for (const model of forecastBaselines()) {
      await runBench(dataset, model, join(folder, model.id), { split: "test", seed: 1 });
      const { cells } = await scoreRun(join(folder, model.id));
      expect(cells[0]).toMatchObject({ failed: 0, unparsed: 0 });
      found[model.id] = cells[0]!.estimate.mean;
    }
    return found;
  };

  it("persistence is exact on a periodic signal, zero scores 1", async () => {
    // beats every 200 samples (75 a minute), five cycles in each window
    const beat = (t: number): number =>
      Math.exp(-(((t % 200) - 60) ** 2) / 32) - 0.3 * Math.sin((2 * Math.PI * t) / 200);
    const lead = Float32Array.from({ length: 2500 }, (_, t) => beat(t));
    const {
      zero,
      persistence,
      "scaled-persistence": scaled,
    } = await errors(stackLeads([lead, lead.map((v) => 2 * v)]));
    expect(persistence).toBeLessThan(1e-6);
    expect(scaled).toBeLessThan(1e-6);
    // two and a half cycles follow: not quite the window's own mean and SD
    expect(zero).toBeGreaterThan(0.8);
    expect(zero).toBeLessThan(1.2);
  });

  it("on noise persistence scores about 2, scaled about 1", async () => {
    const rng = createRng(4);
    const noise = (): Float32Array => Float32Array.from({ length: 2500 }, () => rng.normal());
    const {
      zero,
      persistence,
      "scaled-persistence": scaled,
    } = await errors(stackLeads([noise(), noise(), noise(), noise()].slice(0, 2)));
    expect(zero).toBeCloseTo(1, 1);
    expect(persistence).toBeGreaterThan(1.8);
    expect(persistence).toBeLessThan(2.2);
    expect(scaled).toBeLessThan(1.15);
  });
});

describe("a baseline by its name", () => {
  it("is made for every name, trained on train", async () => {
    const dataset = join(temporaryFolder(), "data");
    await writeTestDataset(dataset, [{ record: benchRecord("r1"), split: "train" }], {
      train: [choiceItem("q0", 2)],
      val: [],
      test: [],
    });
    for (const name of BASELINE_NAMES) expect((await makeBaseline(name, dataset, 1)).id).toBe(name);
    expect(await ask(await makeBaseline("majority", dataset, 1), choiceItem("x", 0))).toBe(
      "C: Atrial flutter",
    );
  });

  it("refuses another name", async () => {
    await expect(makeBaseline("gpt", "nowhere", 1)).rejects.toMatchObject({
      code: "USAGE",
      message:
        "model: expected majority, blind-text, measured, zero, persistence, scaled-persistence, got gpt",
    });
  });
});
