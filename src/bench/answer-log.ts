// The log of a run: one line an item, flushed line by line, enough to rescore without the model.
import { open } from "node:fs/promises";
import { z } from "zod";
import { EcgError } from "../shared/errors.ts";

/** What a model answered to one item. */
export type LoggedAnswer = {
  itemId: string;
  task: string;
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
  text: z.string(),
  measures: z.record(z.string(), z.number()).optional(),
  error: z.string().optional(),
  seconds: z.number(),
});

/**
 * Every answer of a log, by item id; none for a missing file. A later line for an item wins (a retried failure).
 * A last line without its newline is left out: it is being written, or a kill cut it. The file is not changed.
 * @throws EcgError INVALID_FILE with the line's number for any other line that is no answer.
 */
export async function readAnswerLog(path: string): Promise<Map<string, LoggedAnswer>> {
  const answers = new Map<string, LoggedAnswer>();
  let number = 0;
  for await (const line of completeLines(path)) {
    number++;
    if (line.trim() === "") continue;
    const answer = parseAnswer(line, `${path}:${number}`);
    answers.set(answer.itemId, answer);
  }
  return answers;
}

/** Lines that end in a newline. */
async function* completeLines(path: string): AsyncGenerator<string> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new EcgError("NOT_FOUND", `${path}: expected a log of answers, got ${cause.code}`, { cause });
  });
  if (!file) return;
  let rest = "";
  for await (const chunk of file.createReadStream({ encoding: "utf8" })) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function parseAnswer(line: string, where: string): LoggedAnswer {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${where}: expected one JSON value, found ${line.slice(0, 60)}`, {
      cause,
    });
  }
  const parsed = loggedAnswerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${where}: ${issue?.path.join(".")}: ${issue?.message}`);
}
