// heartcare bench list: tasks with their metrics, and the models that can be asked.
import type { Command } from "commander";
import { BASELINE_NAMES } from "../../bench/baselines/make-baseline.ts";
import { BENCH_VARIANTS, VARIANT_HELP } from "../../bench/models/bench-variants.ts";
import { listBenchModels } from "../../bench/models/list-bench-models.ts";
import { BENCH_TASKS } from "../../bench/tasks/index.ts";
import { printJson, printLine, printTable } from "../print.ts";

/** Register the command. */
export function registerBenchList(parent: Command): void {
  parent
    .command("list")
    .description("tasks of the benchmark, the models that can be run and what each of them reads")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  heartcare bench list")
    .action(list);
}

async function list(flags: { readonly json?: boolean }): Promise<void> {
  const tasks = BENCH_TASKS.map(({ name, version, title, metrics }) => ({ name, version, title, metrics }));
  const models = await listBenchModels();
  if (flags.json) return printJson({ tasks, baselines: BASELINE_NAMES, models, variants: BENCH_VARIANTS });
  printTable(
    ["task", "version", "metric", "better", "formula"],
    tasks.flatMap((task) =>
      task.metrics.map((metric) => [
        task.name,
        task.version,
        metric.name,
        metric.higherIsBetter ? "higher" : "lower",
        metric.formula,
      ]),
    ),
  );
  printLine("");
  printTable(
    ["model", "reads", "tasks"],
    models.map(({ name, reads, tasks: answered }) => [
      name,
      reads,
      answered.length === tasks.length ? "all" : answered.join(", "),
    ]),
  );
  printLine(`\nvariants of HeartcareGPT, as in heartcare-nano:blind: ${VARIANT_HELP}`);
}
