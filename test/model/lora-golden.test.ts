// LoRA against peft v0.13 on tiny checkpoints: logits, merged matrices, gradients and AdamW steps on the adapter.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import type { LanguageConfig } from "../../src/model/config/language-config.ts";
import { readLanguageConfig } from "../../src/model/config/read-model-config.ts";
import {
  buildLanguageModel,
  languageInputs,
  nextTokenTargets,
} from "../../src/model/language/build-language-model.ts";
import { type LoraAdapter, loadAdapter, readAdapter } from "../../src/model/lora/adapter-folder.ts";
import { isLoraName, loraDense } from "../../src/model/lora/lora-dense.ts";
import { mergeAdapter, unmergeAdapter } from "../../src/model/lora/merge-adapter.ts";
import { LANGUAGE_NAMES } from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { openSafetensorsBytes, type SafetensorsFile } from "../../src/shared/safetensors.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { GOLDEN_MODELS, goldenFolders, readArray, readExpected, worstDifference } from "./golden-models.ts";

type Batch = {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly position_ids: number[][] | null;
};

type Expected = {
  readonly base: string;
  readonly forward: Batch & { readonly files: { readonly logits: string } };
  readonly merged: Record<string, string>;
  readonly training: Batch & {
    readonly labels: number[][];
    readonly optimizer: { lr: number; betas: [number, number]; eps: number; weight_decay: number };
    readonly losses: number[];
    readonly grad_norm_total_step1: number;
    readonly files: { grads_step1: string; after_step1: string; after_step5: string };
  };
};

const folders = goldenFolders("lora");
const isBase = (name: string): boolean => !isLoraName(name);

async function openModel(folder: string): Promise<{
  config: LanguageConfig;
  adapter: LoraAdapter;
  build: (batch: Batch, adapted: boolean) => ReturnType<typeof buildLanguageModel>;
  load: (model: ReturnType<typeof buildLanguageModel>) => Promise<ParameterStore>;
}> {
  const base = GOLDEN_MODELS + readExpected<Expected>(folder).base;
  const config = await readLanguageConfig(diskFileStore, base);
  const adapter = await readAdapter(diskFileStore, GOLDEN_MODELS + folder);
  return {
    config,
    adapter,
    build: ({ input_ids: ids }, adapted) =>
      buildLanguageModel(createGraph(), config, {
        batch: ids.length,
        tokens: ids[0]!.length,
        isFrozen: isBase,
        ...(adapted
          ? { wrapDense: (dense, weights) => loraDense(dense, weights, { config: adapter.config }) }
          : {}),
      }),
    load: async ({ graph }) => {
      const store = createParameterStore(graph, { seed: 0, attachFrozen: true });
      await loadWeights(store, diskFileStore, base, { rule: LANGUAGE_NAMES, includes: isBase });
      if ([...store.tensors.keys()].some(isLoraName)) loadAdapter(store, adapter);
      return store;
    },
  };
}

const inputsOf = (config: LanguageConfig, batch: Batch): ReturnType<typeof languageInputs> =>
  languageInputs(config, {
    ids: batch.input_ids,
    attentionMask: batch.attention_mask,
    positionIds: batch.position_ids ?? undefined,
  });

const openFile = (folder: string, name: string): Promise<SafetensorsFile> =>
  openSafetensorsBytes(readFileSync(`${GOLDEN_MODELS}${folder}/${name}`));

describe.skipIf(!existsSync(GOLDEN_MODELS))("LoRA against peft", () => {
  it.each(folders)("%s: logits, with the adapter apart and merged", async (folder) => {
    const { forward, merged } = readExpected<Expected>(folder);
    const { config, adapter, build, load } = await openModel(folder);
    const runtime = await testRuntime();
    const want = readArray(folder, forward.files.logits).data;
    const mask = forward.attention_mask.flat();
    for (const adapted of [true, false]) {
      const model = build(forward, adapted);
      const store = await load(model);
      const before = new Map([...store.tensors].map(([name, { values }]) => [name, values.slice()]));
      if (!adapted) {
        await mergeAdapter(store, adapter, runtime);
        for (const [name, file] of Object.entries(merged)) {
          const got = store.get(name).values as Float32Array;
          expect(worstDifference(got, readArray(folder, file).data), name).toBeLessThan(1e-6);
        }
      }
      const compiled = await compileInference({ runtime, store, outputs: { logits: model.logits() } });
      const { logits } = await compiled.run(inputsOf(config, forward));
      await compiled.dispose();
      expect(worstDifference(logits!.data as Float32Array, want, mask)).toBeLessThan(2e-4);
      if (adapted) continue;
      await unmergeAdapter(store, adapter, runtime);
      for (const [name, values] of before) {
        const got = store.get(name).values as Float32Array;
        expect(worstDifference(got, values as Float32Array), name).toBeLessThan(1e-6);
      }
    }
  });

  it.each(folders)("%s: gradients and AdamW steps", async (folder) => {
    const { training: expected } = readExpected<Expected>(folder);
    const { config, build, load } = await openModel(folder);
    const runtime = await testRuntime();
    const model = build(expected, true);
    const targets = nextTokenTargets(expected.labels);
    const loss = model.loss(targets.targetIds.length);
    const store = await load(model);
    const { lr, betas, eps, weight_decay: weightDecay } = expected.optimizer;
    const [beta1, beta2] = betas;
    const optimizer = await createAdamW({ runtime, store, beta1, beta2, epsilon: eps, weightDecay });
    expect([...optimizer.trained.keys()].every(isLoraName)).toBe(true);
    const training = await compileTraining({ runtime, loss, optimizer });
    const inputs = { ...inputsOf(config, expected), ...targets };
    const compare = async (file: string, atol: number, part: "values" | "gradient"): Promise<void> => {
      const golden = await openFile(folder, file);
      expect([...golden.tensors.keys()].sort()).toEqual([...optimizer.trained.keys()].sort());
      for (const [name, { stored, gradient }] of optimizer.trained) {
        const want = await golden.readFloats(name);
        const got = part === "gradient" ? gradient : (stored.values as Float32Array);
        expect(worstDifference(got, want), `${file} ${name}`).toBeLessThan(atol);
      }
    };
    const losses: number[] = [];
    for (let step = 1; step < expected.losses.length; step++) {
      const result = await training.step(inputs, { learningRate: lr });
      losses.push(result.loss);
      if (step === 1) {
        expect(Math.abs(result.gradientNorm / expected.grad_norm_total_step1 - 1)).toBeLessThan(1e-4);
        await compare(expected.files.grads_step1, 1e-3, "gradient");
        await compare(expected.files.after_step1, 2e-5, "values");
      }
      if (step === 5) await compare(expected.files.after_step5, 2e-5, "values");
    }
    losses.push((await training.evaluate(inputs)).loss);
    expect(losses).toBeAllClose(expected.losses, { atol: 1e-5 });
    await training.dispose();
  });
});
