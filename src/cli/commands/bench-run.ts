// heartcare bench run: ask a model every question of a split.
import type { Command } from "commander";
import { BASELINE_NAMES, makeBaseline } from "../../bench/baselines/make-baseline.ts";
import { runBench } from "../../bench/run-bench.ts";
import { scoreRun } from "../../bench/score-run.ts";
import { SPLITS, type Split } from "../../dataset/assign-split.ts";
import { TASKS, type Task } from "../../qa/qa-item.ts";
import { EcgError } from "../../shared/errors.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { namesOf, wholeNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { printScores } from "../print-scores.ts";
import { startProgress } from "../progress.ts";

type Flags = {
  readonly model: string;
  readonly out: string;
  readonly split: string;
  readonly tasks?: Task[];
  readonly limit?: number;
  readonly seed: number;
  readonly resume?: boolean;
  readonly json?: boolean;
};

/** Register the command. */
export function registerBenchRun(parent: Command): void {
  parent
    .command("run <dataset>")
    .description("ask a model every question of a split; answers are logged line by line")
    .requiredOption("--model <name>", BASELINE_NAMES.join(", "))
    .requiredOption("--out <dir>", "run folder: run.json, answers.jsonl, report.json")
    .option("--split <split>", SPLITS.join(", "), "test")
    .option("--tasks <names>", `comma-separated: ${TASKS.join(",")}`, namesOf(TASKS))
    .option("--limit <n>", "at most this many items a task, drawn by the seed", wholeNumber(1))
    .option("--seed <n>", "seed of the draw and of intervals", wholeNumber(0), 7)
    .option("--resume", "go on with an unfinished run; failed answers are asked again")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare bench run heartcare-data --model measured --split test --out runs/measured",
    )
    .action(run);
}

async function run(dataset: string, flags: Flags): Promise<void> {
  const split = SPLITS.find((name): name is Split => name === flags.split);
  if (!split) throw new EcgError("USAGE", `--split: expected ${SPLITS.join(", ")}, got ${flags.split}`);
  const model = await makeBaseline(flags.model, dataset, flags.seed);
  let progress: ReturnType<typeof startProgress> | undefined;
  const summary = await withInterrupt((signal) =>
    runBench(dataset, model, flags.out, {
      split,
      tasks: flags.tasks,
      limit: flags.limit,
      seed: flags.seed,
      resume: flags.resume === true,
      signal,
      onProgress: (done, total) => {
        progress ??= startProgress({ label: flags.model, total, unit: "items" });
        progress.update(done);
      },
    }),
  );
  progress?.finish();
  const scores = await scoreRun(flags.out, dataset);
  if (flags.json) return printJson({ ...summary, scores });
  printScores(scores);
  printLine(
    `${summary.asked} asked, ${summary.kept} kept from before, ${summary.failed} failed; answers in ${flags.out}`,
  );
}
