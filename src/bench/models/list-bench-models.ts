// listBenchModels: what `bench run --model` takes, with what each model looks at.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHeartcareConfig, VISION_FOLDER } from "../../model/dspa/heartcare-config.ts";
import { resolveHeartcareFolder } from "../../model/dspa/node/open-heartcare.ts";
import { TASKS, type Task } from "../../qa/qa-item.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { BASELINE_NAMES, type BaselineName } from "../baselines/make-baseline.ts";
import type { Modality } from "../bench-model.ts";
import { SHIPPED_MODEL } from "./open-bench-model.ts";

export type ListedModel = {
  /** What `--model` takes; `<folder>` stands for a path. */
  readonly name: string;
  readonly tasks: readonly Task[];
  /** How it looks at recordings; none for a model that reads text alone. */
  readonly looksAt: readonly Modality[];
  /** In words. */
  readonly reads: string;
};

const IN_WORDS: readonly Task[] = ["closed-qa", "open-qa", "comparison-qa", "report"];
const FORECASTER = {
  tasks: ["prediction"],
  looksAt: ["signal"],
  reads: "the last seconds of a signal",
} as const;

const BASELINES: Readonly<Record<BaselineName, Omit<ListedModel, "name">>> = {
  majority: { tasks: IN_WORDS, looksAt: [], reads: "no recording: answers that were frequent in train" },
  "blind-text": {
    tasks: ["closed-qa", "comparison-qa"],
    looksAt: [],
    reads: "no recording: the words of question and options",
  },
  measured: {
    tasks: IN_WORDS,
    looksAt: ["signal", "image"],
    reads: "intervals and shapes measured on the signal, or on the traces of a page",
  },
  zero: FORECASTER,
  persistence: FORECASTER,
  "scaled-persistence": FORECASTER,
};

/**
 * The baselines, the model that ships and, as `<folder>`, any other HeartcareGPT. What the shipped model reads is
 * taken from its folder.
 * @throws EcgError NOT_FOUND when the shipped folder is not there, as `readHeartcareConfig`.
 */
export async function listBenchModels(): Promise<ListedModel[]> {
  return [
    ...BASELINE_NAMES.map((name): ListedModel => ({ name, ...BASELINES[name] })),
    await describeShipped(),
    {
      name: "<folder>",
      tasks: TASKS,
      looksAt: ["signal", "image"],
      reads: `a HeartcareGPT folder or a run of model train: signals, and pages where it has ${VISION_FOLDER}/`,
    },
  ];
}

async function describeShipped(): Promise<ListedModel> {
  const folder = resolveHeartcareFolder();
  const { measuredText } = await readHeartcareConfig(diskFileStore, folder);
  const seesPages = existsSync(join(folder, VISION_FOLDER));
  const reads = [
    "signals",
    ...(seesPages ? ["pages"] : []),
    ...(measuredText ? ["measured values as text"] : []),
  ];
  return {
    name: SHIPPED_MODEL,
    tasks: TASKS,
    looksAt: seesPages ? ["signal", "image"] : ["signal"],
    reads: `${reads.join(", ")}; forecasts come from its tokenizer`,
  };
}
