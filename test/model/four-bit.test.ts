import { describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { createGraph, input } from "../../src/graph/graph.ts";
import { matmulFourBit } from "../../src/graph/ops/matmul-four-bit.ts";
import { encodeStore } from "../../src/graph/store-file.ts";
import { readPrompts } from "../../src/model/generate/generate-tokens.ts";
import type { FourBitSettings } from "../../src/model/generate/load-four-bit-session.ts";
import { loadLanguageModel } from "../../src/model/generate/load-language-model.ts";
import { quantiseBlocks, restoreBlocks } from "../../src/model/weights/quantise-blocks.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, TINY_QWEN2, tinyLanguageFolder } from "./tiny-models.ts";

describe("quantiseBlocks", () => {
  it("gives a block's largest number back exactly and the others to the nearest step", () => {
    const values = new Float32Array(16);
    values.set([8, -4, 1, 0.4, 0.6, -7.6, 7]);
    const weight = quantiseBlocks(values, { outputs: 1, inputs: 16, blockSize: 16 });
    // scale -1: 8 is step 0, -7 is the last step
    expect(weight.scales).toEqual(Float32Array.of(-1));
    expect(restoreBlocks(weight).slice(0, 8)).toBeAllClose([8, -4, 1, 0, 1, -7, 7, 0]);
    expect(weight.packed[0]).toBe(0 | (12 << 4));
  });

  it("errs by one scale at most, also in rows that do not fill their last block", () => {
    const rng = createRng("quantise");
    const values = Float32Array.from({ length: 3 * 40 }, () => rng.normal());
    const weight = quantiseBlocks(values, { outputs: 3, inputs: 40, blockSize: 16 });
    const restored = restoreBlocks(weight);
    for (const [i, value] of values.entries()) {
      const scale = Math.abs(weight.scales[Math.floor(i / 40) * 3 + Math.floor((i % 40) / 16)]!);
      expect(Math.abs(restored[i]! - value)).toBeLessThanOrEqual(scale * 1.0001);
    }
    const zeros = quantiseBlocks(new Float32Array(32), { outputs: 1, inputs: 32 });
    expect(restoreBlocks(zeros)).toBeAllClose(new Float32Array(32));
  });

  it("refuses other blocks and counts", () => {
    expect(() => quantiseBlocks(new Float32Array(4), { outputs: 1, inputs: 4, blockSize: 4 })).toThrow(
      "quantiseBlocks: expected blocks of 16, 32, 64, 128, 256, got 4",
    );
    expect(() => quantiseBlocks(new Float32Array(4), { outputs: 2, inputs: 4 })).toThrow(
      "quantiseBlocks: expected 2 x 4 numbers, got 4",
    );
  });

  it.each([0, 4] as const)(
    "is what ONNX Runtime multiplies by, at accuracy level %i",
    async (accuracyLevel) => {
      const rng = createRng("product");
      const [outputs, inputs] = [24, 40];
      const values = Float32Array.from({ length: outputs * inputs }, () => rng.normal());
      const weight = quantiseBlocks(values, { outputs, inputs, blockSize: 32 });
      const restored = restoreBlocks(weight);
      const x = Float32Array.from({ length: 2 * inputs }, () => rng.normal());
      const graph = createGraph();
      const product = matmulFourBit(input(graph, "x", [2, inputs]), weight, { accuracyLevel });
      const compiled = await compileInference({ runtime: await testRuntime(), outputs: { product } });
      const result = await compiled.run({ x });
      await compiled.dispose();
      const want = Float32Array.from({ length: 2 * outputs }, (_, at) => {
        const [row, output] = [Math.floor(at / outputs), at % outputs];
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * restored[output * inputs + i]!;
        return sum;
      });
      // level 4 rounds x to 8 bits a block
      expect(result["product"]!.data as Float32Array).toBeAllClose(want, {
        atol: accuracyLevel === 4 ? 0.2 : 1e-4,
      });
    },
  );
});

describe.each([
  ["qwen2", TINY_QWEN2],
  ["phi3", TINY_PHI3],
] as const)("a tiny %s in 4 bits", (_name, config) => {
  const prompt = { ids: [3, 14, 15, 92, 65, 35] };
  const store = randomLanguageStore(config, "bits");

  const logitsOf = async (weights: typeof store, fourBit?: FourBitSettings): Promise<Float32Array> => {
    const files = tinyLanguageFolder(config, "bits", { "model/model.safetensors": encodeStore(weights) });
    const runtime = await testRuntime();
    const model = await loadLanguageModel({
      runtime,
      files,
      folder: "model",
      ...(fourBit ? { fourBit } : {}),
    });
    const last = await readPrompts(model.session, model.session.newCache(), [prompt]);
    const logits = await model.session.logits(last);
    await model.dispose();
    return logits;
  };

  it("computes what float32 does with the weights that the blocks stand for", async () => {
    const restored = randomLanguageStore(config, "bits");
    for (const { name, shape, values } of restored.tensors.values()) {
      if (!/_proj\.weight$/.test(name)) continue;
      const [outputs, inputs] = shape as [number, number];
      restored.set(name, restoreBlocks(quantiseBlocks(values as Float32Array, { outputs, inputs })));
    }
    const got = await logitsOf(store, { head: false, accuracyLevel: 0 });
    expect(got).toBeAllClose(await logitsOf(restored), { atol: 1e-3 });
  });

  it("answers nearly as in float32, and the same in one session as in several", async () => {
    const exact = await logitsOf(store);
    const whole = await logitsOf(store, {});
    // random weights are the hardest to quantise
    expect(correlation(exact, whole)).toBeGreaterThan(0.85);
    expect(await logitsOf(store, { stageBytes: 1 })).toEqual(whole);
  });
});

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (x: Float32Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
