// Qwen2 and Phi-3 against transformers v4.44 on tiny checkpoints: hidden vectors, logits, loss, gradients.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { readLanguageConfig } from "../../src/model/config/read-model-config.ts";
import {
  buildLanguageModel,
  languageInputs,
  nextTokenTargets,
} from "../../src/model/language/build-language-model.ts";
import { LANGUAGE_NAMES } from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { GOLDEN_MODELS, goldenFolders, readArray, readExpected, worstDifference } from "./golden-models.ts";

type Forward = {
  readonly name: string;
  readonly input_ids: number[][];
  readonly attention_mask: number[][] | null;
  readonly position_ids: number[][] | null;
  readonly files: {
    readonly logits: string;
    readonly last_hidden_state?: string;
    readonly last_layer_before_norm?: string;
    readonly layer_inputs?: string;
  };
};

type Expected = {
  readonly forward: readonly Forward[];
  readonly loss?: {
    readonly input_ids: number[][];
    readonly attention_mask: number[][];
    readonly labels: number[][];
    readonly loss: number;
    readonly grad_norm_total: number;
    readonly grad_norms: Record<string, number>;
    readonly grads: Record<string, string>;
  };
  readonly suggested_tolerance: { readonly logits_abs: number; readonly hidden_abs: number };
};

const folders = goldenFolders("causal-lm");

describe.skipIf(!existsSync(GOLDEN_MODELS))("language models against transformers", () => {
  it.each(folders)("%s: hidden vectors and logits", async (folder) => {
    const expected = readExpected<Expected>(folder);
    const path = GOLDEN_MODELS + folder;
    const config = await readLanguageConfig(diskFileStore, path);
    for (const forward of expected.forward) {
      const [batch, tokens] = [forward.input_ids.length, forward.input_ids[0]!.length];
      const graph = createGraph();
      const model = buildLanguageModel(graph, config, { batch, tokens, isFrozen: () => true });
      const outputs = {
        logits: model.logits(),
        normalised: model.normalised,
        hidden: model.hidden,
        ...Object.fromEntries(model.layerInputs.map((tensor, layer) => [`layer${layer}`, tensor])),
      };
      const store = createParameterStore(graph, { seed: 0, attachFrozen: true });
      await loadWeights(store, diskFileStore, path, { rule: LANGUAGE_NAMES });
      const compiled = await compileInference({ runtime: await testRuntime(), store, outputs });
      const results = await compiled.run(
        languageInputs(config, {
          ids: forward.input_ids,
          attentionMask: forward.attention_mask ?? undefined,
          positionIds: forward.position_ids ?? undefined,
        }),
      );
      await compiled.dispose();
      const mask = forward.attention_mask?.flat() ?? forward.input_ids.flat().map(() => 1);
      const differs = (name: string, file: string): number =>
        worstDifference(results[name]!.data as Float32Array, readArray(folder, file).data, mask);
      const { files } = forward;
      const at = `${forward.name} logits`;
      expect(differs("logits", files.logits), at).toBeLessThan(expected.suggested_tolerance.logits_abs);
      if (files.last_hidden_state) expect(differs("normalised", files.last_hidden_state)).toBeLessThan(2e-4);
      if (files.last_layer_before_norm)
        expect(differs("hidden", files.last_layer_before_norm)).toBeLessThan(2e-4);
      if (files.layer_inputs) {
        const all = readArray(folder, files.layer_inputs).data;
        const size = all.length / config.layerCount;
        for (let layer = 0; layer < config.layerCount; layer++) {
          const want = all.subarray(layer * size, (layer + 1) * size);
          const got = results[`layer${layer}`]!.data as Float32Array;
          expect(worstDifference(got, want, mask), `layer ${layer}`).toBeLessThan(2e-4);
        }
      }
    }
  });

  const withLoss = folders.filter((folder) => readExpected<Expected>(folder).loss);
  it.each(withLoss)("%s: loss and gradients", async (folder) => {
    const expected = readExpected<Expected>(folder).loss!;
    const path = GOLDEN_MODELS + folder;
    const config = await readLanguageConfig(diskFileStore, path);
    const [batch, tokens] = [expected.input_ids.length, expected.input_ids[0]!.length];
    const graph = createGraph();
    const targets = nextTokenTargets(expected.labels);
    const loss = buildLanguageModel(graph, config, { batch, tokens }).loss(targets.targetIds.length);
    const store = createParameterStore(graph, { seed: 0 });
    await loadWeights(store, diskFileStore, path, { rule: LANGUAGE_NAMES });
    const runtime = await testRuntime();
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer });
    const inputs = languageInputs(config, {
      ids: expected.input_ids,
      attentionMask: expected.attention_mask,
    });
    const result = await training.step({ ...inputs, ...targets }, { learningRate: 0 });
    await training.dispose();
    expect(Math.abs(result.loss - expected.loss)).toBeLessThan(1e-5);
    expect(Math.abs(result.gradientNorm / expected.grad_norm_total - 1)).toBeLessThan(1e-4);
    expect([...optimizer.trained.keys()].sort()).toEqual(Object.keys(expected.grad_norms).sort());
    for (const [name, norm] of Object.entries(expected.grad_norms)) {
      const got = Math.hypot(...optimizer.trained.get(name)!.gradient);
      expect(Math.abs(got - norm), name).toBeLessThan(1e-3 * norm + 1e-6);
    }
    for (const [name, file] of Object.entries(expected.grads)) {
      const want = readArray(folder, file).data;
      const largest = want.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
      const { gradient } = optimizer.trained.get(name)!;
      expect(worstDifference(gradient, want), name).toBeLessThan(1e-3 * largest);
    }
  });
});
