// heartcare bench list: tasks with their metrics, and the models that need no weights.
import type { Command } from "commander";
import { BASELINE_NAMES } from "../../bench/baselines/make-baseline.ts";
import { BENCH_TASKS } from "../../bench/tasks/index.ts";
import { printJson, printLine, printTable } from "../print.ts";

/** Register the command. */
export function registerBenchList(parent: Command): void {
  parent
    .command("list")
    .description("tasks of the benchmark and the baselines that can be run")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  heartcare bench list")
    .action((flags: { readonly json?: boolean }) => {
      const tasks = BENCH_TASKS.map(({ name, version, title, metrics }) => ({
        name,
        version,
        title,
        metrics,
      }));
      if (flags.json) return printJson({ tasks, baselines: BASELINE_NAMES });
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
      printLine(`\nbaselines: ${BASELINE_NAMES.join(", ")}`);
    });
}
