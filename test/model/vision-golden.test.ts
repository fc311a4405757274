// SigLIP against transformers v4.44 on tiny checkpoints: PNG to pixel values, features, pooled vector, gradients.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { constant } from "../../src/graph/constant.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { add } from "../../src/graph/ops/add.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { readVisionConfig } from "../../src/model/config/read-model-config.ts";
import { buildVisionEncoder } from "../../src/model/vision/build-vision-encoder.ts";
import { decodePng } from "../../src/model/vision/node/decode-png.ts";
import { patchRows } from "../../src/model/vision/patch-rows.ts";
import { prepareImage } from "../../src/model/vision/prepare-image.ts";
import { resizeBicubic } from "../../src/model/vision/resize-bicubic.ts";
import { VISION_NAMES } from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { GOLDEN_MODELS, goldenFolders, readArray, readExpected, worstDifference } from "./golden-models.ts";

type Expected = {
  readonly preprocess: {
    readonly images: {
      readonly png: string;
      readonly files: { rgb_u8_hwc: string; resized_u8_hwc: string; pixel_values: string };
    }[];
  };
  readonly forward: {
    readonly name: string;
    readonly input: string | string[];
    readonly files: {
      readonly last_hidden_state: string;
      readonly pooler_output: string;
      readonly hidden_states?: string;
      readonly pixel_values?: string;
    };
  }[];
  readonly gradient: {
    readonly w1: string;
    readonly w2: string;
    readonly loss: number;
    readonly grad_norms: Record<string, number>;
    readonly grads: Record<string, string>;
  };
};

const folders = goldenFolders("siglip-vision");

async function preparedImages(folder: string): Promise<Float32Array> {
  const { preparation } = await readVisionConfig(diskFileStore, GOLDEN_MODELS + folder);
  const pixels = readExpected<Expected>(folder).preprocess.images.map(({ png }) =>
    prepareImage(decodePng(readFileSync(`${GOLDEN_MODELS}${folder}/${png}`)), preparation),
  );
  return Float32Array.from(pixels.flatMap((values) => [...values]));
}

describe.skipIf(!existsSync(GOLDEN_MODELS))("vision encoders against transformers", () => {
  it.each(folders)("%s: PNG to pixel values", async (folder) => {
    const { preparation } = await readVisionConfig(diskFileStore, GOLDEN_MODELS + folder);
    for (const { png, files } of readExpected<Expected>(folder).preprocess.images) {
      const image = decodePng(readFileSync(`${GOLDEN_MODELS}${folder}/${png}`), png);
      const rgb = readArray(folder, files.rgb_u8_hwc);
      expect([image.height, image.width, image.channels]).toEqual(rgb.shape);
      expect(worstDifference(image.data, rgb.data)).toBe(0);
      const resized = resizeBicubic(image, preparation.width, preparation.height);
      expect(worstDifference(resized.data, readArray(folder, files.resized_u8_hwc).data)).toBe(0);
      const values = prepareImage(image, preparation);
      expect(worstDifference(values, readArray(folder, files.pixel_values).data)).toBeLessThan(1e-6);
    }
  });

  it.each(folders)("%s: hidden states, features and pooled vector", async (folder) => {
    const { config } = await readVisionConfig(diskFileStore, GOLDEN_MODELS + folder);
    for (const { input: file, files } of readExpected<Expected>(folder).forward) {
      const pixels = typeof file === "string" ? readArray(folder, file).data : await preparedImages(folder);
      const images = readArray(folder, files.pooler_output).shape[0]!;
      const graph = createGraph();
      const encoder = buildVisionEncoder(graph, config, { images, isFrozen: () => true });
      const store = createParameterStore(graph, { seed: 0, attachFrozen: true });
      await loadWeights(store, diskFileStore, GOLDEN_MODELS + folder, { rule: VISION_NAMES });
      const compiled = await compileInference({
        runtime: await testRuntime(),
        store,
        outputs: {
          features: encoder.features,
          pooled: encoder.pooled!,
          ...Object.fromEntries(encoder.hiddenStates.map((tensor, layer) => [`layer${layer}`, tensor])),
        },
      });
      const results = await compiled.run({ patches: patchRows(pixels, images, config) });
      await compiled.dispose();
      const numbers = (name: string): Float32Array => results[name]!.data as Float32Array;
      expect(
        worstDifference(numbers("features"), readArray(folder, files.last_hidden_state).data),
      ).toBeLessThan(2e-4);
      expect(worstDifference(numbers("pooled"), readArray(folder, files.pooler_output).data)).toBeLessThan(
        2e-4,
      );
      if (!files.hidden_states) continue;
      const all = readArray(folder, files.hidden_states).data;
      const size = all.length / (config.layerCount + 1);
      for (let layer = 0; layer <= config.layerCount; layer++) {
        const want = all.subarray(layer * size, (layer + 1) * size);
        expect(worstDifference(numbers(`layer${layer}`), want), `layer ${layer}`).toBeLessThan(2e-4);
      }
    }
  });

  it.each(folders)("%s: gradients", async (folder) => {
    const { gradient: expected, forward } = readExpected<Expected>(folder);
    const { config } = await readVisionConfig(diskFileStore, GOLDEN_MODELS + folder);
    const pixels = readArray(folder, forward.find(({ name }) => name === "random")!.input as string);
    const images = pixels.shape[0]!;
    const graph = createGraph();
    const { features, pooled } = buildVisionEncoder(graph, config, { images });
    const weighted = (tensor: typeof features, file: string): typeof features =>
      sum(multiply(tensor, constant(graph, readArray(folder, file).data, tensor.shape)));
    const loss = add(weighted(pooled!, expected.w1), weighted(features, expected.w2));
    const store = createParameterStore(graph, { seed: 0 });
    await loadWeights(store, diskFileStore, GOLDEN_MODELS + folder, { rule: VISION_NAMES });
    const runtime = await testRuntime();
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer });
    const result = await training.step(
      { patches: patchRows(pixels.data, images, config) },
      { learningRate: 0 },
    );
    await training.dispose();
    const largest = Math.max(...Object.values(expected.grad_norms));
    expect(Math.abs(result.loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect([...optimizer.trained.keys()].sort()).toEqual(Object.keys(expected.grad_norms).sort());
    for (const [name, norm] of Object.entries(expected.grad_norms)) {
      const got = Math.hypot(...optimizer.trained.get(name)!.gradient);
      // gradients of key biases are zero but for rounding
      expect(Math.abs(got - norm), name).toBeLessThan(1e-3 * norm + 1e-6 * largest);
    }
    for (const [name, file] of Object.entries(expected.grads)) {
      const want = readArray(folder, file).data;
      const peak = want.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
      expect(worstDifference(optimizer.trained.get(name)!.gradient, want), name).toBeLessThan(1e-3 * peak);
    }
  });
});
