// The training loop of every stage: steps, log, evaluations, checkpoints, early stop, resume. Node only.
import { join } from "node:path";
import type { RunInputs } from "../graph/bind-inputs.ts";
import type { StepResult, Training } from "../graph/compile-training.ts";
import type { Schedule } from "../graph/learning-rate.ts";
import { EcgError } from "../shared/errors.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { drawLossCurves } from "./draw-loss-curves.ts";
import {
  checkpointFolder,
  type PendingSums,
  type RunPosition,
  readCheckpoint,
  START,
  writeCheckpoint,
} from "./training-checkpoint.ts";
import type { NamedNumbers, TrainingEvent, TrainingOutcome, TrainingSummary } from "./training-event.ts";
import { appendLog, cutLog, readLog } from "./training-log.ts";

/** Scores of an evaluation and the one number that is made small (null while it does not count). */
export type EvaluationScores = { readonly scores: NamedNumbers; readonly score: number | null };

/** What a stage brings to the loop. Everything that draws must be a pure function of the step and a seed. */
export type TrainingStage = {
  readonly training: Training;
  readonly steps: number;
  readonly schedule: Schedule;
  /** Inputs of a step, counted from 0; several batches are accumulated. */
  batchOf(step: number): RunInputs | readonly RunInputs[] | Promise<RunInputs | readonly RunInputs[]>;
  /** Scalar outputs of the training program that are logged. */
  readonly lossNames: readonly string[];
  /** Before a step's batch is drawn: starting codebooks, say. May change parameters and states. */
  beforeStep?(step: number): void | Promise<void>;
  /** After a step was applied. May change parameters and states. */
  afterStep?(step: number, result: StepResult): void | Promise<void>;
  /** Score the present parameters; `stepsDone` steps are behind. */
  evaluate?(stepsDone: number): Promise<EvaluationScores>;
  /** Write what the model is used from (weights, config, card) into a checkpoint's folder. */
  writeModel?(
    folder: string,
    position: { readonly step: number; readonly scores: NamedNumbers },
  ): Promise<void>;
};

export type RunOptions = {
  /** `log.jsonl`, `curves.svg`, `checkpoints/last`, `checkpoints/best`. */
  readonly folder: string;
  /** Evaluate after every so many steps and at the end. */
  readonly evaluateEvery: number;
  /** Write `checkpoints/last` after every so many steps, at the end, and when stopped. */
  readonly checkpointEvery: number;
  /** Log (and tell) after every so many steps. */
  readonly logEvery: number;
  /** Stop after this many evaluations without a better score; 0: never. */
  readonly patience: number;
  /** Go on from `checkpoints/last`. */
  readonly resume?: boolean;
  /** A stop asked for: the running step is finished, a checkpoint written, and the run ends. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
};

/**
 * Run a stage to its end, an early stop, or a stop asked for.
 *
 * A resumed run repeats the losses of one that was never stopped, bit for bit, for the same thread count: batches
 * are functions of the step, and the checkpoint holds parameters, moments, states and the step.
 * @throws EcgError TRAINING_FAILED when loss or gradient stop being finite; the last checkpoint stays as it was
 * (one is written when there is none yet).
 */
export async function runTraining(stage: TrainingStage, options: RunOptions): Promise<TrainingSummary> {
  const loop = await startLoop(stage, options);
  let outcome: TrainingOutcome = "finished";
  for (let step = loop.firstStep; step < stage.steps; step++) {
    await loop.step(step);
    const done = step + 1;
    if (stage.evaluate && (done % options.evaluateEvery === 0 || done === stage.steps))
      await loop.evaluate(done);
    if (done === stage.steps) break;
    if (options.patience > 0 && loop.position().sinceBest >= options.patience) outcome = "early-stopped";
    else if (options.signal?.aborted) outcome = "interrupted";
    if (outcome !== "finished") break;
    if (done % options.checkpointEvery === 0) await loop.save(done);
    await nextTurn();
  }
  return loop.finish(outcome);
}

type Loop = {
  readonly firstStep: number;
  position(): RunPosition;
  step(step: number): Promise<void>;
  evaluate(done: number): Promise<void>;
  save(done: number): Promise<void>;
  finish(outcome: TrainingOutcome): Promise<TrainingSummary>;
};

async function startLoop(stage: TrainingStage, options: RunOptions): Promise<Loop> {
  const { training } = stage;
  const { folder } = options;
  const { optimizer } = training;
  const tell = options.onEvent ?? ((): void => undefined);
  let position = await startPosition(stage, options);
  const firstStep = optimizer.stepCount;
  const startedAt = performance.now() - position.seconds * 1000;
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const pace = startPace(stage.steps);
  const sums = startSums(stage.lossNames, position.pending);
  let saved = options.resume === true;
  let scores: NamedNumbers = {};

  const save = async (done: number): Promise<void> => {
    position = { ...position, pending: sums.pending(), seconds: seconds() };
    saved = true;
    const last = checkpointFolder(folder, "last");
    await writeCheckpoint(last, optimizer, position);
    await stage.writeModel?.(last, { step: done, scores });
    tell({ kind: "checkpoint", step: done, folder: last });
  };
  return {
    firstStep,
    position: () => position,
    save,
    async step(step) {
      await stage.beforeStep?.(step);
      const learningRate = stage.schedule(step);
      const result = await training.step(await stage.batchOf(step), { learningRate });
      if (!result.applied) {
        if (!saved) await save(step);
        throw notFinite(step, result, checkpointFolder(folder, "last"));
      }
      await stage.afterStep?.(step, result);
      sums.add(result);
      pace.tick();
      const done = step + 1;
      if (done % options.logEvery !== 0 && done !== stage.steps) return;
      const { gradientNorm } = result;
      const losses = sums.takeMeans();
      await appendLog(folder, {
        kind: "step",
        step: done,
        losses,
        learningRate,
        gradientNorm,
        seconds: seconds(),
      });
      tell({
        kind: "step",
        step: done,
        steps: stage.steps,
        losses,
        learningRate,
        gradientNorm,
        ...pace.rate(done),
      });
    },
    async evaluate(done) {
      const evaluation = await pace.pause(() => stage.evaluate!(done));
      scores = evaluation.scores;
      const { score } = evaluation;
      const best = score !== null && (position.best === null || score < position.best.score);
      const counts = score !== null && position.best !== null;
      position = {
        best: best ? { step: done, score } : position.best,
        sinceBest: best || !counts ? 0 : position.sinceBest + 1,
        pending: sums.pending(),
        seconds: seconds(),
      };
      await appendLog(folder, { kind: "evaluation", step: done, scores, score, best, seconds: seconds() });
      tell({ kind: "evaluation", step: done, scores, score, best });
      if (best) {
        const target = checkpointFolder(folder, "best");
        await writeCheckpoint(target, optimizer, position);
        await stage.writeModel?.(target, { step: done, scores });
      }
      await writeFileAtomic(join(folder, "curves.svg"), drawLossCurves(await readLog(folder)));
    },
    async finish(outcome) {
      const step = optimizer.stepCount;
      await save(step);
      await writeFileAtomic(join(folder, "curves.svg"), drawLossCurves(await readLog(folder)));
      return { outcome, step, best: position.best, seconds: seconds() };
    },
  };
}

async function startPosition(stage: TrainingStage, options: RunOptions): Promise<RunPosition> {
  const { optimizer } = stage.training;
  if (!options.resume) {
    await writeFileAtomic(join(options.folder, "log.jsonl"), "");
    return START;
  }
  const position = await readCheckpoint(checkpointFolder(options.folder, "last"), optimizer);
  await cutLog(options.folder, optimizer.stepCount);
  options.onEvent?.({ kind: "note", text: `resumed after step ${optimizer.stepCount} of ${stage.steps}` });
  return position;
}

/** Rate over the last steps; evaluations do not count. */
function startPace(steps: number): {
  tick(): void;
  pause<T>(work: () => Promise<T>): Promise<T>;
  rate(done: number): { stepsPerSecond: number; secondsLeft: number };
} {
  const kept = 20;
  let paused = 0;
  const times: number[] = [performance.now()];
  return {
    tick() {
      times.push(performance.now() - paused);
      if (times.length > kept + 1) times.shift();
    },
    async pause(work) {
      const start = performance.now();
      const result = await work();
      paused += performance.now() - start;
      return result;
    },
    rate(done) {
      const span = (times.at(-1)! - times[0]!) / 1000;
      const stepsPerSecond = span > 0 ? (times.length - 1) / span : 0;
      return { stepsPerSecond, secondsLeft: stepsPerSecond > 0 ? (steps - done) / stepsPerSecond : 0 };
    },
  };
}

type Sums = {
  add(result: StepResult): void;
  /** Means since the last call, and a new beginning. */
  takeMeans(): NamedNumbers;
  /** What a checkpoint keeps of an interval that is not over. */
  pending(): PendingSums;
};

function startSums(names: readonly string[], from: PendingSums): Sums {
  let { count } = from;
  const all = ["loss", ...names];
  const sums = new Map(all.map((name) => [name, from.sums[name] ?? 0]));
  return {
    add(result) {
      count++;
      for (const [name, sum] of sums) {
        const value = name === "loss" ? result.loss : Number(result.outputs[name]?.data[0] ?? Number.NaN);
        sums.set(name, sum + value);
      }
    },
    takeMeans() {
      const means = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / Math.max(1, count)]));
      count = 0;
      for (const name of all) sums.set(name, 0);
      return means;
    },
    pending: () => ({ count, sums: Object.fromEntries(sums) }),
  };
}

function notFinite(step: number, { loss, gradientNorm }: StepResult, folder: string): EcgError {
  return new EcgError(
    "TRAINING_FAILED",
    `training: expected a finite loss at step ${step + 1}, got loss ${loss} and gradient norm ${gradientNorm}`,
    {
      hint: `the last good checkpoint is kept in ${folder}; try a lower learning rate`,
      details: { step, loss, gradientNorm },
    },
  );
}

/** Lets a message that asks to stop in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
