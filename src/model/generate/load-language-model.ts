// loadLanguageModel: a Hugging Face folder of Qwen2 or Phi-3 ready to answer, in float32 or in blocks of 4 bits.
import { createGraph } from "../../graph/graph.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { readLanguageConfig } from "../config/read-model-config.ts";
import { buildLanguageModel } from "../language/build-language-model.ts";
import { loadTokenizer, type TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import { LANGUAGE_NAMES } from "../weights/find-tensor-names.ts";
import { loadWeights } from "../weights/load-weights.ts";
import { createDecoderSession, type DecoderSession } from "./decoder-session.ts";
import { type FourBitSettings, loadFourBitSession } from "./load-four-bit-session.ts";

export type LoadLanguageModelOptions = {
  readonly runtime: Runtime;
  readonly files: FileStore;
  readonly folder: string;
  /** Quantise linear layers while they are read: a quarter of the memory of F16, and faster answers. */
  readonly fourBit?: FourBitSettings | true;
  readonly session?: SessionOptions;
};

export type LoadedLanguageModel = {
  readonly config: LanguageConfig;
  readonly tokenizer: TextTokenizer;
  readonly session: DecoderSession;
  /** The float32 weights by name; undefined in 4 bits. */
  readonly store: ParameterStore | undefined;
  dispose(): Promise<void>;
};

/**
 * Load a folder.
 * @throws EcgError NOT_FOUND, INVALID_FILE, UNSUPPORTED_FORMAT or SHAPE_MISMATCH naming the file, field or tensor
 * that is missing or does not fit; INVALID_FILE when the tokenizer has ids beyond the model's table.
 */
export async function loadLanguageModel(options: LoadLanguageModelOptions): Promise<LoadedLanguageModel> {
  const { runtime, files, folder, fourBit, session: sessionOptions } = options;
  const config = await readLanguageConfig(files, folder);
  const tokenizer = await loadTokenizer(files, folder);
  if (tokenizer.size > config.vocabularySize) {
    throw new EcgError(
      "INVALID_FILE",
      `${folder}: expected a tokenizer of at most ${config.vocabularySize} ids, found ${tokenizer.size}`,
      { hint: "tokenizer.json and config.json belong to different models" },
    );
  }
  const common = { runtime, config, ...(sessionOptions ? { session: sessionOptions } : {}) };
  if (fourBit) {
    const settings = fourBit === true ? {} : fourBit;
    const session = await loadFourBitSession({ ...common, files, folder, settings });
    return { config, tokenizer, session, store: undefined, dispose: () => session.dispose() };
  }
  const store = languageStore(config);
  await loadWeights(store, files, folder, { rule: LANGUAGE_NAMES });
  const session = await createDecoderSession({ ...common, store });
  return { config, tokenizer, session, store, dispose: () => session.dispose() };
}

/** A store for all weights of a model, empty until they are loaded: none is trained. */
export function languageStore(config: LanguageConfig): ParameterStore {
  const { graph } = buildLanguageModel(createGraph(), config, { batch: 1, tokens: 1, isFrozen: () => true });
  return createParameterStore(graph, { seed: 0, attachFrozen: true });
}
