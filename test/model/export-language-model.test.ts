import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGraph } from "../../src/graph/graph.ts";
import { inspectModel } from "../../src/graph/onnx/inspect-model.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import { encodeStore } from "../../src/graph/store-file.ts";
import { type LanguageConfig, languageConfigJson } from "../../src/model/config/language-config.ts";
import type { LanguageOnnxDescription } from "../../src/model/export/encode-language-onnx.ts";
import { exportLanguageModel } from "../../src/model/export/node/export-language-model.ts";
import type { DecoderSession } from "../../src/model/generate/decoder-session.ts";
import { loadLanguageModel } from "../../src/model/generate/load-language-model.ts";
import { buildLanguageModel } from "../../src/model/language/build-language-model.ts";
import { adapterOfStore, encodeAdapter } from "../../src/model/lora/adapter-folder.ts";
import { paperLoraConfig } from "../../src/model/lora/lora-config.ts";
import { isLoraName, loraDense } from "../../src/model/lora/lora-dense.ts";
import { mergeAdapter } from "../../src/model/lora/merge-adapter.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { openSafetensorsBytes } from "../../src/shared/safetensors.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, TINY_QWEN2, tinyLanguageFolder } from "./tiny-models.ts";

const root = mkdtempSync(join(tmpdir(), "heartcare-export-"));
afterAll(() => rmSync(root, { recursive: true }));

const rng = createRng("export");
const randomIds = (count: number): number[] => Array.from({ length: count }, () => rng.integer(300));

/** Logits after each of some ids, read as one prompt and single steps, (steps, vocabulary). */
async function logitsOf(session: DecoderSession, prompt: number[], steps: number[]): Promise<Float32Array[]> {
  const cache = session.newCache();
  const rows: Float32Array[] = [];
  for (const ids of [prompt, ...steps.map((id) => [id])]) {
    const hidden = await session.advance(cache, { embeddings: session.embed(ids), tokens: ids.length });
    rows.push(await session.logits(hidden));
  }
  return rows;
}

/** The exported files as a program that knows nothing of this one runs them. */
async function openExported(folder: string, config: LanguageConfig) {
  const decoder = await ort.InferenceSession.create(join(folder, "decoder.onnx"));
  const embedder = await ort.InferenceSession.create(join(folder, "embed_tokens.onnx"));
  const integers = (rows: readonly (readonly number[])[]): ort.Tensor =>
    new ort.Tensor("int64", BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length]);
  type Cache = Record<string, ort.Tensor>;
  const emptyCache = (batch: number): Cache => {
    const cache: Cache = {};
    for (let i = 0; i < config.layerCount; i++) {
      for (const part of ["key", "value"]) {
        const dims = [batch, config.keyValueHeadCount, 0, config.headSize];
        cache[`past_key_values.${i}.${part}`] = new ort.Tensor("float32", new Float32Array(0), dims);
      }
    }
    return cache;
  };
  const embed = async (ids: readonly (readonly number[])[]): Promise<ort.Tensor> =>
    (await embedder.run({ input_ids: integers(ids) }))["inputs_embeds"]!;
  const run = async (
    embeds: ort.Tensor,
    mask: readonly (readonly number[])[],
    positions: readonly (readonly number[])[],
    cache: Cache,
  ): Promise<{ logits: Float32Array; cache: Cache }> => {
    const results = await decoder.run({
      inputs_embeds: embeds,
      attention_mask: integers(mask),
      position_ids: integers(positions),
      ...cache,
    });
    const present = Object.keys(cache).map((name) => [
      name,
      results[name.replace("past_key_values", "present")]!,
    ]);
    return { logits: results["logits"]!.data as Float32Array, cache: Object.fromEntries(present) };
  };
  return { embed, run, emptyCache };
}

const CONFIGS: Record<string, LanguageConfig> = { qwen2: TINY_QWEN2, phi3: TINY_PHI3 };

describe.each(["qwen2", "phi3"])("ONNX files of a tiny %s", (name) => {
  const config = CONFIGS[name]!;
  const out = join(root, `${name}-onnx`);
  const files = tinyLanguageFolder(config, "onnx");
  let session: DecoderSession;
  let exported: Awaited<ReturnType<typeof openExported>>;

  beforeAll(async () => {
    await exportLanguageModel("model", out, { to: "onnx", files });
    exported = await openExported(out, config);
    session = (await loadLanguageModel({ runtime: await testRuntime(), files, folder: "model" })).session;
  });

  // phi3: the window of 20 is crossed, longrope's switch at 24 is not
  it.each([1, 7, 18])("give our logits over a prompt of %d and five steps", async (length) => {
    const [prompt, steps] = [randomIds(length), randomIds(5)];
    const expected = await logitsOf(session, prompt, steps);
    let cache = exported.emptyCache(1);
    let past = 0;
    for (const [index, ids] of [prompt, ...steps.map((id) => [id])].entries()) {
      const positions = ids.map((_, i) => past + i);
      past += ids.length;
      const result = await exported.run(
        await exported.embed([ids]),
        [new Array<number>(past).fill(1)],
        [positions],
        cache,
      );
      cache = result.cache;
      expect(cache["past_key_values.1.key"]!.dims).toEqual([
        1,
        config.keyValueHeadCount,
        past,
        config.headSize,
      ]);
      expect(result.logits).toBeAllClose(expected[index]!, { atol: 1e-4 });
    }
  });

  it("take longrope's long factors from the longest position on", async () => {
    const prompt = randomIds(40);
    const [expected] = await logitsOf(session, prompt, []);
    const result = await exported.run(
      await exported.embed([prompt]),
      [new Array<number>(40).fill(1)],
      [prompt.map((_, i) => i)],
      exported.emptyCache(1),
    );
    expect(result.logits).toBeAllClose(expected!, { atol: 1e-4 });
  });

  it("read a batch padded on the left, and vectors that are no rows of the table", async () => {
    const vectors = Float32Array.from({ length: 9 * config.hiddenSize }, () => rng.normal());
    const size = config.hiddenSize;
    const cache = session.newCache(2);
    const visible = [
      [1, 1, 1, 1],
      [0, 1, 1, 1],
    ];
    const first = vectors.slice(0, 8 * size);
    const hidden = await session.advance(cache, { embeddings: first, tokens: 4, visible });
    const expected = await session.logits(hidden);
    const tensor = new ort.Tensor("float32", first, [2, 4, size]);
    const positions = [
      [0, 1, 2, 3],
      [1, 0, 1, 2],
    ];
    const result = await exported.run(tensor, visible, positions, exported.emptyCache(2));
    // what follows padding means nothing
    const width = config.vocabularySize;
    expect(result.logits.subarray(0, 4 * width)).toBeAllClose(expected.subarray(0, 4 * width), {
      atol: 1e-4,
    });
    expect(result.logits.subarray(5 * width)).toBeAllClose(expected.subarray(5 * width), { atol: 1e-4 });
  });

  it("are described in onnx.json and use standard operators only", () => {
    const description = JSON.parse(readFileSync(join(out, "onnx.json"), "utf8")) as LanguageOnnxDescription;
    const { inputs, outputs } = description.files["decoder.onnx"]!;
    expect(inputs.slice(0, 4)).toEqual([
      { name: "inputs_embeds", dtype: "float32", shape: ["batch", "sequence", 32] },
      { name: "attention_mask", dtype: "int64", shape: ["batch", "total"] },
      { name: "position_ids", dtype: "int64", shape: ["batch", "sequence"] },
      {
        name: "past_key_values.0.key",
        dtype: "float32",
        shape: ["batch", config.keyValueHeadCount, "past", 8],
      },
    ]);
    expect(outputs.map((port) => port.name)).toEqual([
      "logits",
      ...[0, 1].flatMap((i) => [`present.${i}.key`, `present.${i}.value`]),
    ]);
    expect(outputs[0]!.shape).toEqual(["batch", "sequence", 300]);
    expect(description.rereadBeyondTokens).toBe(name === "phi3" ? 24 : undefined);
    const { operators } = inspectModel(readFileSync(join(out, "decoder.onnx")));
    expect(Object.keys(operators).filter((operator) => operator.includes("::"))).toEqual([]);
    expect(readdirSync(out).sort()).toEqual([
      "config.json",
      "decoder.onnx",
      "embed_tokens.onnx",
      "generation_config.json",
      "onnx.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
  });
});

describe("ONNX files in fp16", () => {
  it("are half the size and give logits of weights rounded to 16 bits", async () => {
    const config: LanguageConfig = {
      ...TINY_QWEN2,
      hiddenSize: 64,
      headSize: 16,
      rotary: { theta: 1e4, size: 16 },
    };
    const store = randomLanguageStore(config, "half");
    const weights = { "model/model.safetensors": encodeStore(store, { dtype: "F16" }) };
    const files = tinyLanguageFolder(config, "half", weights);
    const [half, full] = [join(root, "half"), join(root, "full")];
    await exportLanguageModel("model", half, { to: "onnx", precision: "fp16", files });
    await exportLanguageModel("model", full, { to: "onnx", files });
    const size = (folder: string): number => readFileSync(join(folder, "decoder.onnx")).length;
    expect(size(half) / size(full)).toBeLessThan(0.65);
    const model = await loadLanguageModel({ runtime: await testRuntime(), files, folder: "model" });
    const prompt = randomIds(6);
    const [expected] = await logitsOf(model.session, prompt, []);
    const exported = await openExported(half, config);
    const result = await exported.run(
      await exported.embed([prompt]),
      [new Array<number>(6).fill(1)],
      [prompt.map((_, i) => i)],
      exported.emptyCache(1),
    );
    expect(result.logits).toBeAllClose(expected!, { atol: 1e-4 });
  });
});

/** A store with an adapter of random numbers in A and B, and what its base alone is. */
function adaptedStore(config: LanguageConfig): { store: ParameterStore; base: Uint8Array } {
  const lora = { ...paperLoraConfig("phi3"), rank: 2 };
  const { graph } = buildLanguageModel(createGraph(), config, {
    batch: 1,
    tokens: 1,
    wrapDense: (dense, weights) => loraDense(dense, weights, { config: lora }),
  });
  const store = createParameterStore(graph, { seed: "adapted" });
  for (const { name, values, shape } of store.tensors.values()) {
    if (name.includes("lora_B")) {
      store.set(
        name,
        Float32Array.from(values as Float32Array, () => 0.1 * rng.normal()),
        shape,
      );
    }
  }
  return { store, base: encodeStore(store, { includes: (name) => !isLoraName(name) }) };
}

describe("a Hugging Face folder", () => {
  it.each(["qwen2", "phi3"])("of a tiny %s loads with equal logits", async (name) => {
    const files = tinyLanguageFolder(CONFIGS[name]!, "hf", {
      "model/special_tokens_map.json": '{"eos_token": "<|im_end|>"}',
      "model/chat_template.jinja": "{{ messages }}",
    });
    const out = join(root, `${name}-hf`);
    const result = await exportLanguageModel("model", out, { to: "hf", files });
    expect(result.files).toEqual(readdirSync(out).sort());
    expect(result.files).toContain("chat_template.jinja");
    expect(result.mergedModules).toBe(0);
    const runtime = await testRuntime();
    const before = await loadLanguageModel({ runtime, files, folder: "model" });
    const after = await loadLanguageModel({ runtime, files: diskFileStore, folder: out });
    expect(after.config).toEqual(before.config);
    const [prompt, steps] = [randomIds(5), randomIds(2)];
    expect(await logitsOf(after.session, prompt, steps)).toEqual(
      await logitsOf(before.session, prompt, steps),
    );
    expect(JSON.parse(readFileSync(join(out, "generation_config.json"), "utf8"))).toMatchObject({
      eos_token_id: 298,
    });
    expect(readFileSync(join(out, "special_tokens_map.json"), "utf8")).toBe('{"eos_token": "<|im_end|>"}');
  });

  it("has the adapter merged when there is one", async () => {
    const { store, base } = adaptedStore(TINY_PHI3);
    const lora = { ...paperLoraConfig("phi3"), rank: 2 };
    const adapter = encodeAdapter(store, lora);
    const files = tinyLanguageFolder(TINY_PHI3, "unused", {
      "model/model.safetensors": base,
      "model/adapter_config.json": adapter.config,
      "model/adapter_model.safetensors": adapter.model,
    });
    const out = join(root, "merged");
    const runtime = await testRuntime();
    const { mergedModules } = await exportLanguageModel("model", out, { to: "hf", files, runtime });
    expect(mergedModules).toBe(8);
    const plain = await loadLanguageModel({ runtime, files, folder: "model" });
    const merged = await loadLanguageModel({ runtime, files: diskFileStore, folder: out });
    const prompt = randomIds(5);
    const [without] = await logitsOf(plain.session, prompt, []);
    const [withAdapter] = await logitsOf(merged.session, prompt, []);
    expect(withAdapter).not.toBeAllClose(without!, { atol: 1e-2 });
    await mergeAdapter(plain.store!, adapterOfStore(store, lora), runtime);
    const [expected] = await logitsOf(plain.session, prompt, []);
    expect(withAdapter).toBeAllClose(expected!, { atol: 1e-6 });
    expect(readdirSync(out)).not.toContain("adapter_config.json");
  });

  it("stores 16 bits when asked, and keeps fields of config.json that are not used here", async () => {
    const json = {
      ...languageConfigJson(TINY_QWEN2),
      architectures: ["Qwen2Model"],
      max_window_layers: 2,
      dtype: "float32",
    };
    const files = tinyLanguageFolder(TINY_QWEN2, "fields", { "model/config.json": JSON.stringify(json) });
    const out = join(root, "fp16");
    await exportLanguageModel("model", out, { to: "hf", precision: "fp16", files });
    const written = JSON.parse(readFileSync(join(out, "config.json"), "utf8")) as Record<string, unknown>;
    expect(written).toMatchObject({
      architectures: ["Qwen2ForCausalLM"],
      max_window_layers: 2,
      torch_dtype: "float16",
    });
    expect(written).not.toHaveProperty("dtype");
    const file = await openSafetensorsBytes(readFileSync(join(out, "model.safetensors")));
    expect(new Set([...file.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(["F16"]));
  });
});

describe("an export that cannot be made", () => {
  it("says why and writes nothing", async () => {
    const store = randomLanguageStore(TINY_QWEN2, "large");
    store.get("model.norm.weight").values[3] = 70_000;
    const files = tinyLanguageFolder(TINY_QWEN2, "large", { "model/model.safetensors": encodeStore(store) });
    const out = join(root, "none");
    const run = (folder: string, options: object) =>
      exportLanguageModel(folder, out, { to: "hf", files, ...options });
    await expect(run("model", { precision: "fp16" })).rejects.toThrow(
      "export model.norm.weight: expected numbers up to 65504 for fp16, got 70000",
    );
    await expect(run("model", { to: "gguf" })).rejects.toThrow("expected the format hf or onnx, got gguf");
    await expect(run("model", { precision: "int8" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(run("nowhere", {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(exportLanguageModel("model", "./model/", { to: "hf", files })).rejects.toThrow(
      "expected another folder than the model's, got ./model/",
    );
    expect(() => readdirSync(out)).toThrow("ENOENT");
  });
});
