// The five tasks of Heartcare-Bench.
import type { BenchTask } from "../task.ts";
import { closedQa } from "./closed-qa/task.ts";
import { comparisonQa } from "./comparison-qa/task.ts";
import { openQa } from "./open-qa/task.ts";
import { prediction } from "./prediction/task.ts";
import { report } from "./report/task.ts";

/** Every task by its name. */
export const BENCH_TASKS: readonly BenchTask[] = [closedQa, openQa, comparisonQa, report, prediction];

/** The task of an item. */
export function taskNamed(name: string): BenchTask | undefined {
  return BENCH_TASKS.find((task) => task.name === name);
}
