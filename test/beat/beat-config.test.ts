import { describe, expect, it } from "vitest";
import {
  BEAT_PRESETS,
  parseBeatConfig,
  patchCount,
  predictionPatchCount,
} from "../../src/beat/beat-config.ts";
import { buildBeat } from "../../src/beat/build-beat.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";

describe("BEAT_PRESETS", () => {
  it("have the sizes of the chosen row of Table 8", () => {
    const { paper, base } = BEAT_PRESETS;
    for (const preset of [paper, base]) {
      expect(preset).toMatchObject({
        samplingRateHz: 250,
        inputSamples: 1000,
        predictionSamples: 500,
        patchSamples: 25,
        dimension: 128,
        queryCount: 20,
        codebookSize: 512,
        codebookLevels: 2,
        commitment: 0.25,
        lossWeights: { reconstruction: 1, prediction: 0.5, quantisation: 0.25 },
      });
      expect([patchCount(preset), predictionPatchCount(preset)]).toEqual([40, 20]);
    }
    expect(paper).toMatchObject({
      codebookUpdate: "gradient",
      queriesStartFromPatches: false,
      directOutput: false,
      continueCycles: false,
    });
  });

  it("paper has the parameters that its layers count up to", () => {
    const store = createParameterStore(buildBeat(BEAT_PRESETS.paper, 1).graph, { seed: 1 });
    const [d, inner, hidden, patch] = [128, 512, 512, 300];
    // A layer: two norms, q k v and output without biases, feed-forward with biases.
    const layer = 4 * d + d * 3 * inner + inner * d + d * hidden + hidden + hidden * d + d;
    const encoder = patch * d + d + 40 * d + 20 * d + 6 * layer;
    const decoder = d + 60 * d + 20 * d + 6 * layer + d * patch + patch;
    const codebooks = 2 * 512 * d;
    const lastNorms = 2 * 2 * d;
    expect(store.flat.length).toBe(encoder + decoder + codebooks + lastNorms);
  });
});

describe("parseBeatConfig", () => {
  it("gives back what fits", () => {
    expect(parseBeatConfig(JSON.parse(JSON.stringify(BEAT_PRESETS.base)), "x")).toEqual(BEAT_PRESETS.base);
  });

  it.each([
    [{ dimension: 0 }, "INVALID_FILE", "dimension"],
    [{ codebookLevels: 3 }, "INVALID_FILE", "codebookLevels"],
    [{ unknown: 1 }, "INVALID_FILE", "unknown"],
    [{ inputSamples: 1010 }, "INVALID_OPTION", "inputSamples: expected a multiple of 25, got 1010"],
    [{ queryCount: 15 }, "INVALID_OPTION", "patches: expected a multiple of 15, got 40"],
  ])("refuses %j", (change, code, text) => {
    const parse = () => parseBeatConfig({ ...BEAT_PRESETS.base, ...change }, "config.json");
    expect(parse).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });
});
