// The first half of a build: every recording through the workers, each result logged before the next is asked for.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { appendJsonLine, readJsonLines, repairJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { ProcessResult, ProcessTask, WorkerSetup } from "./process-worker.ts";
import { runOnPool } from "./worker-pool.ts";

/** A line of `skipped.jsonl`. */
export type SkippedRecord = {
  readonly source: string;
  readonly id: string;
  readonly path: string;
  readonly code: string;
  readonly reason: string;
};

export type Processed = {
  /** In the order of the plan. */
  readonly records: readonly DatasetRecord[];
  readonly skipped: readonly SkippedRecord[];
};

type LogLine = { readonly task: number } & ProcessResult;

export type ProcessHooks = {
  readonly workers: number;
  readonly onProgress?: ((done: number, total: number, skipped: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Process what the log of an earlier, interrupted build does not hold yet.
 *
 * `work/` keeps the plan's fingerprint and one line a finished recording; a log of another plan is thrown away.
 */
export async function processSources(
  plan: BuildPlan,
  setup: WorkerSetup,
  hooks: ProcessHooks,
): Promise<Processed> {
  const logPath = join(setup.out, "work", "processed.jsonl");
  const done = await resumeLog(logPath, join(setup.out, "work", "plan.txt"), plan.fingerprint);
  const open = plan.tasks.flatMap((task, index) => (done.has(index) ? [] : [{ task, index }]));
  let skipped = [...done.values()].filter((line) => line.kind === "skipped").length;
  let finished = done.size;
  hooks.onProgress?.(finished, plan.tasks.length, skipped);
  const results = runOnPool<WorkerSetup, ProcessTask, ProcessResult>(
    open.map(({ task }) => task),
    {
      module: new URL("./process-worker.ts", import.meta.url),
      workers: hooks.workers,
      setup,
      signal: hooks.signal,
    },
  );
  for await (const { index, result } of results) {
    const line = { task: open[index]?.index ?? -1, ...result };
    await appendJsonLine(logPath, line);
    done.set(line.task, line);
    if (result.kind === "skipped") skipped++;
    hooks.onProgress?.(++finished, plan.tasks.length, skipped);
  }
  return collect(plan, done);
}

async function resumeLog(
  logPath: string,
  planPath: string,
  fingerprint: string,
): Promise<Map<number, LogLine>> {
  const done = new Map<number, LogLine>();
  const known = await repairJsonLines(planPath);
  if (known.trim() === fingerprint) {
    if ((await repairJsonLines(logPath)) !== "") {
      for await (const line of readJsonLines<LogLine>(logPath)) done.set(line.task, line);
    }
    return done;
  }
  await rm(logPath, { force: true });
  await writeFileAtomic(planPath, `${fingerprint}\n`);
  return done;
}

function collect(plan: BuildPlan, done: ReadonlyMap<number, LogLine>): Processed {
  const records: DatasetRecord[] = [];
  const skipped: SkippedRecord[] = [];
  for (const [index, task] of plan.tasks.entries()) {
    const line = done.get(index);
    if (line?.kind === "record") records.push(line.record);
    if (line?.kind !== "skipped") continue;
    const source = plan.sources[task.sourceIndex]?.name ?? "";
    skipped.push({
      source,
      id: task.reference.id,
      path: task.reference.path,
      code: line.code,
      reason: line.reason,
    });
  }
  return { records, skipped };
}
