// log.jsonl of a run: one line a log interval or evaluation, cut back to the checkpoint when a run resumes. Node only.
import { join } from "node:path";
import { appendJsonLine, readJsonLines, repairJsonLines, toJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import type { NamedNumbers } from "./training-event.ts";

export type LogLine =
  | {
      readonly kind: "step";
      readonly step: number;
      readonly losses: NamedNumbers;
      readonly learningRate: number;
      readonly gradientNorm: number;
      readonly seconds: number;
    }
  | {
      readonly kind: "evaluation";
      readonly step: number;
      readonly scores: NamedNumbers;
      readonly score: number | null;
      readonly best: boolean;
      readonly seconds: number;
    };

/** Where a run's log lies. */
export function logPath(folder: string): string {
  return join(folder, "log.jsonl");
}

/** Append one line, flushed at once. */
export async function appendLog(folder: string, line: LogLine): Promise<void> {
  await appendJsonLine(logPath(folder), line);
}

/** Every line of a run's log; none when there is no log yet. A half line that a kill left is cut off. */
export async function readLog(folder: string): Promise<LogLine[]> {
  if ((await repairJsonLines(logPath(folder))) === "") return [];
  const lines: LogLine[] = [];
  for await (const line of readJsonLines<LogLine>(logPath(folder))) lines.push(line);
  return lines;
}

/** Take away what was logged after a checkpoint: a resumed run writes it again. */
export async function cutLog(folder: string, step: number): Promise<void> {
  const kept = (await readLog(folder)).filter((line) => line.step <= step);
  await writeFileAtomic(logPath(folder), toJsonLines(kept));
}
