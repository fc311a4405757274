// Beat as a stage of the training loop: batches, codebooks from data, revival of dead codes, scores on val. Node only.
import type { BeatConfig } from "../beat/beat-config.ts";
import { type BeatForward, compileBeatForward } from "../beat/beat-forward.ts";
import { BEAT_INPUTS, type BeatGraph, buildBeat } from "../beat/build-beat.ts";
import {
  type EmaCodebook,
  kMeans,
  nearestCentres,
  type Rows,
  residualRows,
  reviveDeadCodes,
  startCodebook,
} from "../beat/codebook-care.ts";
import { listWindows } from "../beat/evaluation-windows.ts";
import { CODEBOOK_NAMES, type CodebookName, codebookTensorNames } from "../beat/quantise.ts";
import { scoreWindows } from "../beat/score-windows.ts";
import { createAdamW } from "../graph/adam-w.ts";
import { compileTraining, type StepResult, type Training } from "../graph/compile-training.ts";
import { cosineSchedule } from "../graph/learning-rate.ts";
import { createParameterStore, type ParameterStore } from "../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../graph/runtime.ts";
import { createRng } from "../shared/rng.ts";
import { drawBatch } from "./draw-segments.ts";
import type { LoadedRecording } from "./packed-recording.ts";
import type { EvaluationScores, TrainingStage } from "./run-training.ts";
import type { TrainBeatConfig } from "./train-beat-config.ts";

/** Rows of query vectors that are scored or clustered at a time. */
const FORWARD_BATCH = 16;
/** Steps after the codebooks began in which none counts as dead. */
const REVIVE_GRACE_STEPS = 20;
const LOSS_NAMES = ["reconstruction", "prediction", "quantisation"] as const;

export type BeatStageOptions = {
  readonly runtime: Runtime;
  readonly config: TrainBeatConfig;
  readonly train: readonly LoadedRecording[];
  readonly val: readonly LoadedRecording[];
  readonly onNote: (text: string) => void;
};

export type BeatStage = TrainingStage & {
  readonly store: ParameterStore;
  dispose(): Promise<void>;
};

/** Compile the joint graph and everything around it. */
export async function openBeatStage(options: BeatStageOptions): Promise<BeatStage> {
  const { runtime, config, train } = options;
  const { model, batch, seed } = config;
  const session = sessionOf(config);
  const beat = buildBeat(model, batch);
  const store = createParameterStore(beat.graph, { seed });
  const training = await compileBeatTraining(beat, store, { runtime, config });
  // A training step and the forward program are never held at once: each would keep its memory beside the other's.
  const withForward = async <Result>(use: (forward: BeatForward) => Promise<Result>): Promise<Result> => {
    await training.release();
    const forward = await compileBeatForward(model, { runtime, store, batch: FORWARD_BATCH, session });
    try {
      return await use(forward);
    } finally {
      await forward.dispose();
    }
  };
  const draw = { config: model, batch, seed, augmentation: config.augmentation };
  return {
    store,
    training,
    steps: config.steps,
    schedule: cosineSchedule({
      peak: config.learningRate,
      steps: config.steps,
      warmupSteps: Math.min(config.learningRateWarmup, config.steps),
      endFraction: config.learningRateEnd,
    }),
    lossNames: LOSS_NAMES,
    batchOf: (step) => ({
      ...drawBatch(train, step, draw),
      [BEAT_INPUTS.quantised]: step < config.warmupSteps ? 0 : 1,
    }),
    async beforeStep(step) {
      if (step !== config.warmupSteps || config.kMeansBatches === 0) return;
      await withForward((forward) => startCodebooks(forward, store, options));
      options.onNote(`step ${step}: codebooks started by k-means, quantisation is on`);
    },
    afterStep: (step, result) => reviveCodes(step, result, store, config),
    evaluate: (stepsDone) => withForward((forward) => evaluateOnVal(forward, stepsDone, options)),
    async dispose() {
      await training.dispose();
      await training.optimizer.dispose();
    },
  };
}

/** Training shares the machine with everything else: memory is given back as soon as it was used. */
function sessionOf({ threads }: TrainBeatConfig): SessionOptions {
  return { threads, memoryArena: false };
}

async function compileBeatTraining(
  beat: BeatGraph,
  store: ParameterStore,
  { runtime, config }: Pick<BeatStageOptions, "runtime" | "config">,
): Promise<Training> {
  const session = sessionOf(config);
  const optimizer = await createAdamW({
    runtime,
    store,
    session,
    weightDecay: config.weightDecay,
    ...(config.clipNorm > 0 ? { clipNorm: config.clipNorm } : {}),
  });
  const levels = levelsOf(config.model);
  return compileTraining({
    runtime,
    session,
    optimizer,
    loss: beat.loss,
    recompute: true,
    outputs: {
      reconstruction: beat.reconstructionLoss,
      prediction: beat.predictionLoss,
      quantisation: beat.quantisationLoss,
      ...(config.reviveEvery > 0 ? { queries: beat.queries } : {}),
      ...(config.reviveEvery > 0
        ? Object.fromEntries(levels.map((name, level) => [name, beat.indices[level]!]))
        : {}),
    },
  });
}

function levelsOf(model: BeatConfig): readonly CodebookName[] {
  return CODEBOOK_NAMES.slice(0, model.codebookLevels);
}

/** k-means of query vectors over batches that depend on the seed alone, the residual book on what the core leaves. */
async function startCodebooks(
  forward: BeatForward,
  store: ParameterStore,
  { config, train }: BeatStageOptions,
): Promise<void> {
  const { model, seed, batch, augmentation } = config;
  const runs = Math.max(1, Math.round((config.kMeansBatches * batch) / FORWARD_BATCH));
  const perRun = FORWARD_BATCH * model.queryCount * model.dimension;
  let rows: Rows = { data: new Float32Array(runs * perRun), dimension: model.dimension };
  for (let run = 0; run < runs; run++) {
    const drawn = { config: model, batch: FORWARD_BATCH, seed: `${seed}/k-means`, augmentation };
    const { queries } = await forward.run(drawBatch(train, run, drawn).signal, 0);
    rows.data.set(queries, run * perRun);
  }
  for (const name of levelsOf(model)) {
    const rng = createRng(`${seed}/k-means/${name}`);
    const means = kMeans(rows, model.codebookSize, { iterations: config.kMeansIterations, rng });
    if (model.codebookUpdate === "ema")
      startCodebook(emaCodebook(store, name), means, batch * model.queryCount);
    else store.set(codebookTensorNames(name).codes, means.centres);
    rows = residualRows(rows, means.centres, nearestCentres(rows, means.centres));
  }
}

function reviveCodes(step: number, result: StepResult, store: ParameterStore, config: TrainBeatConfig): void {
  const { model, reviveEvery, reviveThreshold, seed, warmupSteps } = config;
  const due = reviveEvery > 0 && step % reviveEvery === 0 && step > warmupSteps + REVIVE_GRACE_STEPS;
  if (!due || model.codebookUpdate !== "ema") return;
  const rng = createRng(`${seed}/revive/${step}`);
  let rows: Rows = { data: result.outputs["queries"]!.data as Float32Array, dimension: model.dimension };
  for (const name of levelsOf(model)) {
    const chosen = Int32Array.from(result.outputs[name]!.data as BigInt64Array, Number);
    const codebook = emaCodebook(store, name);
    const left = residualRows(rows, codebook.codes, chosen);
    reviveDeadCodes(codebook, rows, { threshold: reviveThreshold, rng });
    rows = left;
  }
}

function emaCodebook(store: ParameterStore, name: CodebookName): EmaCodebook {
  const names = codebookTensorNames(name);
  const values = (tensor: string): Float32Array => store.get(tensor).values as Float32Array;
  return { codes: values(names.codes), counts: values(names.counts), sums: values(names.sums) };
}

async function evaluateOnVal(
  forward: BeatForward,
  stepsDone: number,
  { config, val }: BeatStageOptions,
): Promise<EvaluationScores> {
  const counts = val.map(({ sampleCount }) => sampleCount);
  const limit = config.evaluateWindows || Number.POSITIVE_INFINITY;
  const quantised = stepsDone > config.warmupSteps ? 1 : 0;
  const found = await scoreWindows(forward, val, listWindows(counts, config.model, limit), { quantised });
  const byLevel = (label: string, values: readonly number[]): Record<string, number> =>
    Object.fromEntries(values.map((value, level) => [`${CODEBOOK_NAMES[level]} ${label}`, value]));
  return {
    scores: {
      loss: found.lTotal,
      reconstruction: found.lRecon,
      prediction: found.lPred,
      quantisation: found.lVq,
      ...byLevel("code use", found.codeUse),
      ...byLevel("perplexity", found.perplexity),
    },
    score: quantised === 1 ? found.lTotal : null,
  };
}
