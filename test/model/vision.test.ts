import { describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { readVisionConfig } from "../../src/model/config/read-model-config.ts";
import { buildVisionEncoder } from "../../src/model/vision/build-vision-encoder.ts";
import { decodePng } from "../../src/model/vision/node/decode-png.ts";
import { patchRows } from "../../src/model/vision/patch-rows.ts";
import { prepareImage } from "../../src/model/vision/prepare-image.ts";
import { resizeBicubic } from "../../src/model/vision/resize-bicubic.ts";
import { VISION_NAMES } from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { encodeTestPng, type TestPng } from "./encode-test-png.ts";
import { TINY_VISION, tinyVisionFolder } from "./tiny-models.ts";

const rgb = (image: { data: ArrayLike<number>; width: number }, x: number, y: number): number[] =>
  [0, 1, 2].map((channel) => image.data[(y * image.width + x) * 3 + channel]!);

describe("decodePng", () => {
  const value = (x: number, y: number, channel: number): number => (x * 37 + y * 91 + channel * 53) % 256;
  const base: TestPng = { width: 13, height: 11, depth: 8, colour: 2, sample: value };

  it.each([false, true])("every filter, interlaced %s", (interlaced) => {
    const image = decodePng(encodeTestPng({ ...base, interlaced, filter: (line) => line % 5 }));
    expect([image.width, image.height, image.channels]).toEqual([13, 11, 3]);
    for (const [x, y] of [
      [0, 0],
      [12, 10],
      [5, 3],
      [4, 7],
    ] as const) {
      expect(rgb(image, x, y)).toEqual([0, 1, 2].map((channel) => value(x, y, channel)));
    }
  });

  it.each([1, 2, 4, 8, 16])("grey of %i bits", (depth) => {
    const top = 2 ** depth - 1;
    const sample = (x: number): number => (x === 3 ? top : 0);
    const image = decodePng(encodeTestPng({ ...base, depth, colour: 0, sample }));
    expect(rgb(image, 3, 2)).toEqual([255, 255, 255]);
    expect(rgb(image, 4, 2)).toEqual([0, 0, 0]);
  });

  it("palettes and transparency, which is dropped", () => {
    const palette = [1, 2, 3, 40, 50, 60];
    const indexed = decodePng(encodeTestPng({ ...base, depth: 4, colour: 3, palette, sample: (x) => x % 2 }));
    expect([rgb(indexed, 0, 0), rgb(indexed, 1, 0)]).toEqual([
      [1, 2, 3],
      [40, 50, 60],
    ]);
    const clear = decodePng(
      encodeTestPng({ ...base, colour: 6, sample: (x, y, c) => (c === 3 ? 0 : value(x, y, c)) }),
    );
    expect(rgb(clear, 5, 3)).toEqual([0, 1, 2].map((channel) => value(5, 3, channel)));
    const grey = decodePng(
      encodeTestPng({ ...base, depth: 16, colour: 4, sample: (_x, _y, c) => (c === 0 ? 0x80ff : 0) }),
    );
    expect(rgb(grey, 5, 3)).toEqual([128, 128, 128]);
    expect(() => decodePng(encodeTestPng({ ...base, colour: 3, palette, sample: () => 2 }))).toThrow(
      "png: expected a palette of more than 2 colours, found 2",
    );
  });

  it("says what is wrong with a file", () => {
    const bytes = encodeTestPng(base);
    expect(() => decodePng(Uint8Array.of(1, 2, 3), "page.png")).toThrow(
      "page.png: expected a PNG signature, found other bytes",
    );
    expect(() => decodePng(bytes.subarray(0, 40))).toThrow("png: expected chunks IHDR and IDAT, found IHDR");
    const broken = Uint8Array.from(bytes);
    broken.fill(7, 45, 60);
    expect(() => decodePng(broken)).toThrow(expect.objectContaining({ code: "INVALID_FILE" }) as Error);
    expect(() => decodePng(encodeTestPng({ ...base, depth: 4 }))).toThrow("type 2 of 4 bits");
    expect(() => decodePng(encodeTestPng({ ...base, filter: () => 9 }))).toThrow(
      "a filter from 0 to 4, found 9",
    );
  });
});

describe("preparing images", () => {
  it("leaves a flat image flat and an image of the right size as it is", () => {
    const flat = { width: 7, height: 5, channels: 3, data: new Uint8Array(105).fill(77) };
    expect(new Set(resizeBicubic(flat, 12, 3).data)).toEqual(new Set([77]));
    expect(resizeBicubic(flat, 7, 5)).toBe(flat);
  });

  it("halves a ramp by Pillow's weights", () => {
    // columns 0 0 255 255 to two: each new pixel weighs four old ones by cubic(1/4), cubic(3/4), cubic(5/4), cut at the edge
    const step = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 0, 255, 255) };
    const cubic = (x: number): number =>
      x < 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : -0.5 * (x ** 3 - 5 * x ** 2 + 8 * x - 4);
    const [a, b, c] = [0.25, 0.75, 1.25].map(cubic) as [number, number, number];
    const share = (b + c) / (a + a + b + c);
    expect([...resizeBicubic(step, 2, 1).data]).toEqual([
      Math.round(255 * share),
      Math.round(255 * (1 - share)),
    ]);
  });

  it("scales to -1 … 1 by channel", () => {
    const image = { width: 1, height: 1, channels: 3, data: Uint8Array.of(0, 255, 51) };
    const preparation = {
      width: 1,
      height: 1,
      rescaleFactor: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    };
    expect(prepareImage(image, preparation)).toBeAllClose([-1, 1, -0.6], { atol: 1e-6 });
    expect(() => prepareImage({ ...image, channels: 1 }, preparation)).toThrow(
      "prepareImage: expected 1 x 1 pixels of 3 channels, got 3 numbers of 1",
    );
  });

  it("cuts patches row by row, leaving out what does not fill one", () => {
    const config = { ...TINY_VISION, imageSize: 3, patchSize: 2, channelCount: 1 };
    expect(patchRows(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 1, config)).toEqual(
      Float32Array.of(1, 2, 4, 5),
    );
    const whole = { ...config, imageSize: 2, patchSize: 1, channelCount: 2 };
    expect(patchRows(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 1, whole)).toEqual(
      Float32Array.of(1, 5, 2, 6, 3, 7, 4, 8),
    );
    expect(() => patchRows(new Float32Array(3), 1, config)).toThrow("expected 9 pixel values");
  });
});

describe("a tiny vision encoder", () => {
  it("gives each image of a batch what it gets alone", async () => {
    const files = tinyVisionFolder(TINY_VISION, "vision");
    const { config } = await readVisionConfig(files, "model");
    const rng = createRng("pixels");
    const pixels = Float32Array.from({ length: 2 * 3 * 12 * 12 }, () => rng.uniform(-1, 1));
    const encode = async (part: Float32Array, images: number): Promise<Float32Array> => {
      const graph = createGraph();
      const { pooled, features } = buildVisionEncoder(graph, config, { images, isFrozen: () => true });
      expect(features.shape).toEqual([images, 9, 16]);
      const store = createParameterStore(graph, { seed: 0, attachFrozen: true });
      await loadWeights(store, files, "model", { rule: VISION_NAMES });
      const compiled = await compileInference({
        runtime: await testRuntime(),
        store,
        outputs: { pooled: pooled! },
      });
      const results = await compiled.run({ patches: patchRows(part, images, config) });
      await compiled.dispose();
      return results["pooled"]!.data as Float32Array;
    };
    const both = await encode(pixels, 2);
    expect(both).toHaveLength(2 * 16);
    expect(await encode(pixels.slice(432), 1)).toBeAllClose(both.subarray(16), { atol: 1e-6 });
  });
});
