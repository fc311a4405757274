// Comma-separated tables with quotes, multi-line fields, CRLF and a byte order mark. RFC 4180, read as Python's csv does.
import { EcgError } from "../../shared/errors.ts";

/** One row of a table with the line of the file on which it begins (from 1). */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

export type CsvOptions = {
  /** One character between cells; default ",". */
  readonly delimiter?: string;
  /** What the errors call the text, usually its path; default "csv". */
  readonly where?: string;
};

export type CsvTableOptions = CsvOptions & {
  /** Columns without which the table is not what the caller takes it for. */
  readonly required?: readonly string[];
};

/** A row by column name. */
export type CsvRecord = { readonly line: number; readonly values: Readonly<Record<string, string>> };

/** A table with a header row. */
export type CsvTable = { readonly columns: readonly string[]; readonly rows: readonly CsvRecord[] };

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Split a text into rows of cells.
 *
 * Cells may be quoted; inside quotes a doubled quote is one quote and line ends are kept as they are.
 * Rows end with LF, CRLF or CR; empty lines are left out; a byte order mark is dropped. A quote in the
 * middle of an unquoted cell is an ordinary character, as in Python's csv and in spreadsheets.
 * @throws EcgError INVALID_FILE when a quote is never closed (names the line that opened it).
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRow[] {
  const delimiter = (options.delimiter ?? ",").charCodeAt(0);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const endRow = (): void => {
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: rowLine, cells });
    cells = [];
  };
  while (at < text.length) {
    const cell = text.charCodeAt(at) === QUOTE ? quotedCell(text, at) : bareCell(text, at, delimiter);
    if (!cell) {
      throw new EcgError(
        "INVALID_FILE",
        `${options.where ?? "csv"} line ${line}: expected a closing quote, found the end of the file`,
        { hint: "the file looks truncated; fetch it again", details: { line } },
      );
    }
    // After a closing quote Python appends whatever follows up to the delimiter; so do we.
    const rest = bareCell(text, cell.next, delimiter);
    cells.push(cell.value + rest.value);
    line += cell.lines;
    at = rest.next;
    const code = text.charCodeAt(at);
    if (code === delimiter) {
      at++;
      if (at === text.length) cells.push("");
      continue;
    }
    if (code === CR && text.charCodeAt(at + 1) === LF) at++;
    at++;
    line++;
    endRow();
    rowLine = line;
  }
  if (cells.length > 0) endRow();
  return rows;
}

/**
 * A table whose first row names the columns; every row must have as many cells.
 * @throws EcgError INVALID_FILE for a missing required column, a row of another width, an empty text.
 */
export function parseCsvTable(text: string, options: CsvTableOptions = {}): CsvTable {
  const where = options.where ?? "csv";
  const [header, ...body] = parseCsv(text, options);
  if (!header) throw new EcgError("INVALID_FILE", `${where}: expected a header row, found an empty file`);
  const columns = header.cells.map((name) => name.trim());
  const missing = (options.required ?? []).filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected the columns ${missing.join(", ")}, found ${columns.join(", ")}`,
      { hint: "this is another table, or one of its columns was renamed", details: { missing, columns } },
    );
  }
  const rows = body.map(({ line, cells }) => {
    if (cells.length !== columns.length) {
      throw new EcgError(
        "INVALID_FILE",
        `${where} line ${line}: expected ${columns.length} cells, found ${cells.length}`,
        { hint: "a quote or a delimiter is missing, or the file was cut", details: { line } },
      );
    }
    const values: Record<string, string> = {};
    for (const [index, name] of columns.entries()) values[name] = cells[index] ?? "";
    return { line, values };
  });
  return { columns, rows };
}

type Cell = { readonly value: string; readonly next: number; readonly lines: number };

function bareCell(text: string, start: number, delimiter: number): Cell {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === delimiter || code === LF || code === CR) break;
  }
  return { value: text.slice(start, end), next: end, lines: 0 };
}

function quotedCell(text: string, start: number): Cell | undefined {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    value += text.slice(from, quote);
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      return { value, next: quote + 1, lines: (value.match(/\r\n|\n|\r/g) ?? []).length };
    }
    value += '"';
    from = quote + 2;
  }
}
