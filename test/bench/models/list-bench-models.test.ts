// What `bench list` says of a model is what the model itself says.
import { describe, expect, it } from "vitest";
import { trainBlindText } from "../../../src/bench/baselines/blind-text.ts";
import { forecastBaselines } from "../../../src/bench/baselines/forecast-baselines.ts";
import { trainMajority } from "../../../src/bench/baselines/majority.ts";
import { BASELINE_NAMES } from "../../../src/bench/baselines/make-baseline.ts";
import { measuredBaseline } from "../../../src/bench/baselines/measured.ts";
import { heartcareBench } from "../../../src/bench/models/heartcare-bench.ts";
import { listBenchModels } from "../../../src/bench/models/list-bench-models.ts";
import { choiceItem } from "../bench-items.ts";
import { fakeHeartcare } from "./fake-heartcare.ts";

const listed = await listBenchModels();
const entry = (name: string) => listed.find((model) => model.name === name);

describe("listBenchModels", () => {
  it("names the baselines, the model that ships, and any folder", () => {
    expect(listed.map(({ name }) => name)).toEqual([...BASELINE_NAMES, "heartcare-nano", "<folder>"]);
  });

  it("tells the tasks of every baseline as the baseline does", async () => {
    const items = [0, 1, 2, 3].map((place) => choiceItem(`i${place}`, place));
    const baselines = [
      await trainMajority(items),
      trainBlindText(items, 1),
      measuredBaseline(),
      ...forecastBaselines(),
    ];
    expect(baselines.map(({ id }) => id)).toEqual([...BASELINE_NAMES]);
    for (const { id, tasks } of baselines) expect(entry(id)?.tasks, id).toEqual([...tasks]);
    expect(measuredBaseline().modalities ?? ["signal", "image"]).toEqual(entry("measured")?.looksAt);
    expect(entry("majority")?.looksAt).toEqual([]);
  });

  it("tells that heartcare-nano looks at signals and pages, answers every task and reads measured values", () => {
    const model = heartcareBench(fakeHeartcare({ pick: 0 }));
    for (const name of ["heartcare-nano", "<folder>"]) {
      expect(entry(name)?.tasks).toEqual(model.tasks);
      expect(entry(name)?.looksAt).toEqual(["signal", "image"]);
    }
    expect(entry("heartcare-nano")?.reads).toBe(
      "signals, pages, measured values as text; forecasts come from its tokenizer",
    );
    expect(entry("<folder>")?.reads).toMatch(/HeartcareGPT folder or a run of model train/);
  });
});
