// The log of a run: one line an item, flushed line by line, enough to rescore without the model.
import { z } from "zod";
import { EcgError } from "../shared/errors.ts";
import { readJsonLines } from "../shared/json-lines.ts";

/** What a model answered to one item. */
export type LoggedAnswer = {
  itemId: string;
  task: string;
  patientId: string;
  /** The answer's text, "" when it failed. */
  text: string;
  /** Numbers that need the signal and were computed while it was at hand (forecast errors). */
  measures?: Record<string, number> | undefined;
  /** Why there is no answer. Counts as wrong. */
  error?: string | undefined;
  seconds: number;
};

const loggedAnswerSchema: z.ZodType<LoggedAnswer> = z.strictObject({
  itemId: z.string(),
  task: z.string(),
  patientId: z.string(),
  text: z.string(),
  measures: z.record(z.string(), z.number()).optional(),
  error: z.string().optional(),
  seconds: z.number(),
});

/** Every answer of a log, by item id. A later line for an item wins (a retried failure). */
export async function readAnswerLog(path: string): Promise<Map<string, LoggedAnswer>> {
  const answers = new Map<string, LoggedAnswer>();
  for await (const line of readJsonLines<unknown>(path)) {
    const parsed = loggedAnswerSchema.safeParse(line);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new EcgError("INVALID_FILE", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
    }
    answers.set(parsed.data.itemId, parsed.data);
  }
  return answers;
}
