// JSON Lines: one JSON value a line, appended and flushed line by line. Node only.
import { createReadStream } from "node:fs";
import { appendFile, mkdir, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { EcgError } from "./errors.ts";

/** Append one value as a line; makes the folder. */
export async function appendJsonLine(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(value)}\n`);
}

/** Values as JSON Lines text, ending in a newline unless empty. */
export function toJsonLines(values: Iterable<unknown>): string {
  let text = "";
  for (const value of values) text += `${JSON.stringify(value)}\n`;
  return text;
}

/**
 * Every value of a file, one at a time: memory does not grow with the file.
 * @throws EcgError INVALID_FILE with the line's number when a line is no JSON.
 */
export async function* readJsonLines<T>(path: string): AsyncGenerator<T> {
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line.trim() === "") continue;
    yield parseLine<T>(line, path, number);
  }
}

/** Cut a last line that a kill left without its newline. Returns the complete text, "" for no file. */
export async function repairJsonLines(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  if (complete.length < text.length) await truncate(path, Buffer.byteLength(complete));
  return complete;
}

function parseLine<T>(line: string, path: string, number: number): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}:${number}: expected one JSON value, found ${line.slice(0, 60)}`,
      {
        hint: "the line may have been cut by a kill; remove it",
        cause,
      },
    );
  }
}
