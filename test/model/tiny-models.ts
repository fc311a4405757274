// Random models of a few thousand weights as folders in memory, so that tests run without any file beside the repository.
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import { encodeStore } from "../../src/graph/store-file.ts";
import { type LanguageConfig, languageConfigJson } from "../../src/model/config/language-config.ts";
import { type VisionConfig, visionConfigJson } from "../../src/model/config/vision-config.ts";
import { buildLanguageModel } from "../../src/model/language/build-language-model.ts";
import type { TokenizerFiles } from "../../src/model/tokenizer/load-tokenizer.ts";
import { trainBpe } from "../../src/model/tokenizer/train-bpe.ts";
import { buildVisionEncoder } from "../../src/model/vision/build-vision-encoder.ts";
import type { FileStore } from "../../src/shared/byte-source.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";

export const TINY_QWEN2: LanguageConfig = {
  architecture: "qwen2",
  vocabularySize: 300,
  hiddenSize: 32,
  intermediateSize: 48,
  layerCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  headSize: 8,
  normEpsilon: 1e-6,
  rotary: { theta: 10_000, size: 8 },
  maxPositions: 128,
  tiedHead: true,
  endTokenIds: [298],
  initializerRange: 0.3,
};

/** Untied, fused, partly turned heads, factors that change at 24 tokens, and a window of 20. */
export const TINY_PHI3: LanguageConfig = {
  ...TINY_QWEN2,
  architecture: "phi3",
  keyValueHeadCount: 4,
  rotary: {
    theta: 10_000,
    size: 6,
    longrope: {
      shortFactors: [1, 1.1, 1.3],
      longFactors: [1.5, 3, 7],
      originalPositions: 24,
      attentionFactor: Math.sqrt(1 + Math.log(128 / 24) / Math.log(24)),
    },
  },
  slidingWindow: 20,
  tiedHead: false,
};

export const TINY_VISION: VisionConfig = {
  imageSize: 12,
  patchSize: 4,
  channelCount: 3,
  hiddenSize: 16,
  intermediateSize: 24,
  layerCount: 1,
  headCount: 2,
  normEpsilon: 1e-6,
  activation: "gelu-tanh",
  hasHead: true,
};

/** A store of random weights under the reference's names. */
export function randomLanguageStore(config: LanguageConfig, seed: string): ParameterStore {
  const { graph } = buildLanguageModel(createGraph(), config, { batch: 1, tokens: 1 });
  return createParameterStore(graph, { seed });
}

export function tinyTokenizer(): TokenizerFiles {
  const texts = ["sinus rhythm with normal axis", "atrial fibrillation, normal axis", "sinus bradycardia"];
  return trainBpe(texts, {
    vocabularySize: 300,
    specialTokens: ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
    config: {
      eos_token: "<|im_end|>",
      pad_token: "<|endoftext|>",
      chat_template:
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}" +
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    },
  });
}

/** A whole folder `model/` of a language model. `files` adds or replaces. */
export function tinyLanguageFolder(
  config: LanguageConfig,
  seed: string,
  files: Readonly<Record<string, Uint8Array | string>> = {},
): FileStore {
  const { tokenizer, config: tokenizerConfig } = tinyTokenizer();
  return createMemoryFileStore({
    "model/config.json": JSON.stringify(languageConfigJson(config)),
    "model/tokenizer.json": JSON.stringify(tokenizer),
    "model/tokenizer_config.json": JSON.stringify(tokenizerConfig),
    "model/model.safetensors": encodeStore(randomLanguageStore(config, seed)),
    ...files,
  });
}

export function tinyVisionFolder(config: VisionConfig, seed: string): FileStore {
  const graph = createGraph();
  buildVisionEncoder(graph, config, { images: 1 });
  return createMemoryFileStore({
    "model/config.json": JSON.stringify(visionConfigJson(config)),
    "model/model.safetensors": encodeStore(createParameterStore(graph, { seed })),
  });
}
