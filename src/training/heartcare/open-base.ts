// openBase: what a stage begins from: nano's fresh parts, Hugging Face folders, or the folder that the stage before wrote. Node only.
import { join } from "node:path";
import { readBeatConfig } from "../../beat/beat-checkpoint.ts";
import type { BeatConfig } from "../../beat/beat-config.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import { loadStore } from "../../graph/store-file.ts";
import { readLanguageConfig, readVisionConfig } from "../../model/config/read-model-config.ts";
import type { ImagePreparation } from "../../model/config/vision-config.ts";
import { type HeartcareParts, isAuxiliaryName } from "../../model/dspa/build-heartcare.ts";
import {
  HEARTCARE_FILE,
  type HeartcareConfig,
  PROJECTORS_FILE,
  readHeartcareConfig,
  VISION_FOLDER,
} from "../../model/dspa/heartcare-config.ts";
import { checkTokenizer } from "../../model/dspa/load-heartcare-model.ts";
import { isProjectorName } from "../../model/dspa/project-features.ts";
import { requireFit } from "../../model/dspa/require-fit.ts";
import { addTokens, ECG_TOKENS, growConfig, growTable } from "../../model/tokenizer/grow-vocabulary.ts";
import { loadTokenizer, type TextTokenizer } from "../../model/tokenizer/load-tokenizer.ts";
import { findTensorNames, LANGUAGE_NAMES, VISION_NAMES } from "../../model/weights/find-tensor-names.ts";
import { loadWeights } from "../../model/weights/load-weights.ts";
import { openWeights } from "../../model/weights/open-weights.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { EcgError } from "../../shared/errors.ts";
import { openSafetensors } from "../../shared/safetensors.ts";
import type { ChosenBeat } from "./choose-beat.ts";
import {
  NANO_HEARTCARE,
  NANO_PREPARATION,
  NANO_VISION,
  NANO_VOCABULARY,
  nanoLanguage,
} from "./nano-config.ts";
import type { TrainHeartcareConfig } from "./train-heartcare-config.ts";
import { trainVocabulary } from "./train-vocabulary.ts";
import type { Corpus } from "./training-corpus.ts";

/** Beside a stage's model: weights of the auxiliary labels, for the next stage alone. */
export const AUXILIARY_FILE = "auxiliary.safetensors";

export type Base = {
  readonly parts: HeartcareParts;
  readonly tokenizer: TextTokenizer;
  readonly preparation: ImagePreparation | undefined;
  /** Fill a store with the weights that the folders have; what they lack keeps its first values. */
  readonly fillStore: (store: ParameterStore) => Promise<void>;
};

export type OpenBaseOptions = {
  readonly config: TrainHeartcareConfig;
  /** Folder of the language model, or of the stage before; left out: nano's fresh parts. */
  readonly base?: string | undefined;
  /** Folder of the vision encoder; left out: that of the base folder. */
  readonly vision?: string | undefined;
  readonly beat: ChosenBeat;
  /** Shapes nano's vocabulary where there is no base. */
  readonly corpus: Corpus;
};

/** @throws EcgError NOT_FOUND, INVALID_FILE, SHAPE_MISMATCH as the readers; INVALID_OPTION for a stage without its base. */
export async function openBase(options: OpenBaseOptions): Promise<Base> {
  const { config, base } = options;
  if (base === undefined && config.stage !== "language" && config.stage !== "vision") {
    throw new EcgError("INVALID_OPTION", `model train: expected --base for stage ${config.stage}, got none`, {
      hint: "a folder of Qwen2, Qwen2.5 or Phi-3, or the run of the stage before",
    });
  }
  const heartcare = await heartcareOf(options);
  const vision = await visionOf(options);
  if (config.stage === "warm-up" || config.stage === "joint") {
    requireFit(heartcare, vision.config, base ?? "model train");
  }
  const language = base === undefined ? freshLanguage(options.corpus) : await pretrainedLanguage(base);
  return {
    parts: { language: language.config, vision: vision.config, heartcare },
    tokenizer: language.tokenizer,
    preparation: vision.preparation,
    async fillStore(store) {
      if (base !== undefined) await fillLanguage(store, base, language);
      if (vision.folder !== undefined && [...store.tensors.keys()].some(isVisionName)) {
        await loadWeights(store, diskFileStore, vision.folder, {
          rule: VISION_NAMES,
          includes: isVisionName,
        });
      }
      if (base === undefined) return;
      await fillFrom(store, join(base, PROJECTORS_FILE), isProjectorName);
      if (store.tensors.has("auxiliary.weight"))
        await fillFrom(store, join(base, AUXILIARY_FILE), isAuxiliaryName);
    },
  };
}

const isVisionName = (name: string): boolean => name.startsWith("vision_model.");
const isLanguageName = (name: string): boolean => name.startsWith("model.") || name.startsWith("lm_head.");

/** What the base says, where it says something, with what the run asks for. */
async function heartcareOf({ base, config, beat }: OpenBaseOptions): Promise<HeartcareConfig> {
  const sizes = await readBeatConfig(diskFileStore, beat.folder);
  const hasOwn = base !== undefined && (await diskFileStore.exists(join(base, HEARTCARE_FILE)));
  const found = hasOwn ? await readHeartcareConfig(diskFileStore, base) : freshHeartcare(config, sizes);
  if (hasOwn) checkTokenizer(found, sizes, base);
  const { tokenizer } = found.signal;
  return {
    ...found,
    signal: { ...found.signal, tokenizer: beat.name ?? tokenizer },
    image: { ...found.image, segmentation: config.segmentation ?? found.image.segmentation },
  };
}

function freshHeartcare(
  config: TrainHeartcareConfig,
  { queryCount, dimension, inputSamples, samplingRateHz, leadCount }: BeatConfig,
): HeartcareConfig {
  return {
    ...NANO_HEARTCARE,
    signal: {
      ...NANO_HEARTCARE.signal,
      ...{ queryCount, dimension, inputSamples, samplingRateHz, leadCount },
      // the paper's form has no scale vector
      scaleToken: config.preset === "nano",
    },
    measuredText: config.measuredText,
  };
}

type Language = {
  readonly config: HeartcareParts["language"];
  readonly tokenizer: TextTokenizer;
  /** Ids that the base folder does not have rows for, or that were spare. */
  readonly newIds: readonly number[];
  readonly oldCount: number;
};

function freshLanguage(corpus: Corpus): Language {
  const tokenizer = trainVocabulary(corpus, NANO_VOCABULARY);
  const ids = { end: tokenizer.idOf("<|im_end|>")!, pad: tokenizer.idOf("<|endoftext|>")! };
  return { config: nanoLanguage(tokenizer.size, ids), tokenizer, newIds: [], oldCount: tokenizer.size };
}

async function pretrainedLanguage(folder: string): Promise<Language> {
  const config = await readLanguageConfig(diskFileStore, folder);
  const old = await loadTokenizer(diskFileStore, folder);
  const { tokenizer, newIds } = addTokens(old, ECG_TOKENS);
  return { config: growConfig(config, tokenizer.size), tokenizer, newIds, oldCount: old.size };
}

/** Weights as they are; the tables grow where the vocabulary did, new rows from the mean of the old. */
async function fillLanguage(store: ParameterStore, folder: string, language: Language): Promise<void> {
  const { newIds, oldCount, config } = language;
  const tables = newIds.length > 0 ? ["model.embed_tokens.weight", "lm_head.weight"] : [];
  await loadWeights(store, diskFileStore, folder, {
    rule: LANGUAGE_NAMES,
    includes: (name) => isLanguageName(name) && !tables.includes(name),
  });
  const file = await openWeights(diskFileStore, folder);
  const fileName = findTensorNames(file, LANGUAGE_NAMES, folder);
  for (const name of tables.filter((table) => store.tensors.has(table))) {
    const table = await file.readFloats(fileName(name));
    const grown = growTable(table, {
      width: config.hiddenSize,
      rows: config.vocabularySize,
      oldCount,
      newIds,
    });
    store.set(name, grown);
  }
}

/** Fill from a file where there is one. */
async function fillFrom(
  store: ParameterStore,
  path: string,
  includes: (name: string) => boolean,
): Promise<void> {
  if (!(await diskFileStore.exists(path))) return;
  await loadStore(store, await openSafetensors(await diskFileStore.open(path), path), { includes });
}

async function visionOf({ base, vision, config }: OpenBaseOptions): Promise<{
  config: HeartcareParts["vision"];
  preparation: ImagePreparation | undefined;
  folder: string | undefined;
}> {
  // a model that is trained without pictures has no encoder
  if (config.images === 0 && (config.stage === "warm-up" || config.stage === "joint")) {
    return { config: undefined, preparation: undefined, folder: undefined };
  }
  const candidates = [vision && join(vision, VISION_FOLDER), vision, base && join(base, VISION_FOLDER)];
  for (const folder of candidates) {
    if (!folder || !(await diskFileStore.exists(join(folder, "config.json")))) continue;
    return { ...(await readVisionConfig(diskFileStore, folder)), folder };
  }
  if (vision !== undefined) {
    throw new EcgError("NOT_FOUND", `${vision}: expected a vision encoder with config.json, found none`, {
      hint: "a SigLIP folder, or the run of stage vision",
    });
  }
  if (config.preset === "nano")
    return { config: NANO_VISION, preparation: NANO_PREPARATION, folder: undefined };
  return { config: undefined, preparation: undefined, folder: undefined };
}
