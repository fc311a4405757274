import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import {
  buildLanguageModel,
  type LanguageModel,
  languageInputs,
  nextTokenTargets,
} from "../../src/model/language/build-language-model.ts";
import {
  adapterOfStore,
  encodeAdapter,
  loadAdapter,
  readAdapter,
} from "../../src/model/lora/adapter-folder.ts";
import {
  adaptationOf,
  type LoraConfig,
  loraConfigJson,
  paperLoraConfig,
  parseLoraConfig,
} from "../../src/model/lora/lora-config.ts";
import { drawLoraDropout, isLoraName, loraDense } from "../../src/model/lora/lora-dense.ts";
import { mergeAdapter, unmergeAdapter } from "../../src/model/lora/merge-adapter.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, TINY_QWEN2 } from "./tiny-models.ts";

const ids = [
  [5, 17, 230, 8, 41],
  [9, 9, 100, 250, 3],
];
const lora = (changes: Partial<LoraConfig> = {}): LoraConfig => ({
  ...paperLoraConfig("qwen2"),
  rank: 3,
  alpha: 6,
  dropout: 0,
  ...changes,
});

function adapted(config: LoraConfig, training = false, language = TINY_QWEN2): LanguageModel {
  return buildLanguageModel(createGraph(), language, {
    batch: 2,
    tokens: 5,
    isFrozen: (name) => !isLoraName(name),
    wrapDense: (dense, weights) => loraDense(dense, weights, { config, training }),
  });
}

/** The base weights of a random model, with fresh adapters beside them. */
function adaptedStore(model: LanguageModel, language = TINY_QWEN2): ParameterStore {
  const base = randomLanguageStore(language, "base");
  const store = createParameterStore(model.graph, { seed: "adapter", attachFrozen: true });
  for (const { name, kind } of store.tensors.values()) {
    if (kind === "frozen") store.attach(name, base.get(name).values.slice());
  }
  return store;
}

async function logitsOf(
  model: LanguageModel,
  store: ParameterStore,
  language = TINY_QWEN2,
): Promise<Float32Array> {
  const compiled = await compileInference({
    runtime: await testRuntime(),
    store,
    outputs: { logits: model.logits() },
  });
  const { logits } = await compiled.run(languageInputs(language, { ids }));
  await compiled.dispose();
  return logits!.data as Float32Array;
}

/** Give B numbers, so that the adapter does something. */
function fillB(store: ParameterStore): void {
  const rng = createRng("B");
  for (const { name, values } of store.tensors.values()) {
    if (name.endsWith("lora_B.weight"))
      for (let i = 0; i < values.length; i++) values[i] = 0.2 * rng.normal();
  }
}

describe.each([
  ["qwen2", TINY_QWEN2],
  ["phi3", TINY_PHI3],
] as const)("an adapter on a tiny %s", (architecture, language) => {
  const config = lora({ targets: paperLoraConfig(architecture).targets });

  it("changes nothing at first, and then as much apart as merged, and comes out again", async () => {
    const model = adapted(config, false, language);
    const plain = buildLanguageModel(createGraph(), language, { batch: 2, tokens: 5, isFrozen: () => true });
    const store = adaptedStore(model, language);
    const runtime = await testRuntime();
    const before = await logitsOf(plain, store, language);
    expect(await logitsOf(model, store, language)).toEqual(before);
    fillB(store);
    const apart = await logitsOf(model, store, language);
    expect(apart).not.toBeAllClose(before, { atol: 1e-2 });
    const adapter = adapterOfStore(store, config);
    expect(adapter.modules.size).toBe(2 * config.targets.length);
    await mergeAdapter(store, adapter, runtime);
    expect(await logitsOf(plain, store, language)).toBeAllClose(apart, { atol: 1e-4 });
    await unmergeAdapter(store, adapter, runtime);
    expect(await logitsOf(plain, store, language)).toBeAllClose(before, { atol: 1e-4 });
  });
});

describe("training", () => {
  it("moves the adapter alone and lowers the loss; dropout needs its numbers and repeats", async () => {
    const config = lora({ dropout: 0.1 });
    const model = adapted(config, true);
    const store = adaptedStore(model);
    const runtime = await testRuntime();
    const targets = nextTokenTargets(ids);
    const loss = model.loss(8);
    const optimizer = await createAdamW({ runtime, store });
    expect([...optimizer.trained.keys()].every(isLoraName)).toBe(true);
    const training = await compileTraining({ runtime, loss, optimizer });
    const frozen = store.get("model.layers.0.mlp.up_proj.weight").values.slice();
    const inputs = { ...languageInputs(TINY_QWEN2, { ids }), ...targets };
    await expect(training.step(inputs, { learningRate: 0 })).rejects.toThrow("loraDropoutRows:");
    const rng = createRng("dropout");
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      const drawn = drawLoraDropout(model.graph, rng);
      losses.push((await training.step({ ...inputs, ...drawn }, { learningRate: 2e-2 })).loss);
    }
    await training.dispose();
    expect(losses.at(-1)).toBeLessThan(0.25 * losses[0]!);
    expect(store.get("model.layers.0.mlp.up_proj.weight").values).toEqual(frozen);
  });
});

describe("adapter folders", () => {
  it("come back as written, with other ranks for some modules", async () => {
    const config = lora({
      rankPattern: { up_proj: 2 },
      alphaPattern: { "layers.1.mlp.up_proj": 7 },
      rankStabilised: true,
      layers: [1],
    });
    const store = adaptedStore(adapted(config));
    fillB(store);
    const files = encodeAdapter(store, config);
    const folder = createMemoryFileStore({
      "a/adapter_config.json": files.config,
      "a/adapter_model.safetensors": files.model,
    });
    const adapter = await readAdapter(folder, "a");
    expect(adapter.config).toEqual({ ...config, targets: [...config.targets].sort() });
    expect([...adapter.modules.keys()].every((name) => name.startsWith("model.layers.1."))).toBe(true);
    const up = adapter.modules.get("model.layers.1.mlp.up_proj")!;
    expect([up.rank, up.scaling]).toEqual([2, 7 / Math.sqrt(2)]);
    expect(adapter.modules.get("model.layers.1.mlp.down_proj")!.scaling).toBe(6 / Math.sqrt(3));
    const other = createParameterStore(adapted(config).graph, { seed: "other" });
    loadAdapter(other, adapter);
    for (const { name, values } of store.tensors.values()) {
      if (isLoraName(name)) expect(other.get(name).values, name).toEqual(values);
    }
    const wider = createParameterStore(adapted(lora()).graph, { seed: "wider" });
    expect(() => loadAdapter(wider, adapter)).toThrow("lora_A.weight, found none");
  });

  it("find targets by ending, by expression, or all", () => {
    const of = (targets: LoraConfig["targets"], module: string) => adaptationOf(lora({ targets }), module);
    expect(of(["q_proj"], "model.layers.0.self_attn.q_proj")).toEqual({ rank: 3, scaling: 2 });
    expect(of(["q_proj"], "model.layers.0.self_attn.xq_proj")).toBeUndefined();
    expect(of(".*mlp\\.(up|down)_proj", "model.layers.0.mlp.down_proj")).toBeDefined();
    expect(of(".*mlp\\.(up|down)_proj", "model.layers.0.mlp.gate_proj")).toBeUndefined();
    expect(of("all-linear", "lm_head")).toBeUndefined();
  });

  it.each([
    [{ use_dora: true }, "c: use_dora: expected use_dora false, found true"],
    [{ bias: "all" }, 'c: bias: expected bias none, found "all"'],
    [{ modules_to_save: ["lm_head"] }, 'c: modules_to_save: expected no modules_to_save, found ["lm_head"]'],
    [{ peft_type: "IA3" }, 'c: peft_type: expected peft_type LORA, found "IA3"'],
    [{ r: 0 }, "c: r: expected a rank above 0, found 0"],
  ])("refuse %j", (change, sentence) => {
    const json = { ...loraConfigJson(lora()), ...change };
    expect(() => parseLoraConfig(json, "c")).toThrow(
      expect.objectContaining({ code: "INVALID_FILE" }) as Error,
    );
    expect(() => parseLoraConfig(json, "c")).toThrow(sentence);
  });

  it("say when an adapter belongs to another model", async () => {
    const config = lora();
    const store = adaptedStore(adapted(config));
    const adapter = adapterOfStore(store, config);
    const wide = randomLanguageStore({ ...TINY_QWEN2, intermediateSize: 64 }, "wide");
    await expect(mergeAdapter(wide, adapter, await testRuntime())).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "adapter: model.layers.0.mlp.gate_proj: expected a model's weight (48, 32), got (64, 32)",
    });
    const phi = randomLanguageStore(TINY_PHI3, "phi");
    await expect(mergeAdapter(phi, adapter, await testRuntime())).rejects.toThrow(
      "expected a model with model.layers.0.self_attn.q_proj.weight, found none",
    );
  });
});
