// What commands print: data on stdout, everything else on stderr.
import { EcgError, errorMessage } from "../shared/errors.ts";

/** One line of data for people. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Data for programs: one JSON document. NaN and infinities become null as in JSON.stringify. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A remark for the person who waits. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** An aligned table; numbers are right-aligned. */
export function printTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const text = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...text.map((row) => (row[column] ?? "").length)));
  const right = header.map((_, column) => rows.length > 0 && rows.every((row) => isNumeric(row[column])));
  for (const [index, row] of text.entries()) {
    const cells = row.map((cell, column) =>
      right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    printLine(cells.join("  ").trimEnd());
    if (index === 0) printLine(widths.map((width) => "-".repeat(width)).join("  "));
  }
}

/** One sentence, the hint, and with `debug` the stack and causes. */
export function printError(error: unknown, debug: boolean): void {
  printNote(`error: ${errorMessage(error)}`);
  if (EcgError.isInstance(error) && error.hint) printNote(`hint: ${error.hint}`);
  if (!debug) return;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    printNote(cause.stack ?? cause.message);
}

function isNumeric(cell: string | number | undefined): boolean {
  return typeof cell === "number" || (cell !== undefined && /^[-+]?[\d.,]+ ?%?$|^[-–]?$/.test(cell));
}
