// loadHeartcareModel: a HeartcareGPT folder ready to answer: language model, projectors, vision encoder, tokenizer of signals.
import { loadBeat } from "../../beat/tokenizer.ts";
import { createGraph, input } from "../../graph/graph.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import { loadStore } from "../../graph/store-file.ts";
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { openSafetensors } from "../../shared/safetensors.ts";
import { readVisionConfig } from "../config/read-model-config.ts";
import type { ImagePreparation, VisionConfig } from "../config/vision-config.ts";
import {
  type LoadedLanguageModel,
  type LoadLanguageModelOptions,
  loadLanguageModel,
} from "../generate/load-language-model.ts";
import { fixedDense } from "../layers/dense.ts";
import { modelWeights } from "../layers/model-weights.ts";
import { ADAPTER_CONFIG_FILE, readAdapter } from "../lora/adapter-folder.ts";
import { mergeAdapter } from "../lora/merge-adapter.ts";
import { encodePatches, patchesPerSide } from "../vision/build-vision-encoder.ts";
import { VISION_NAMES } from "../weights/find-tensor-names.ts";
import { loadWeights } from "../weights/load-weights.ts";
import { promptFrame } from "./build-prompt.ts";
import { createFeatureEncoder } from "./feature-encoder.ts";
import {
  HEARTCARE_FILE,
  type HeartcareConfig,
  PROJECTORS_FILE,
  readHeartcareConfig,
  tilesPerImage,
  VISION_FOLDER,
} from "./heartcare-config.ts";
import { createHeartcareModel, type HeartcareModel, type HeartcareModelParts } from "./heartcare-model.ts";
import { isProjectorName, projectImage, projectSignal, SCALE_INPUTS_PER_LEAD } from "./project-features.ts";
import { requireFit } from "./require-fit.ts";
import { readStatementHead, type StatementHead } from "./statement-head.ts";
import { createStatementReader } from "./statement-reader.ts";

export type LoadHeartcareOptions = Pick<LoadLanguageModelOptions, "fourBit"> & {
  readonly runtime: Runtime;
  readonly files: FileStore;
  readonly folder: string;
  /** Folder of the Beat checkpoint that the model was trained with. */
  readonly beatFolder: string;
  readonly session?: SessionOptions;
  /** Instead of the folder's own head: one that is still to be calibrated. */
  readonly statementHead?: StatementHead | undefined;
};

/**
 * Load a folder with heartcare.json, the files of its language model, projectors.safetensors and vision/.
 * @throws EcgError NOT_FOUND for a missing file or special token, INVALID_FILE, UNSUPPORTED_FORMAT, SHAPE_MISMATCH naming
 * file, field or tensor.
 */
export async function loadHeartcareModel(options: LoadHeartcareOptions): Promise<HeartcareModel> {
  const { runtime, files, folder } = options;
  const session = options.session ? { session: options.session } : {};
  const config = await readHeartcareConfig(files, folder);
  const language = await loadLanguageModel({ ...options, ...session });
  await applyAdapter(options, language.store);
  const frame = promptFrame(language.tokenizer, joinPath(folder, "tokenizer.json"));
  const hiddenSize = language.config.hiddenSize;
  const { store, vision, preparation } = await loadFeatures(files, folder, { config, hiddenSize });
  const beat = await loadBeat(options.beatFolder, runtime, { files, ...session });
  checkTokenizer(config, beat.config, folder);
  const features = createFeatureEncoder({
    runtime,
    store,
    heartcare: config,
    vision,
    hiddenSize,
    ...session,
  });
  const statements = await openStatements(options, language);
  const parts = {
    config,
    statements,
    tokenizer: language.tokenizer,
    frame,
    session: language.session,
    beat,
    vision,
    preparation,
    features,
  };
  return createHeartcareModel({
    ...parts,
    id: folder.replace(/\/+$/, "").split("/").at(-1) ?? folder,
    async dispose() {
      await statements?.reader.dispose();
      await language.dispose();
      await features.dispose();
      await beat.dispose();
    },
  });
}

/** What reads statements off the language model's hidden states; none where the folder has no head, and none in 4 bits. */
async function openStatements(
  { runtime, files, folder, session, statementHead }: LoadHeartcareOptions,
  { config, store }: Pick<LoadedLanguageModel, "config" | "store">,
): Promise<HeartcareModelParts["statements"]> {
  const head = statementHead ?? (await readStatementHead(files, folder, config));
  if (!head || !store) return undefined;
  const { layerCount } = head;
  const reader = createStatementReader({
    runtime,
    config,
    store,
    layerCount,
    ...(session ? { session } : {}),
  });
  return { head, reader };
}

/** An adapter beside the language model is merged into it. */
async function applyAdapter(
  { files, folder, runtime }: LoadHeartcareOptions,
  store: ParameterStore | undefined,
): Promise<void> {
  if (!(await files.exists(joinPath(folder, ADAPTER_CONFIG_FILE)))) return;
  if (!store) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${folder}: expected a model without adapter for 4 bits, found ${ADAPTER_CONFIG_FILE}`,
      {
        hint: "merge it first: heartcare model export --to hf",
      },
    );
  }
  await mergeAdapter(store, await readAdapter(files, folder), runtime);
}

export type LoadedFeatures = {
  /** Projectors and vision encoder. */
  readonly store: ParameterStore;
  readonly vision: VisionConfig | undefined;
  readonly preparation: ImagePreparation | undefined;
};

/**
 * Projectors and vision encoder of a folder.
 * @throws EcgError NOT_FOUND, INVALID_FILE, SHAPE_MISMATCH naming file and tensor.
 */
export async function loadFeatures(
  files: FileStore,
  folder: string,
  { config, hiddenSize }: { readonly config: HeartcareConfig; readonly hiddenSize: number },
): Promise<LoadedFeatures> {
  const { vision, preparation } = await readVision(files, folder);
  requireFit(config, vision, joinPath(folder, HEARTCARE_FILE));
  const store = featureStore({ config, vision, hiddenSize });
  const path = joinPath(folder, PROJECTORS_FILE);
  if (!(await files.exists(path))) {
    throw new EcgError("NOT_FOUND", `${folder}: expected ${PROJECTORS_FILE}, found none`, {
      hint: "the projectors are trained by: heartcare model train --stage warm-up",
    });
  }
  const file = await openSafetensors(await files.open(path), path);
  await loadStore(store, file, { includes: isProjectorName }).catch((cause: unknown) => {
    if (!EcgError.isInstance(cause)) throw cause;
    const { code, message, hint = "the file belongs to another model", details } = cause;
    throw new EcgError(code, message.replace(/^model file/, path), { hint, details, cause });
  });
  if (vision) {
    const includes = (name: string): boolean => name.startsWith("vision_model.");
    await loadWeights(store, files, joinPath(folder, VISION_FOLDER), { rule: VISION_NAMES, includes });
  }
  return { store, vision, preparation };
}

async function readVision(
  files: FileStore,
  folder: string,
): Promise<{ vision: VisionConfig | undefined; preparation: ImagePreparation | undefined }> {
  const visionFolder = joinPath(folder, VISION_FOLDER);
  if (!(await files.exists(joinPath(visionFolder, "config.json"))))
    return { vision: undefined, preparation: undefined };
  const { config, preparation } = await readVisionConfig(files, visionFolder);
  return { vision: config, preparation };
}

/** Room for the projectors and the vision encoder, empty of sense until loaded. */
export function featureStore(options: {
  readonly config: HeartcareConfig;
  readonly vision: VisionConfig | undefined;
  readonly hiddenSize: number;
}): ParameterStore {
  const { config, vision, hiddenSize } = options;
  const { queryCount, dimension, leadCount, scaleToken } = config.signal;
  const graph = createGraph();
  const weights = modelWeights(graph, { initializerRange: 0.02 });
  const dense = fixedDense(weights);
  const scales = scaleToken ? input(graph, "scales", [1, SCALE_INPUTS_PER_LEAD * leadCount]) : undefined;
  projectSignal(input(graph, "vectors", [1, queryCount, dimension]), scales, { dense, hiddenSize });
  if (vision) {
    const size = vision.channelCount * vision.patchSize ** 2;
    const patches = input(graph, "patches", [tilesPerImage(config), patchesPerSide(vision) ** 2, size]);
    const { pooled, features } = encodePatches(patches, { config: vision, weights, dense });
    projectImage(pooled ?? features, { dense, hiddenSize });
  }
  return createParameterStore(graph, { seed: 0, initialize: false });
}

/** @throws EcgError SHAPE_MISMATCH for a tokenizer whose vectors are not those that the model reads. */
export function checkTokenizer(
  { signal }: HeartcareConfig,
  beat: { readonly queryCount: number; readonly dimension: number; readonly inputSamples: number },
  folder: string,
): void {
  const same =
    signal.queryCount === beat.queryCount &&
    signal.dimension === beat.dimension &&
    signal.inputSamples === beat.inputSamples;
  if (same) return;
  throw new EcgError(
    "SHAPE_MISMATCH",
    `${folder}: expected a Beat tokenizer of ${signal.queryCount} vectors of ${signal.dimension} for ${signal.inputSamples} samples, found ${beat.queryCount} of ${beat.dimension} for ${beat.inputSamples}`,
    { hint: `the model was trained with ${signal.tokenizer}` },
  );
}
