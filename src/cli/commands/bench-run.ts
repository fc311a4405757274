// heartcare bench run: ask a model every question of a split.
import { type Command, Option } from "commander";
import { BASELINE_NAMES } from "../../bench/baselines/make-baseline.ts";
import type { BenchModel } from "../../bench/bench-model.ts";
import { BENCH_VARIANTS, type BenchVariant, VARIANT_HELP } from "../../bench/models/bench-variants.ts";
import { openBenchModel, SHIPPED_MODEL } from "../../bench/models/open-bench-model.ts";
import type { ShownInstead } from "../../bench/open-bench.ts";
import { PAGE_WORDS, parseBenchPage } from "../../bench/render-page.ts";
import { type RunSummary, runBench } from "../../bench/run-bench.ts";
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
  readonly variant?: BenchVariant;
  readonly render?: string;
  readonly realOnly?: boolean;
  readonly modalities?: ("signal" | "image")[];
  readonly threads?: number;
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
    .requiredOption(
      "--model <name>",
      `${BASELINE_NAMES.join(", ")}, ${SHIPPED_MODEL} or the folder of a model; with :variant behind it if wanted`,
    )
    .requiredOption("--out <dir>", "run folder: run.json, answers.jsonl, report.json")
    .option("--split <split>", SPLITS.join(", "), "test")
    .option("--tasks <names>", `comma-separated: ${TASKS.join(",")}`, namesOf(TASKS))
    .option("--limit <n>", "at most this many items a task, drawn by the seed", wholeNumber(1))
    .addOption(new Option("--variant <name>", VARIANT_HELP).choices([...BENCH_VARIANTS]))
    .option("--render <page>", `draw every page anew, comma-separated: ${PAGE_WORDS}`)
    .option("--real-only", "leave out items about synthetic recordings")
    .option(
      "--modalities <names>",
      "keep items that show nothing else: signal,image",
      namesOf(["signal", "image"] as const),
    )
    .option("--threads <n>", "threads of a neural model; default: all cores", wholeNumber(1))
    .option("--seed <n>", "seed of the draw and of intervals", wholeNumber(0), 7)
    .option("--resume", "go on with an unfinished run; failed answers are asked again")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  heartcare bench run heartcare-data --model measured --split test --out runs/measured",
        "  heartcare bench run heartcare-data --model heartcare-nano:shuffled --real-only --out runs/shuffled",
        "  heartcare bench run heartcare-data --model heartcare-nano --render 6x2,cabrera,blue,dpi=150 --out runs/cabrera",
      ].join("\n"),
    )
    .action(run);
}

async function run(dataset: string, flags: Flags): Promise<void> {
  const split = SPLITS.find((name): name is Split => name === flags.split);
  if (!split) throw new EcgError("USAGE", `--split: expected ${SPLITS.join(", ")}, got ${flags.split}`);
  const page = flags.render === undefined ? undefined : parseBenchPage(flags.render);
  const opened = await openBenchModel(flags.model, { dataset, ...flags });
  const model = page ? { ...opened.model, id: `${opened.model.id}@${page.name}` } : opened.model;
  let summary: RunSummary;
  try {
    summary = await ask(dataset, model, { ...flags, split, shown: { ...opened.shown, page } });
  } finally {
    await opened.dispose();
  }
  const scores = await scoreRun(flags.out, dataset);
  if (flags.json) return printJson({ ...summary, scores });
  printScores(scores);
  printLine(
    `${summary.asked} asked, ${summary.kept} kept from before, ${summary.failed} failed; answers in ${flags.out}`,
  );
}

async function ask(
  dataset: string,
  model: BenchModel,
  flags: Omit<Flags, "split"> & { readonly split: Split; readonly shown: ShownInstead },
): Promise<RunSummary> {
  const { split, tasks, modalities, limit, seed, realOnly, shown } = flags;
  let progress: ReturnType<typeof startProgress> | undefined;
  const summary = await withInterrupt((signal) =>
    runBench(dataset, model, flags.out, {
      split,
      tasks,
      modalities,
      limit,
      seed,
      realOnly,
      shown,
      resume: flags.resume === true,
      signal,
      onProgress: (done, total) => {
        progress ??= startProgress({ label: model.id, total, unit: "items" });
        progress.update(done);
      },
    }),
  );
  progress?.finish();
  return summary;
}
