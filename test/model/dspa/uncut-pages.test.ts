// Pages read uncut: one tile with the whole page in it, one vector in the prompt, and configs that do not fit.
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heartcareBench } from "../../../src/bench/models/heartcare-bench.ts";
import { openBench } from "../../../src/bench/open-bench.ts";
import { layoutPage } from "../../../src/images/build-page.ts";
import type { LeadTile } from "../../../src/images/lead-tiles.ts";
import { pageFonts } from "../../../src/images/node/page-fonts.ts";
import { askQuestion, showInputs } from "../../../src/model/dspa/ask-question.ts";
import { drawPage } from "../../../src/model/dspa/draw-page.ts";
import { drawLeadTiles, drawTiles } from "../../../src/model/dspa/draw-tiles.ts";
import {
  type HeartcareConfig,
  readHeartcareConfig,
  tilesPerImage,
} from "../../../src/model/dspa/heartcare-config.ts";
import type { HeartcareModel } from "../../../src/model/dspa/heartcare-model.ts";
import { exportHeartcare } from "../../../src/model/dspa/node/export-heartcare.ts";
import { openHeartcare } from "../../../src/model/dspa/node/open-heartcare.ts";
import { pageTile } from "../../../src/model/dspa/page-tile.ts";
import { prepareEcg } from "../../../src/model/dspa/prepare-ecg.ts";
import { requireFit } from "../../../src/model/dspa/require-fit.ts";
import { showPage } from "../../../src/model/dspa/show-page.ts";
import { showRecording } from "../../../src/model/dspa/show-recording.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { fakeHeartcare } from "../../bench/models/fake-heartcare.ts";
import { imageItem, twelveLeads, writeTwelveLeads } from "../../bench/models/twelve-lead-dataset.ts";
import {
  exampleEcg,
  examplePage,
  openTinyHeartcare,
  photograph,
  TINY_HEARTCARE,
  writeTinyHeartcare,
} from "../tiny-heartcare.ts";
import { TINY_VISION } from "../tiny-models.ts";

const UNCUT: HeartcareConfig = { ...TINY_HEARTCARE, image: { ...TINY_HEARTCARE.image, segmentation: false } };
const QUESTION = "Which is right? A: Sinus rhythm; B: Atrial fibrillation";
const SIZE = 128;
const record = exampleEcg("page");
const prepared = prepareEcg(record, { toHz: 250 });

/** Ink in a part of a tile, 0 to 1 of each side. */
function inkIn({ pixels, widthPx }: LeadTile, [x0, x1]: number[], [y0, y1]: number[]): number {
  let ink = 0;
  for (let y = Math.ceil(y0! * SIZE); y < Math.floor(y1! * SIZE); y++) {
    for (let x = Math.ceil(x0! * SIZE); x < Math.floor(x1! * SIZE); x++)
      ink += 255 - pixels[y * widthPx + x]!;
  }
  return ink / 255;
}

describe("pageTile", () => {
  it("holds ink in the region of every lead and of the rhythm strip, and none of the grid", () => {
    const page = layoutPage(record, {});
    expect(page.strips.map(({ lead }) => lead).sort()).toEqual([...STANDARD_LEADS, "II"].sort());
    for (const tile of [pageTile(examplePage(record), SIZE), drawPage(record, { sizePx: SIZE })]) {
      expect(tile).toMatchObject({ lead: "page", widthPx: SIZE, heightPx: SIZE, missing: false });
      for (const { lead, box } of page.strips) {
        const across = [box.xMm / page.widthMm, (box.xMm + box.widthMm) / page.widthMm];
        const down = [box.yMm / page.heightMm, (box.yMm + box.heightMm) / page.heightMm];
        const columns = Math.floor(across[1]! * SIZE) - Math.ceil(across[0]! * SIZE);
        // at least a pixel of full ink in two columns of three: a trace runs through it
        expect(inkIn(tile, across, down), lead).toBeGreaterThan((2 * columns) / 3);
      }
      const paper = tile.pixels.filter((value) => value === 255).length / tile.pixels.length;
      expect(paper).toBeGreaterThan(0.6);
    }
  });

  it("a lead that is taken away leaves its region and nothing else", () => {
    const flat = { ...record, signal: { ...record.signal, data: record.signal.data.slice() } };
    leadSamples(flat.signal, record.leads.indexOf("V6")).fill(Number.NaN);
    const page = layoutPage(record, {});
    const { box } = page.strips.find(({ lead, kind }) => lead === "V6" && kind === "lead")!;
    const [whole, without] = [drawPage(record, { sizePx: SIZE }), drawPage(flat, { sizePx: SIZE })];
    const changed = [...whole.pixels.keys()].filter((at) => whole.pixels[at] !== without.pixels[at]);
    expect(changed.length).toBeGreaterThan(20);
    for (const at of changed) {
      const x = ((at % SIZE) + 0.5) * (page.widthMm / SIZE);
      expect(x).toBeGreaterThan(box.xMm - page.widthMm / SIZE);
      expect(x).toBeLessThan(box.xMm + box.widthMm + page.widthMm / SIZE);
    }
  });

  it("is as dark as the darkest ink, however thin; white paper is missing", () => {
    const pixels = new Uint8Array(512 * 512).fill(255);
    for (let x = 0; x < 512; x++) pixels[200 * 512 + x] = 0;
    const tile = pageTile({ widthPx: 512, heightPx: 512, channels: 1, pixels }, SIZE);
    const rows = Array.from({ length: SIZE }, (_, y) => tile.pixels[y * SIZE + 5]);
    expect(rows.indexOf(0)).toBe(50);
    expect(rows.filter((value) => value === 255)).toHaveLength(SIZE - 1);
    const blank = pageTile(
      { widthPx: 512, heightPx: 512, channels: 1, pixels: new Uint8Array(512 * 512).fill(255) },
      SIZE,
    );
    expect(blank.missing).toBe(true);
    expect(Math.min(...blank.pixels)).toBe(255);
  });
});

describe("drawTiles", () => {
  const vision = { ...TINY_VISION, imageSize: 32 };

  it("twelve lead tiles or the page, by the model's config; training varies both", () => {
    const twelve = drawTiles(record, { config: TINY_HEARTCARE, vision });
    expect(twelve.map(({ lead }) => lead)).toEqual([...STANDARD_LEADS]);
    expect(twelve).toEqual(drawLeadTiles(record, { config: UNCUT, vision }));
    const one = drawTiles(record, { config: UNCUT, vision });
    expect(one.map(({ lead, widthPx, heightPx }) => [lead, widthPx, heightPx])).toEqual([["page", 32, 32]]);
    const draw = (seed: string) =>
      drawTiles(record, { config: UNCUT, vision, fonts: pageFonts() }, createRng(seed))[0]!.pixels;
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
    expect([tilesPerImage(TINY_HEARTCARE), tilesPerImage(UNCUT)]).toEqual([12, 1]);
  });
});

describe("a model that reads pages uncut", () => {
  let cut: HeartcareModel;
  let uncut: HeartcareModel;
  beforeAll(async () => {
    cut = await openTinyHeartcare();
    uncut = await openTinyHeartcare({ heartcare: UNCUT });
  });
  afterAll(async () => {
    await cut.dispose();
    await uncut.dispose();
  });

  it("is given one vector a picture instead of twelve, drawn or from pixels", async () => {
    const tokens = async (model: HeartcareModel, shownAs: "signal" | "image" | "both"): Promise<number> =>
      (await showInputs(model, [showRecording(model, prepared, { shownAs })])).evidence.promptTokens;
    const [signal, both] = [await tokens(uncut, "signal"), await tokens(uncut, "both")];
    expect(signal).toBe(await tokens(cut, "signal"));
    // <img> and its vectors
    expect(both - signal).toBe(1 + 1);
    expect((await tokens(cut, "both")) - signal).toBe(1 + 12);
    expect((await tokens(cut, "image")) - (await tokens(uncut, "image"))).toBe(11);
    const pageTokens = async (model: HeartcareModel): Promise<number> =>
      (await showInputs(model, [showPage(model, examplePage(record), { id: "page.png" })])).evidence
        .promptTokens;
    expect((await pageTokens(cut)) - (await pageTokens(uncut))).toBe(11);
  });

  it("says in its evidence that it saw one picture and no leads", async () => {
    const page = showPage(uncut, examplePage(record), { id: "page.png" });
    expect(page.shown.images?.[0]).toHaveLength(1);
    const { evidence, answer } = await askQuestion(uncut, [page], QUESTION);
    expect(["A: Sinus rhythm", "B: Atrial fibrillation"]).toContain(answer);
    expect(evidence.recordings[0]?.images).toEqual([{ leads: [], page: expect.anything() }]);
    expect(evidence.recordings[0]?.images[0]?.page).toMatchObject({ columns: 4, speedMmPerSecond: 25 });
    expect(evidence.context).toBe("12-lead ECG image, 10 s. Patient: age and sex not stated.");
    const drawn = await showInputs(uncut, [showRecording(uncut, prepared, { shownAs: "image" })]);
    expect(drawn.evidence.recordings[0]?.images).toEqual([{ leads: [], page: null }]);
    const tiles = await showInputs(cut, [showRecording(cut, prepared, { shownAs: "image" })]);
    expect(tiles.evidence.recordings[0]?.images).toEqual([{ leads: STANDARD_LEADS, page: null }]);
    expect(() => showPage(uncut, photograph(), { id: "cat.png" })).toThrow(/^cat\.png: expected traces/);
  });

  it("answers the benchmark's questions about pages by the page in one tile", async () => {
    const dataset = await writeTwelveLeads([twelveLeads(12)], [imageItem("q", 0, { name: "r12" })]);
    const bench = await openBench(dataset, { split: "test", seed: 1 });
    const model = { ...fakeHeartcare(), config: UNCUT };
    await heartcareBench(model).answer(bench.question(bench.items[0]!));
    const [tiles] = model.shown[0]!.ecgs[0]!.images!;
    expect(tiles?.map(({ lead }) => lead)).toEqual(["page"]);
    expect(tiles?.[0]?.missing).toBe(false);
  });

  it("keeps that in its folder and in what is exported", async () => {
    const folder = await writeTinyHeartcare({ heartcare: UNCUT });
    expect(await readHeartcareConfig(diskFileStore, folder)).toEqual(UNCUT);
    const out = join(await mkdtemp(join(tmpdir(), "uncut-")), "out");
    await exportHeartcare(folder, out, { to: "onnx" });
    const features = JSON.parse(readFileSync(join(out, "features.json"), "utf8")) as Record<string, unknown>;
    expect(features).toMatchObject({ vectorsPerImage: 1, heartcare: UNCUT });
    expect((features["notes"] as string[]).find((note) => note.startsWith("patches: "))).toContain(
      "the whole page scaled to it",
    );
  });
});

describe("folders whose config does not fit", () => {
  it("are refused by name", async () => {
    const noVision = await writeTinyHeartcare({ heartcare: UNCUT, vision: false });
    await expect(openHeartcare(noVision)).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringContaining(
        "heartcare.json: image.segmentation: expected true in a model without a vision encoder, found false",
      ),
    });
    const folder = await writeTinyHeartcare();
    const path = join(folder, "heartcare.json");
    const config = JSON.parse(readFileSync(path, "utf8")) as HeartcareConfig;
    writeFileSync(path, JSON.stringify({ ...config, image: { ...config.image, segmentation: "no" } }));
    await expect(openHeartcare(folder)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("image.segmentation"),
    });
    expect(() => requireFit(TINY_HEARTCARE, { ...TINY_VISION, hasHead: false }, "model")).toThrow(
      /^model: expected a vision encoder that pools a tile to one vector/,
    );
    const eight = { ...TINY_HEARTCARE, signal: { ...TINY_HEARTCARE.signal, leadCount: 8 } };
    expect(() => requireFit(eight, TINY_VISION, "model")).toThrow(
      "model: signal.leadCount: expected 12, one for each lead tile, found 8",
    );
  });

  it("a model without the tokenizer that it was trained with, which does not ship", async () => {
    const folder = await writeTinyHeartcare();
    await rename(join(folder, "beat"), join(folder, "away"));
    await expect(openHeartcare(folder)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("expected the tokenizer tiny-beat that it was trained with in beat/"),
    });
  });
});
