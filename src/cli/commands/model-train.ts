// heartcare model train: a stage of HeartcareGPT from dataset folders, in a worker thread.
import { access, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { UNTRAINED_BEAT } from "../../training/heartcare/choose-beat.ts";
import {
  HEARTCARE_PRESETS,
  HEARTCARE_STAGES,
  parseTrainHeartcareOverrides,
  resolveTrainHeartcareConfig,
  type TrainHeartcareConfig,
  type TrainHeartcareOverrides,
} from "../../training/heartcare/train-heartcare-config.ts";
import { trainHeartcareInWorker } from "../../training/heartcare/train-heartcare-in-worker.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { finiteNumber, wholeNumber } from "../parse-options.ts";
import { printJson } from "../print.ts";
import { printTrainingSummary, showTraining } from "../show-training.ts";

type Flags = Pick<
  TrainHeartcareOverrides,
  | "stage"
  | "preset"
  | "steps"
  | "batch"
  | "accumulate"
  | "tokens"
  | "learningRate"
  | "seed"
  | "threads"
  | "patience"
> & {
  readonly data?: readonly string[];
  readonly base?: string;
  readonly vision?: string;
  readonly beat?: string;
  readonly out: string;
  readonly config?: string;
  readonly evalEvery?: number;
  readonly checkpointEvery?: number;
  readonly full?: boolean;
  readonly segmentation: boolean;
  readonly cache: string | false;
  readonly resume?: boolean;
  readonly printConfig?: boolean;
  readonly json?: boolean;
};

/** Register the command. */
export function registerModelTrain(parent: Command): void {
  parent
    .command("train")
    .description(
      "train a stage: warm-up (projectors) and joint (answers); vision and language for a model from scratch",
    )
    .addOption(new Option("--stage <name>", "which stage").choices(HEARTCARE_STAGES).makeOptionMandatory())
    .option("--data <folders...>", "dataset folders of `data build`; val is taken from the first")
    .requiredOption(
      "--out <dir>",
      "run folder: config, env, data, log.jsonl, curves.svg, report.html, checkpoints/",
    )
    .option("--base <dir>", "Hugging Face folder of Qwen2, Qwen2.5 or Phi-3, or the run of the stage before")
    .option("--vision <dir>", "SigLIP folder, or the run of stage vision (default: the base's)")
    .option(
      "--beat <dir>",
      "Beat checkpoint or run, or `untrained`: first weights from --seed (default: the base's, or the one that ships)",
    )
    .option("--no-segmentation", "show pages uncut, as one picture, instead of twelve lead tiles")
    .addOption(
      new Option("--preset <name>", "what is not said otherwise (default: nano)").choices(HEARTCARE_PRESETS),
    )
    .option("--config <file>", "JSON with any fields of the configuration (see --print-config)")
    .option("--steps <n>", "training steps", wholeNumber(1))
    .option("--batch <n>", "rows a batch", wholeNumber(1))
    .option("--accumulate <n>", "batches a step", wholeNumber(1))
    .option("--tokens <n>", "tokens a row", wholeNumber(16))
    .option("--learning-rate <x>", "peak learning rate", finiteNumber(0))
    .option("--full", "joint: train all weights instead of adapters and projectors")
    .option("--seed <n>", "seed of weights and draws", wholeNumber(0))
    .option("--eval-every <n>", "score val after every n steps", wholeNumber(1))
    .option("--checkpoint-every <n>", "write checkpoints/last after every n steps", wholeNumber(1))
    .option("--patience <n>", "stop after n evaluations without a better score; 0: never", wholeNumber(0))
    .option("--threads <n>", "threads; losses repeat bit for bit for a fixed number", wholeNumber(1))
    .option("--resume", "go on from checkpoints/last of --out with the settings it began with")
    .option("--cache <dir>", "keep codes of recordings here", "runs/.cache")
    .option("--no-cache", "encode the recordings anew")
    .option("--print-config", "print the resolved configuration and stop")
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      [
        "",
        "Example:",
        "  heartcare data build ptb-xl ludb --out heartcare-data",
        "  heartcare model train --stage warm-up --preset heartcaregpt-7b --base Qwen2.5-7B-Instruct \\",
        "    --vision siglip-so400m-patch14-384 --data heartcare-data --out runs/warm-up",
        "  heartcare model train --stage joint --preset heartcaregpt-7b --base runs/warm-up --data heartcare-data --out runs/joint",
        "  heartcare model train --stage joint --out runs/joint --resume",
      ].join("\n"),
    )
    .action(run);
}

type Began = {
  readonly config: TrainHeartcareConfig;
  readonly base?: string;
  readonly vision?: string;
  readonly beat?: string;
  readonly data: readonly string[];
};

async function run(flags: Flags): Promise<void> {
  const began = flags.resume ? await readBegan(flags.out) : undefined;
  const config = await resolveConfig(flags, began?.config);
  if (flags.printConfig) return printJson(config);
  const data = flags.data?.map((folder) => resolve(folder)) ?? began?.data ?? [];
  if (data.length === 0) {
    throw new EcgError("USAGE", "model train: expected --data with at least one dataset folder, got none", {
      hint: "build one with: heartcare data build <sources...> --out heartcare-data",
    });
  }
  const base = flags.base ? await bestOf(flags.base) : began?.base;
  const vision = flags.vision ? await bestOf(flags.vision) : began?.vision;
  const display = showTraining(config);
  const summary = await withInterrupt((signal) =>
    trainHeartcareInWorker({
      data,
      folder: flags.out,
      config,
      base,
      vision,
      beatFolder: flags.beat ? beatOf(flags.beat) : began?.beat,
      resume: flags.resume === true,
      cacheFolder: flags.cache || undefined,
      signal,
      onEvent: display.show,
    }),
  );
  display.finish();
  printTrainingSummary(summary, flags);
}

/** A run stands for the model it ended with: `checkpoints/last` (a stage's end is what the next begins from). */
async function bestOf(folder: string): Promise<string> {
  const last = resolve(folder, "checkpoints", "last");
  const isRun = await access(resolve(last, "training.safetensors")).then(
    () => true,
    () => false,
  );
  return isRun ? last : resolve(folder);
}

function beatOf(given: string): string {
  return given === UNTRAINED_BEAT ? given : resolve(given);
}

async function readBegan(folder: string): Promise<Began> {
  const path = resolve(folder, "config.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected the configuration of a run, found none`, {
      hint: "start the run without --resume",
      cause,
    });
  });
  const { base, vision, beat, data, ...config } = JSON.parse(text) as TrainHeartcareConfig & {
    base: string | null;
    vision: string | null;
    beat?: string;
    data: readonly string[];
  };
  return {
    config,
    data,
    ...(base ? { base } : {}),
    ...(vision ? { vision } : {}),
    ...(beat ? { beat } : {}),
  };
}

async function resolveConfig(
  flags: Flags,
  began: TrainHeartcareConfig | undefined,
): Promise<TrainHeartcareConfig> {
  const { stage, preset, steps, batch, accumulate, tokens, learningRate, seed, threads, patience } = flags;
  const fromFlags: TrainHeartcareOverrides = {
    ...{ stage, preset, steps, batch, accumulate, tokens, learningRate, seed, threads, patience },
    evaluateEvery: flags.evalEvery,
    checkpointEvery: flags.checkpointEvery,
    lora: flags.full ? false : undefined,
    segmentation: flags.segmentation ? undefined : false,
  };
  const fromFile = flags.config ? [await readConfigFile(flags.config)] : [];
  return resolveTrainHeartcareConfig([...(began ? [began] : []), ...fromFile, fromFlags]);
}

async function readConfigFile(path: string): Promise<TrainHeartcareOverrides> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a configuration file, found none`, { cause });
  });
  try {
    return parseTrainHeartcareOverrides(JSON.parse(text), path);
  } catch (error) {
    if (EcgError.isInstance(error)) throw error;
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, got ${errorMessage(error)}`, {
      cause: error,
    });
  }
}
