// heartcare beat train: learn the tokenizer from recordings, in a worker thread.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { readRunConfig } from "../../training/train-beat.ts";
import {
  PRESET_NAMES,
  type PresetName,
  parseTrainBeatOverrides,
  resolveTrainBeatConfig,
  type TrainBeatConfig,
  type TrainBeatOverrides,
} from "../../training/train-beat-config.ts";
import { trainBeatInWorker } from "../../training/train-beat-in-worker.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { finiteNumber, wholeNumber } from "../parse-options.ts";
import { printJson } from "../print.ts";
import { printTrainingSummary, showTraining } from "../show-training.ts";

type Flags = {
  readonly out: string;
  readonly config?: string;
  readonly preset?: PresetName;
  readonly steps?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly evalEvery?: number;
  readonly checkpointEvery?: number;
  readonly logEvery?: number;
  readonly patience?: number;
  readonly threads?: number;
  readonly augmentStretch?: number;
  readonly augmentNoise?: number;
  readonly augmentDropout?: number;
  readonly augmentMixing?: number;
  readonly resume?: boolean;
  readonly cache: string | false;
  readonly includeUnlicensed?: boolean;
  readonly json?: boolean;
  readonly printConfig?: boolean;
};

/** Register the command. */
export function registerBeatTrain(parent: Command): void {
  const share = finiteNumber(0, true);
  parent
    .command("train [sources...]")
    .description("learn the tokenizer from the train split of recordings, dataset folders or z-scored shards")
    .requiredOption(
      "--out <dir>",
      "run folder: config, env, log.jsonl, curves.svg, report.html, checkpoints/",
    )
    .option("--config <file>", "JSON with any fields of the configuration (see --print-config)")
    .addOption(
      new Option("--preset <name>", "what is not said otherwise (default: base)").choices(PRESET_NAMES),
    )
    .option("--steps <n>", "training steps", wholeNumber(1))
    .option("--batch <n>", "segments a step", wholeNumber(1))
    .option("--learning-rate <x>", "peak learning rate", finiteNumber(0))
    .option("--seed <n>", "seed of weights, draws and codebooks", wholeNumber(0))
    .option("--eval-every <n>", "score val after every n steps", wholeNumber(1))
    .option("--checkpoint-every <n>", "write checkpoints/last after every n steps", wholeNumber(1))
    .option("--log-every <n>", "log losses after every n steps", wholeNumber(1))
    .option("--patience <n>", "stop after n evaluations without a better score; 0: never", wholeNumber(0))
    .option("--threads <n>", "threads; losses repeat bit for bit for a fixed number", wholeNumber(1))
    .option("--augment-stretch <x>", "stretch time by up to 1 + x", share)
    .option("--augment-noise <x>", "white noise of up to x SDs", share)
    .option("--augment-dropout <x>", "chance that a lead is dropped", share)
    .option("--augment-mixing <x>", "size of the random mixing of leads", share)
    .option("--resume", "go on from checkpoints/last of --out with the settings it began with")
    .option("--cache <dir>", "keep prepared recordings here", "runs/.cache")
    .option("--no-cache", "prepare the recordings anew")
    .option("--include-unlicensed", "use folders that state no licence of their signals, too")
    .option("--print-config", "print the resolved configuration and stop")
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat train ptb-xl ludb --out runs/beat --steps 6000\n  heartcare beat train --out runs/beat --resume",
    )
    .action(run);
}

async function run(sources: readonly string[], flags: Flags): Promise<void> {
  const began = flags.resume ? await readRunConfig(flags.out) : undefined;
  const config = await resolveConfig(flags, began?.config);
  if (flags.printConfig) return printJson(config);
  const chosen = sources.length > 0 ? sources.map(absolute) : (began?.sources ?? []);
  if (chosen.length === 0) {
    throw new EcgError("USAGE", "beat train: expected at least one source, got 0", {
      hint: "a folder of recordings, a dataset folder of `data build`, or synthetic:<count>",
    });
  }
  const display = showTraining(config);
  const summary = await withInterrupt((signal) =>
    trainBeatInWorker({
      sources: chosen,
      folder: flags.out,
      config,
      resume: flags.resume === true,
      includeUnlicensed: flags.includeUnlicensed === true,
      ...(flags.cache ? { cacheFolder: flags.cache } : {}),
      signal,
      onEvent: display.show,
    }),
  );
  display.finish();
  printTrainingSummary(summary, flags);
}

async function resolveConfig(flags: Flags, began: TrainBeatConfig | undefined): Promise<TrainBeatConfig> {
  const fromFlags: TrainBeatOverrides = dropUndefined({
    preset: flags.preset,
    steps: flags.steps,
    batch: flags.batch,
    learningRate: flags.learningRate,
    seed: flags.seed,
    evaluateEvery: flags.evalEvery,
    checkpointEvery: flags.checkpointEvery,
    logEvery: flags.logEvery,
    patience: flags.patience,
    threads: flags.threads,
    augmentation: dropUndefined({
      timeStretch: flags.augmentStretch,
      noise: flags.augmentNoise,
      leadDropout: flags.augmentDropout,
      leadMixing: flags.augmentMixing,
    }),
  });
  const fromFile = flags.config ? [await readConfigFile(flags.config)] : [];
  return resolveTrainBeatConfig([...(began ? [began] : []), ...fromFile, fromFlags]);
}

async function readConfigFile(path: string): Promise<TrainBeatOverrides> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a configuration file, found none`, { cause });
  });
  try {
    return parseTrainBeatOverrides(JSON.parse(text), path);
  } catch (error) {
    if (EcgError.isInstance(error)) throw error;
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, got ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

/** Paths are kept in the run and must hold when it is resumed from elsewhere. */
function absolute(source: string): string {
  return source.startsWith("synthetic:") ? source : resolve(source);
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}
