import { describe, expect, it } from "vitest";
import { BEAT_PRESETS } from "../../src/beat/beat-config.ts";
import {
  parseTrainBeatOverrides,
  resolveTrainBeatConfig,
  TRAIN_BEAT_PRESETS,
} from "../../src/training/train-beat-config.ts";

describe("TRAIN_BEAT_PRESETS", () => {
  it("paper is Table 6: AdamW 1e-4, batch 32, no decay, quantised from the first step", () => {
    expect(TRAIN_BEAT_PRESETS.paper).toMatchObject({
      model: BEAT_PRESETS.paper,
      learningRate: 1e-4,
      batch: 32,
      weightDecay: 0,
      warmupSteps: 0,
      kMeansBatches: 0,
      reviveEvery: 0,
    });
  });
});

describe("resolveTrainBeatConfig", () => {
  it("lets later settings win, field by field inside model and augmentation", () => {
    const config = resolveTrainBeatConfig([
      { steps: 10, model: { codebookSize: 256 }, augmentation: { noise: 0.5 } },
      { steps: 20, model: { codebookLevels: 1 } },
    ]);
    const { base } = TRAIN_BEAT_PRESETS;
    expect(config).toEqual({
      ...base,
      steps: 20,
      model: { ...base.model, codebookSize: 256, codebookLevels: 1 },
      augmentation: { ...base.augmentation, noise: 0.5 },
    });
  });

  it("takes the last preset named as what the rest is laid over", () => {
    const config = resolveTrainBeatConfig([{ preset: "base", seed: 3 }, { preset: "paper" }]);
    expect(config).toEqual({ ...TRAIN_BEAT_PRESETS.paper, seed: 3 });
  });

  it("refuses a model that cannot be built", () => {
    expect(() => resolveTrainBeatConfig([{ model: { queryCount: 7 } }])).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: expect.stringContaining("multiple of 7, got 40"),
      }),
    );
  });
});

describe("parseTrainBeatOverrides", () => {
  it.each([
    [{ step: 3 }, "step"],
    [{ steps: 0 }, "steps"],
    [{ learningRate: "fast" }, "learningRate"],
    [{ augmentation: { blur: 1 } }, "blur"],
    [{ preset: "huge" }, "preset"],
  ])("refuses %j, naming the field and the file", (value, name) => {
    expect(() => parseTrainBeatOverrides(value, "my.json")).toThrow(
      expect.objectContaining({
        code: "INVALID_FILE",
        message: expect.stringMatching(`^my.json: .*${name}`),
      }),
    );
  });
});
