// The sizes of heartcare-nano: a Qwen2-shaped model small enough to be trained on two cores and shipped.
import type { LanguageConfig } from "../../model/config/language-config.ts";
import type { ImagePreparation, VisionConfig } from "../../model/config/vision-config.ts";
import type { HeartcareConfig } from "../../model/dspa/heartcare-config.ts";

/** Tokens of nano's own vocabulary, special ones included. */
export const NANO_VOCABULARY = 2048;
/** In the order of their ids. */
export const NANO_SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] as const;
/** ChatML, as Qwen2 writes it, without a system line. */
export const NANO_CHAT_TEMPLATE: string =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export const NANO_VISION: VisionConfig = {
  imageSize: 128,
  patchSize: 16,
  channelCount: 1,
  hiddenSize: 128,
  intermediateSize: 384,
  layerCount: 3,
  headCount: 4,
  normEpsilon: 1e-6,
  activation: "gelu-tanh",
  hasHead: true,
};

/** White paper is 0, ink negative. */
export const NANO_PREPARATION: ImagePreparation = {
  width: 128,
  height: 128,
  rescaleFactor: 1 / 255,
  mean: [1],
  deviation: [0.25],
};

export const NANO_HEARTCARE: HeartcareConfig = {
  formatVersion: 1,
  signal: {
    tokenizer: "beat-base",
    queryCount: 20,
    dimension: 128,
    inputSamples: 1000,
    samplingRateHz: 250,
    leadCount: 12,
    scaleToken: true,
  },
  // 40 mm of paper at 10 mm/mV and at 2.5 mm/SD
  image: {
    segmentation: true,
    tileSeconds: 2.5,
    tileHeightMv: 4,
    tileHeightSd: 16,
    rhythmSeconds: 10,
    measuredText: true,
  },
  measuredText: true,
};

/** The language model over a vocabulary of `vocabularySize` ids. */
export function nanoLanguage(
  vocabularySize: number,
  ids: { readonly end: number; readonly pad: number },
): LanguageConfig {
  return {
    architecture: "qwen2",
    vocabularySize,
    hiddenSize: 256,
    intermediateSize: 704,
    layerCount: 5,
    headCount: 4,
    keyValueHeadCount: 2,
    headSize: 64,
    normEpsilon: 1e-6,
    rotary: { theta: 10_000, size: 64 },
    maxPositions: 2048,
    tiedHead: true,
    endTokenIds: [ids.end],
    padTokenId: ids.pad,
    initializerRange: 0.02,
  };
}
