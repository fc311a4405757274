import { describe, expect, it } from "vitest";
import { encodeStore } from "../../src/graph/store-file.ts";
import { languageStore, loadLanguageModel } from "../../src/model/generate/load-language-model.ts";
import {
  findTensorNames,
  LANGUAGE_NAMES,
  TEXT_ENCODER_NAMES,
} from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { encodeSafetensors, openSafetensorsBytes, type TensorToWrite } from "../../src/shared/safetensors.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_QWEN2, tinyLanguageFolder } from "./tiny-models.ts";

const source = randomLanguageStore(TINY_QWEN2, "weights");
const tensorsOf = (rename: (name: string) => string = (name) => name): Record<string, TensorToWrite> =>
  Object.fromEntries(
    [...source.tensors.values()].map(({ name, shape, values }) => [
      rename(name),
      { shape, data: values as Float32Array },
    ]),
  );
const load = async (files: Record<string, Uint8Array | string>) => {
  const store = languageStore(TINY_QWEN2);
  await loadWeights(store, createMemoryFileStore(files), "model", { rule: LANGUAGE_NAMES });
  return store;
};
const same = (store: Awaited<ReturnType<typeof load>>, atol = 0): void => {
  for (const { name, values } of source.tensors.values()) {
    expect(store.get(name).values as Float32Array, name).toBeAllClose(values as Float32Array, { atol });
  }
};

describe("weights of a folder", () => {
  it("from one file, with the reference's prefix or none", async () => {
    same(await load({ "model/model.safetensors": encodeSafetensors(tensorsOf()) }));
    const bare = encodeSafetensors(tensorsOf((name) => name.replace(/^model\./, "")));
    same(await load({ "model/model.safetensors": bare }));
  });

  it("from F16 and BF16, widened", async () => {
    same(await load({ "model/model.safetensors": encodeStore(source, { dtype: "F16" }) }), 2e-3);
    same(await load({ "model/model.safetensors": encodeStore(source, { dtype: "BF16" }) }), 1e-2);
  });

  it("from shards named by an index", async () => {
    const entries = Object.entries(tensorsOf());
    const half = entries.length >> 1;
    const map = Object.fromEntries(
      entries.map(([name], i) => [name, i < half ? "a.safetensors" : "b.safetensors"]),
    );
    const files = {
      "model/model.safetensors.index.json": JSON.stringify({ metadata: {}, weight_map: map }),
      "model/a.safetensors": encodeSafetensors(Object.fromEntries(entries.slice(0, half))),
      "model/b.safetensors": encodeSafetensors(Object.fromEntries(entries.slice(half))),
    };
    same(await load(files));
    const { "model/b.safetensors": _, ...lacking } = files;
    await expect(load(lacking)).rejects.toThrow("expected its shard b.safetensors, found no such file");
    const swapped = { ...files, "model/b.safetensors": files["model/a.safetensors"] };
    await expect(load(swapped)).rejects.toMatchObject({ code: "INVALID_FILE" });
  });

  it("say which tensor is missing or has another shape", async () => {
    const name = "model.layers.1.mlp.down_proj.weight";
    const { [name]: gone, ...rest } = tensorsOf();
    await expect(load({ "model/model.safetensors": encodeSafetensors(rest) })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `model file: expected ${name} (32, 48), found none`,
    });
    const turned = { ...rest, [name]: { ...gone!, shape: [48, 32] } };
    await expect(load({ "model/model.safetensors": encodeSafetensors(turned) })).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: `model file: ${name}: expected (32, 48), got (48, 32)`,
    });
  });

  it("name other weights that lie there instead", async () => {
    await expect(load({ "model/pytorch_model.bin": "x" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "model: expected model.safetensors or model.safetensors.index.json, found pytorch_model.bin",
      hint: "convert the weights to safetensors (save_pretrained with safe_serialization)",
    });
    const other = encodeSafetensors({ "h.0.attn.weight": { shape: [1], data: Float32Array.of(1) } });
    await expect(load({ "model/model.safetensors": other })).rejects.toThrow(
      "model: expected the tensor model.embed_tokens.weight, found h.0.attn.weight",
    );
  });

  it("find the norms of the first BERT files", async () => {
    const file = await openSafetensorsBytes(
      encodeSafetensors({
        "bert.embeddings.word_embeddings.weight": { shape: [1], data: Float32Array.of(1) },
        "bert.embeddings.LayerNorm.gamma": { shape: [1], data: Float32Array.of(1) },
      }),
    );
    const nameOf = findTensorNames(file, TEXT_ENCODER_NAMES, "m");
    expect(nameOf("embeddings.LayerNorm.weight")).toBe("bert.embeddings.LayerNorm.gamma");
  });

  it("refuse a tokenizer with more ids than the table has rows", async () => {
    const files = tinyLanguageFolder({ ...TINY_QWEN2, vocabularySize: 270 }, "small");
    await expect(
      loadLanguageModel({ runtime: await testRuntime(), files, folder: "model" }),
    ).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringMatching(/expected a tokenizer of at most 270 ids, found \d+/) as string,
    });
  });
});
