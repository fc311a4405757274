// Sizes of language models that speed is measured on.
import type { LanguageConfig } from "../../src/model/config/language-config.ts";

/** About 6.9 million parameters: what runs on any machine. */
export const NANO: LanguageConfig = {
  architecture: "qwen2",
  vocabularySize: 4096,
  hiddenSize: 256,
  intermediateSize: 704,
  layerCount: 6,
  headCount: 8,
  keyValueHeadCount: 2,
  headSize: 32,
  normEpsilon: 1e-6,
  rotary: { theta: 10_000, size: 32 },
  maxPositions: 2048,
  tiedHead: true,
  endTokenIds: [],
  initializerRange: 0.02,
};

/** The layers of Qwen2.5-0.5B with a smaller vocabulary: 388 million parameters. */
export const HALF_BILLION: LanguageConfig = {
  ...NANO,
  vocabularySize: 32_768,
  hiddenSize: 896,
  intermediateSize: 4864,
  layerCount: 24,
  headCount: 14,
  headSize: 64,
  rotary: { theta: 1e6, size: 64 },
};

/** `--name=value` of the command line as a number. */
export function numberOption(name: string, fallback: number): number {
  const found = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return found ? Number(found.slice(name.length + 3)) : fallback;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
