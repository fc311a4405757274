// Train a stage of HeartcareGPT: corpus, base, stage, loop, and a folder with everything that the run was. Node only.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readBeat } from "../../beat/beat-checkpoint.ts";
import { openBeat } from "../../beat/node/open-beat.ts";
import { CODEBOOK_NAMES, codebookTensorNames } from "../../beat/quantise.ts";
import { loadNodeRuntime } from "../../graph/node/load-node-runtime.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import { encodeStore } from "../../graph/store-file.ts";
import { languageConfigJson } from "../../model/config/language-config.ts";
import { visionConfigJson } from "../../model/config/vision-config.ts";
import { auxiliaryLayer, isAuxiliaryName } from "../../model/dspa/build-heartcare.ts";
import { VISION_FOLDER } from "../../model/dspa/heartcare-config.ts";
import { preparationJson, writeHeartcareFolder } from "../../model/dspa/node/write-heartcare-folder.ts";
import { isProjectorName } from "../../model/dspa/project-features.ts";
import { STATEMENTS_FILE } from "../../model/dspa/statement-head.ts";
import { type LoraConfig, paperLoraConfig } from "../../model/lora/lora-config.ts";
import { isLoraName } from "../../model/lora/lora-dense.ts";
import { writeModelFolder } from "../../model/weights/node/write-model-folder.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { EcgError } from "../../shared/errors.ts";
import { hashText } from "../../shared/rng.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { describeEnvironment } from "../describe-environment.ts";
import { SEEN_FILE, seenRecordings } from "../held-out.ts";
import { runTraining, type TrainingStage } from "../run-training.ts";
import { checkSameSettings } from "../same-settings.ts";
import type { TrainingEvent, TrainingSummary } from "../training-event.ts";
import { writeRunReport } from "../write-run-report.ts";
import { calibrateStatements } from "./calibrate-statements.ts";
import { type ChosenBeat, carryBeat, chooseBeat } from "./choose-beat.ts";
import { encodeViews, type SignalView } from "./encode-views.ts";
import { openHeartcareStage } from "./heartcare-stage.ts";
import { limitCorpus } from "./limit-corpus.ts";
import { AUXILIARY_FILE, type Base, openBase } from "./open-base.ts";
import { heldOutRows } from "./score-held-out.ts";
import type { TrainHeartcareConfig } from "./train-heartcare-config.ts";
import { type Corpus, readCorpus } from "./training-corpus.ts";
import { openVisionStage } from "./vision-stage.ts";

export type TrainHeartcareOptions = {
  /** Dataset folders of `data build`; val comes from the first alone. */
  readonly data: readonly string[];
  readonly folder: string;
  readonly config: TrainHeartcareConfig;
  readonly base?: string | undefined;
  readonly vision?: string | undefined;
  /** A checkpoint, a run, or `untrained`; left out: that of the base, or the one that ships. */
  readonly beatFolder?: string | undefined;
  readonly resume?: boolean;
  /** Where codes of recordings are kept between runs. */
  readonly cacheFolder?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
};

/**
 * Train on the train split, choose on val; test is never looked at.
 * @throws EcgError as the readers and `runTraining`; INVALID_OPTION when a resumed run differs from what it began as.
 */
export async function trainHeartcare(options: TrainHeartcareOptions): Promise<TrainingSummary> {
  const { config, folder } = options;
  const tell = options.onEvent ?? ((): void => undefined);
  const runtime = await loadNodeRuntime();
  const reading = { measuredText: config.measuredText };
  const train = await readCorpus(options.data, "train", reading);
  const val = await readCorpus(options.data.slice(0, 1), "val", reading);
  const data = describeData(options.data, train, val);
  tell({
    kind: "note",
    text: `${train.records.length} train and ${val.records.length} val recordings, ${train.pairs.length} comparisons`,
  });
  await writeRunFiles(options, data);
  await writeJson(join(folder, "env.json"), await describeEnvironment(runtime, config));
  const beat = await chooseBeat({ ...options, seed: config.seed });
  const base = await openBase({ ...options, beat, corpus: train });
  const stage = await openStage(options, { runtime, base, beat, train, val, tell });
  const seen = seenRecordings(
    train.records.map(({ row }) => row),
    val.records.map(({ row }) => row),
  );
  const writeModel: NonNullable<TrainingStage["writeModel"]> = async (target) => {
    await writeStageModel(target, config, base, stage.store);
    if (config.stage === "warm-up" || config.stage === "joint") await carryBeat(beat, target);
    await writeFileAtomic(join(target, SEEN_FILE), `${JSON.stringify(seen)}\n`);
  };
  try {
    const summary = await runTraining({ ...stage, writeModel }, { ...options, ...config, folder });
    if (summary.outcome !== "interrupted") await calibrateModels(options, { base, train, tell });
    await writeRunReport(folder, { title: `HeartcareGPT, stage ${config.stage}`, config, data, summary });
    return summary;
  } finally {
    await stage.dispose();
  }
}

/** Models that learned auxiliary labels read statements from then on. */
async function calibrateModels(
  { folder, config }: TrainHeartcareOptions,
  { base, train, tell }: Pick<StageContext, "base" | "train" | "tell">,
): Promise<void> {
  if (config.stage !== "joint" || config.auxiliaryWeight === 0) return;
  const [last, best] = ["last", "best"].map((name) => join(folder, "checkpoints", name)) as [string, string];
  const calibrate = (model: string): Promise<void> =>
    calibrateStatements({
      folder: model,
      train,
      layerCount: auxiliaryLayer(base.parts.language),
      threads: config.threads,
      onProgress: (done, total) =>
        tell({ kind: "loading", done, total, source: "train recordings for the statement head" }),
    });
  await calibrate(last);
  if (!existsSync(join(best, AUXILIARY_FILE))) return;
  const [a, b] = await Promise.all([last, best].map((model) => readFile(join(model, AUXILIARY_FILE))));
  // weights of the same step read the same
  if (a!.equals(b!))
    await writeFileAtomic(join(best, STATEMENTS_FILE), await readFile(join(last, STATEMENTS_FILE)));
  else await calibrate(best);
}

type StageContext = {
  readonly runtime: Awaited<ReturnType<typeof loadNodeRuntime>>;
  readonly base: Base;
  readonly beat: ChosenBeat;
  readonly train: Corpus;
  readonly val: Corpus;
  readonly tell: (event: TrainingEvent) => void;
};

type OpenStage = TrainingStage & { readonly store: ParameterStore; dispose(): Promise<void> };

async function openStage(options: TrainHeartcareOptions, context: StageContext): Promise<OpenStage> {
  const { config } = options;
  const { base, runtime, train, val } = context;
  if (config.stage === "vision") {
    const { vision, heartcare } = base.parts;
    if (!vision || !base.preparation)
      throw new EcgError(
        "INVALID_OPTION",
        "model train: expected a vision encoder for stage vision, found none",
      );
    const preparation = base.preparation;
    return openVisionStage({
      ...config,
      runtime,
      vision,
      preparation,
      heartcare,
      train: train.records,
      val: val.records,
    });
  }
  const beat = await openBeat(context.beat.folder, { threads: 1 });
  const views = await viewsOf(options, context, beat.tokenizer);
  await beat.tokenizer.dispose();
  const lora = loraOf(config, base.parts);
  const settings = base.parts.vision ? config : withoutImages(config);
  // the language stage is shown neither signals nor pictures: it reads what is written about both
  const limited = (corpus: Corpus): Corpus =>
    config.stage === "language" ? corpus : limitCorpus(corpus, settings.modalities);
  return openHeartcareStage({
    ...base,
    runtime,
    settings,
    corpus: limited(train),
    views,
    codebooks: await readCodebooks(context.beat.folder),
    heldOut: heldOutRows(limited(val), { pairLimit: config.evaluatedPairs, seed: config.seed }),
    trains: trainsOf(config),
    ...(config.preset === "nano" ? {} : { isFrozen: (name: string) => !trainsOf(config)(name) }),
    ...(lora ? { lora } : {}),
    // what was learned from traces is not to be unlearned from a few labels
    learningRateScale: (name) => (name.startsWith("vision_model.") ? 0.3 : 1),
  });
}

function loraOf(config: TrainHeartcareConfig, parts: Base["parts"]): LoraConfig | undefined {
  return config.lora && config.stage === "joint" ? paperLoraConfig(parts.language.architecture) : undefined;
}

/** A model without a vision encoder is shown signals alone. */
function withoutImages(config: TrainHeartcareConfig): TrainHeartcareConfig {
  return { ...config, images: 0, modalities: { signal: 1, image: 0, both: 0 } };
}

/** Warm-up: projectors. Language: the language model. Joint: adapters and projectors, or everything. */
function trainsOf({ stage, lora }: TrainHeartcareConfig): (name: string) => boolean {
  if (stage === "warm-up") return isProjectorName;
  if (stage === "language") return (name) => name.startsWith("model.") || name.startsWith("lm_head.");
  return lora ? (name) => isLoraName(name) || isProjectorName(name) : () => true;
}

async function viewsOf(
  { config, cacheFolder }: TrainHeartcareOptions,
  { beat, train, val, tell }: StageContext,
  tokenizer: Parameters<typeof encodeViews>[1],
): Promise<Map<string, readonly SignalView[]>> {
  if (config.segments === 0) return new Map();
  const tokenizerId = hashText(
    JSON.stringify([...(await readCodebooks(beat.folder))[0]!.subarray(0, 512)]),
  ).toString(16);
  // codes of other tokenizers are kept apart: a row of an ablation does not undo the cache of the next
  const suffix = beat.carried ? `-${tokenizerId}` : "";
  const encode = (
    corpus: Corpus,
    split: string,
    views: number,
  ): Promise<Map<string, readonly SignalView[]>> =>
    encodeViews(corpus.records, tokenizer, {
      views,
      seed: 7,
      tokenizerId,
      ...(cacheFolder ? { cacheFile: join(cacheFolder, `views-${split}${suffix}.json`) } : {}),
      onProgress: (done, total) =>
        tell({ kind: "loading", done, total, source: `${split} recordings as codes` }),
    });
  return new Map([...(await encode(train, "train", config.views)), ...(await encode(val, "val", 1))]);
}

async function readCodebooks(beatFolder: string): Promise<Float32Array[]> {
  const { store } = await readBeat(diskFileStore, beatFolder);
  return CODEBOOK_NAMES.map((name) => codebookTensorNames(name).codes)
    .filter((name) => store.tensors.has(name))
    .map((name) => store.get(name).values as Float32Array);
}

/** What the next stage begins from, and what answers questions. Adapters lie beside their base. */
async function writeStageModel(
  target: string,
  config: TrainHeartcareConfig,
  { parts, tokenizer, preparation }: Base,
  store: ParameterStore,
): Promise<void> {
  if (config.stage === "vision") {
    await writeModelFolder(join(target, VISION_FOLDER), {
      store,
      config: visionConfigJson(parts.vision!),
      includes: (name) => name.startsWith("vision_model."),
      files: { "preprocessor_config.json": preparationJson(preparation!) },
    });
    return;
  }
  if (config.stage === "language") {
    await writeModelFolder(target, {
      store,
      config: languageConfigJson(parts.language),
      tokenizer: tokenizer.files,
      includes: (name) => name.startsWith("model.") || name.startsWith("lm_head."),
    });
    return;
  }
  const adapter = loraOf(config, parts);
  await writeHeartcareFolder(target, {
    store,
    ...parts,
    tokenizer,
    preparation,
    ...(adapter ? { adapter } : {}),
  });
  if ([...store.tensors.keys()].some(isAuxiliaryName)) {
    await writeFileAtomic(join(target, AUXILIARY_FILE), encodeStore(store, { includes: isAuxiliaryName }));
  }
}

type DataFacts = {
  readonly data: readonly string[];
  readonly recordings: { readonly train: number; readonly val: number };
  readonly patients: { readonly train: number; readonly val: number };
  readonly items: { readonly single: number; readonly comparison: number };
  readonly sources: Readonly<Record<string, number>>;
};

function describeData(data: readonly string[], train: Corpus, val: Corpus): DataFacts {
  const patients = (corpus: Corpus): number =>
    new Set(corpus.records.map(({ record }) => record.patientId)).size;
  const sources: Record<string, number> = {};
  for (const { row } of train.records) sources[row.source] = (sources[row.source] ?? 0) + 1;
  return {
    data,
    recordings: { train: train.records.length, val: val.records.length },
    patients: { train: patients(train), val: patients(val) },
    items: { single: [...train.singles.values()].flat().length, comparison: train.pairs.length },
    sources,
  };
}

async function writeRunFiles(options: TrainHeartcareOptions, data: DataFacts): Promise<void> {
  const { folder, config, base, vision, beatFolder } = options;
  const path = join(folder, "config.json");
  const now = {
    ...config,
    base: base ?? null,
    vision: vision ?? null,
    data: data.data,
    ...(beatFolder === undefined ? {} : { beat: beatFolder }),
  };
  if (options.resume) {
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      throw new EcgError("NOT_FOUND", `${path}: expected the configuration of a run, found none`, {
        hint: "start the run without --resume",
        cause,
      });
    });
    checkSameSettings(JSON.parse(text), now, "resume");
    return;
  }
  await writeJson(path, now);
  await writeJson(join(folder, "data.json"), data);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
