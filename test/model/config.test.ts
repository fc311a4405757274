import { describe, expect, it } from "vitest";
import { languageConfigJson, parseLanguageConfig } from "../../src/model/config/language-config.ts";
import {
  readLanguageConfig,
  readModelConfig,
  readTextEncoderConfig,
  readVisionConfig,
} from "../../src/model/config/read-model-config.ts";
import { parseVisionConfig, visionConfigJson } from "../../src/model/config/vision-config.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { TINY_PHI3, TINY_QWEN2, TINY_VISION } from "./tiny-models.ts";

const folder = (config: unknown) => createMemoryFileStore({ "m/config.json": JSON.stringify(config) });
const qwen = languageConfigJson(TINY_QWEN2);
const phi = languageConfigJson(TINY_PHI3);

describe("language configs", () => {
  it("come back from the JSON that is written", () => {
    expect(parseLanguageConfig(qwen, "config.json")).toEqual(TINY_QWEN2);
    expect(parseLanguageConfig(phi, "config.json")).toEqual(TINY_PHI3);
  });

  it("read Phi-3's older name of longrope, its end tokens and its window", () => {
    const scaling = phi["rope_scaling"] as object;
    const parsed = parseLanguageConfig(
      { ...phi, rope_scaling: { ...scaling, type: "su" }, eos_token_id: [1, 2], pad_token_id: 3 },
      "config.json",
    );
    expect(parsed.rotary).toEqual(TINY_PHI3.rotary);
    expect(parsed.endTokenIds).toEqual([1, 2]);
    expect(parsed.padTokenId).toBe(3);
    expect(parsed.slidingWindow).toBe(20);
  });

  it("ignore Qwen2's window unless it is used", () => {
    expect(parseLanguageConfig({ ...qwen, sliding_window: 4 }, "c")).toEqual(TINY_QWEN2);
    expect(() => parseLanguageConfig({ ...qwen, sliding_window: 4, use_sliding_window: true }, "c")).toThrow(
      "c: expected use_sliding_window false, found true with a window of 4",
    );
  });

  it.each([
    [{ hidden_act: "gelu" }, "UNSUPPORTED_FORMAT", "c: expected hidden_act silu, found gelu"],
    [
      { rope_scaling: { type: "yarn", factor: 4 } },
      "UNSUPPORTED_FORMAT",
      "c: expected rope_scaling null, found yarn",
    ],
    [
      { quantization_config: { quant_method: "gptq" } },
      "UNSUPPORTED_FORMAT",
      "c: expected weights in F32, F16 or BF16, found quantization_config gptq",
    ],
    [{ hidden_size: undefined }, "INVALID_FILE", "c: hidden_size: expected a whole number, found undefined"],
    [{ vocab_size: -5 }, "INVALID_FILE", "c: vocab_size: expected a number above 0, found -5"],
    [{ num_key_value_heads: 3 }, "INVALID_FILE", "divide by 4 heads, found 32 and 3"],
  ])("refuse %j with one sentence", (change, code, sentence) => {
    const parse = (): unknown => parseLanguageConfig({ ...qwen, ...change }, "c");
    expect(parse).toThrow(expect.objectContaining({ code }) as Error);
    expect(parse).toThrow(sentence);
  });

  it("refuse longrope factors of another count", () => {
    const short = { type: "longrope", short_factor: [1], long_factor: [1, 2, 3] };
    expect(() => parseLanguageConfig({ ...phi, rope_scaling: short }, "c")).toThrow(
      "c: expected 3 numbers in rope_scaling.short_factor and long_factor, found 1 and 3",
    );
  });
});

describe("vision configs", () => {
  it("take the reference's defaults where a nested config leaves fields out", () => {
    const parsed = parseVisionConfig({ model_type: "siglip", vision_config: { image_size: 32 } }, "c");
    expect(parsed).toEqual({
      imageSize: 32,
      patchSize: 16,
      channelCount: 3,
      hiddenSize: 768,
      intermediateSize: 3072,
      layerCount: 12,
      headCount: 12,
      normEpsilon: 1e-6,
      activation: "gelu-tanh",
      hasHead: true,
    });
    expect(parseVisionConfig(visionConfigJson(TINY_VISION), "c")).toEqual(TINY_VISION);
  });

  it("prepare images as SiglipImageProcessor does by default", async () => {
    const { preparation } = await readVisionConfig(folder(visionConfigJson(TINY_VISION)), "m");
    expect(preparation).toEqual({
      width: 12,
      height: 12,
      rescaleFactor: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    });
  });
});

describe("model folders", () => {
  it("say what is missing or not built here", async () => {
    await expect(readModelConfig(createMemoryFileStore({ "m/other.txt": "" }), "m")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "m: expected a model folder with config.json, found a folder without it",
    });
    await expect(readModelConfig(folder({ model_type: "llama" }), "m")).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message:
        'm/config.json: expected model_type qwen2, phi3, siglip, siglip_vision_model, bert, found "llama"',
    });
    await expect(
      readModelConfig(createMemoryFileStore({ "m/config.json": "{ no" }), "m"),
    ).rejects.toMatchObject({ code: "INVALID_FILE", message: "m/config.json: expected JSON, found { no" });
    await expect(readLanguageConfig(folder(visionConfigJson(TINY_VISION)), "m")).rejects.toThrow(
      "m: expected a language model (qwen2, phi3), found a vision model",
    );
  });

  it("know the first BERT files, which have no model_type", async () => {
    const old = { hidden_size: 8, num_attention_heads: 2, type_vocab_size: 2, vocab_size: 10 };
    expect(await readTextEncoderConfig(folder(old), "m")).toMatchObject({ hiddenSize: 8, layerCount: 12 });
    await expect(
      readTextEncoderConfig(folder({ ...old, position_embedding_type: "relative_key" }), "m"),
    ).rejects.toThrow("m/config.json: position_embedding_type: expected absolute position embeddings");
  });
});
