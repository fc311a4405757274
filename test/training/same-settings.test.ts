import { describe, expect, it } from "vitest";
import { checkSameSettings } from "../../src/training/same-settings.ts";
import { TRAIN_BEAT_PRESETS } from "../../src/training/train-beat-config.ts";

const { base } = TRAIN_BEAT_PRESETS;

describe("checkSameSettings", () => {
  it("names a field deep inside", () => {
    const other = {
      ...base,
      model: { ...base.model, lossWeights: { ...base.model.lossWeights, prediction: 1 } },
    };
    expect(() => checkSameSettings(base, other, "resume")).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: "resume: model.lossWeights.prediction: expected 0.5 as the run began, got 1",
      }),
    );
    expect(() => checkSameSettings(base, structuredClone(base), "resume")).not.toThrow();
  });

  it("names a field that only one of them has, and takes undefined for left out", () => {
    expect(() => checkSameSettings({ steps: 3 }, { steps: 3, beat: "b" }, "resume")).toThrow(
      "resume: beat: expected undefined as the run began, got b",
    );
    expect(() => checkSameSettings({ steps: 3 }, { steps: 3, beat: undefined }, "resume")).not.toThrow();
  });

  it("lets a run go on with other threads", () => {
    expect(() => checkSameSettings({ ...base, threads: 2 }, { ...base, threads: 1 }, "resume")).not.toThrow();
  });
});
