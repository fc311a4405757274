// What goes in of a page: tiles, the rhythm strip, measured text where the model was trained with it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { showInputs } from "../../../src/model/dspa/ask-question.ts";
import type { HeartcareModel } from "../../../src/model/dspa/heartcare-model.ts";
import { describeRecording } from "../../../src/model/dspa/render-report.ts";
import { showPage } from "../../../src/model/dspa/show-page.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { exampleEcg, examplePage, openTinyHeartcare, TINY_HEARTCARE } from "../tiny-heartcare.ts";

const page = examplePage(exampleEcg("shown", { bpm: 70 }));
const image = { ...TINY_HEARTCARE.image, rhythmSeconds: 10, measuredText: true };

let bare: HeartcareModel;
let model: HeartcareModel;
beforeAll(async () => {
  bare = await openTinyHeartcare();
  model = await openTinyHeartcare({ heartcare: { ...TINY_HEARTCARE, image } });
});
afterAll(async () => {
  await bare.dispose();
  await model.dispose();
});

describe("a page before a model", () => {
  it("goes in with its rhythm strip and what was measured on its traces", async () => {
    const { evidence } = await showInputs(model, [showPage(model, page, { id: "page.png" })]);
    const [recording] = evidence.recordings;
    expect(recording!.images[0]).toMatchObject({ leads: [...STANDARD_LEADS], rhythmStrip: true });
    expect(recording!.measuredText).toMatch(/^Measured: heart rate 70 bpm, .* Rules read: .*sinus rhythm/);
    expect(recording!.measured!.heartRateBpm).toBeCloseTo(70, 0);
    expect(evidence.context).toContain(recording!.measuredText);
    expect(describeRecording(recording!)[0]).toMatch(/V5 V6 and a rhythm strip$/);
  });

  it("withholds what was measured where that is asked for, or where the model never saw such text", async () => {
    const withheld = showPage(model, page, { id: "page.png", measured: false });
    for (const [opened, input] of [
      [model, withheld],
      [bare, showPage(bare, page, { id: "page.png" })],
    ] as const) {
      const { evidence } = await showInputs(opened, [input]);
      expect(evidence.recordings[0]!.measuredText).toBe("");
      expect(evidence.context).not.toContain("Measured");
    }
    const { evidence } = await showInputs(bare, [showPage(bare, page, { id: "page.png" })]);
    expect(evidence.recordings[0]!.images[0]).not.toHaveProperty("rhythmStrip");
  });
});
