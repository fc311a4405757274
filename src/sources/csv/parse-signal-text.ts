// Columns of numbers in a text: header lines, delimiter and decimal mark are found from the text itself.
import { EcgError } from "../../shared/errors.ts";
import { parseCsv } from "./parse-csv.ts";

/** The numbers of a text, column by column, as it has them. */
export type SignalText = {
  /** Lines at the top that begin with `#`, without it. */
  readonly comments: readonly string[];
  /** Cells of the header row (and of a row of units below it); absent when the text begins with numbers. */
  readonly header?: readonly string[];
  readonly units?: readonly string[];
  /** One array a column; NaN where a cell is empty or says NaN, NA or null. Clock times are seconds. */
  readonly columns: readonly Float64Array[];
  /** Digits after the decimal mark in the first column's first cells: how finely a time is written. */
  readonly firstColumnDecimals: number;
};

type Line = { readonly text: string; readonly number: number };
type Delimiter = "," | ";" | "\t" | " " | undefined;

const MISSING = /^(nan|na|n\/a|null|none)?$/i;
const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/;

/**
 * Read a text of numbers.
 *
 * Delimiters: comma, semicolon, tab or blanks, whichever every line has; with any but the comma, `0,5` is a
 * half. A first row of words is a header, a second one its units (as `rdsamp -c -H -v` writes them).
 * @throws EcgError INVALID_FILE for a text cell among numbers (line and column), a row of another width,
 *   a text without numbers.
 */
export function parseSignalText(text: string, where: string): SignalText {
  const { comments, lines } = splitLines(text);
  const delimiter = findDelimiter(lines);
  const { header, units, body } = takeHeader(lines, delimiter);
  const first = body[0];
  if (!first) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected rows of numbers, found ${lines.length} lines without`,
      {
        hint: "is this a signal file?",
      },
    );
  }
  const width = header?.length ?? splitCells(first.text, delimiter).length;
  const columns = Array.from({ length: width }, () => new Float64Array(body.length));
  for (const [row, line] of body.entries()) {
    const cells = splitCells(line.text, delimiter);
    if (cells.length !== width) {
      throw new EcgError(
        "INVALID_FILE",
        `${where} line ${line.number}: expected ${width} cells, found ${cells.length}`,
        { hint: "the row was cut or has a delimiter too many", details: { line: line.number } },
      );
    }
    for (let column = 0; column < width; column++) {
      const value = readNumber(cells[column]!, delimiter);
      if (value === undefined) throw textCell(where, line.number, column, header?.[column], cells[column]!);
      columns[column]![row] = value;
    }
  }
  return {
    comments,
    ...(header && { header }),
    ...(units && { units }),
    ...dropEmptyLastColumn(columns, header),
    firstColumnDecimals: countDecimals(body.slice(0, 50), delimiter),
  };
}

function splitLines(text: string): { comments: string[]; lines: Line[] } {
  const comments: string[] = [];
  const lines: Line[] = [];
  let number = 0;
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)) {
    number++;
    if (raw.startsWith("#") && lines.length === 0) comments.push(raw.replace(/^#+/, "").trim());
    else if (raw.trim() !== "") lines.push({ text: raw, number });
  }
  return { comments, lines };
}

/** The delimiter that at least half of the first lines have; ";" and tab win over ",", which may be a decimal mark. */
function findDelimiter(lines: readonly Line[]): Delimiter {
  const sample = lines.slice(0, 50);
  for (const delimiter of ["\t", ";", ","] as const) {
    const having = sample.filter((line) => line.text.includes(delimiter)).length;
    if (having > 0 && having * 2 >= sample.length) return delimiter;
  }
  const last = sample.at(-1);
  return last !== undefined && /\S\s+\S/.test(last.text) ? " " : undefined;
}

function splitCells(text: string, delimiter: Delimiter): string[] {
  if (delimiter === undefined) return [text];
  return delimiter === " " ? text.trim().split(/\s+/) : text.split(delimiter);
}

function readNumber(cell: string, delimiter: Delimiter): number | undefined {
  const value = cell === "" ? Number.NaN : Number(cell);
  if (Number.isFinite(value) && cell.trim() !== "") return value;
  const bare = unquote(cell);
  if (MISSING.test(bare)) return Number.NaN;
  const unquoted = Number(bare);
  if (Number.isFinite(unquoted)) return unquoted;
  if (delimiter !== "," && delimiter !== undefined && /^[-+]?\d*,\d+$/.test(bare))
    return Number(bare.replace(",", "."));
  const clock = CLOCK.exec(bare);
  return clock ? (Number(clock[1] ?? 0) * 60 + Number(clock[2])) * 60 + Number(clock[3]) : undefined;
}

function unquote(cell: string): string {
  return cell
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();
}

function takeHeader(
  lines: readonly Line[],
  delimiter: Delimiter,
): { header?: readonly string[]; units?: readonly string[]; body: readonly Line[] } {
  const names = wordsOf(lines[0], delimiter);
  if (!names) return { body: lines };
  const units = wordsOf(lines[1], delimiter);
  if (!units || units.length !== names.length) return { header: names, body: lines.slice(1) };
  return { header: names, units, body: lines.slice(2) };
}

/** The cells of a line that holds words and no number at all, else undefined. */
function wordsOf(line: Line | undefined, delimiter: Delimiter): readonly string[] | undefined {
  if (!line) return undefined;
  const cells =
    delimiter === undefined || delimiter === " "
      ? splitCells(line.text, delimiter)
      : (parseCsv(line.text, { delimiter })[0]?.cells ?? []);
  const bare = cells.map(unquote);
  const words = bare.filter((cell) => readNumber(cell, delimiter) === undefined);
  const numbers = bare.filter((cell) => Number.isFinite(readNumber(cell, delimiter)));
  return words.length > 0 && numbers.length === 0 ? bare : undefined;
}

function textCell(
  where: string,
  line: number,
  column: number,
  name: string | undefined,
  cell: string,
): EcgError {
  const label = name ? `column ${column + 1} (${name})` : `column ${column + 1}`;
  return new EcgError(
    "INVALID_FILE",
    `${where} line ${line}, ${label}: expected a number, found ${JSON.stringify(cell.trim().slice(0, 40))}`,
    {
      hint: "correct the cell, or leave it empty for a missing sample",
      details: { line, column: column + 1 },
    },
  );
}

/** Rows that end in a delimiter have one empty column too many. */
function dropEmptyLastColumn(
  columns: readonly Float64Array[],
  header: readonly string[] | undefined,
): { columns: readonly Float64Array[]; header?: readonly string[] } {
  const last = columns.at(-1);
  const empty = columns.length > 1 && last?.every(Number.isNaN) && (header?.at(-1) ?? "") === "";
  if (!empty) return { columns };
  return { columns: columns.slice(0, -1), ...(header && { header: header.slice(0, -1) }) };
}

function countDecimals(lines: readonly Line[], delimiter: Delimiter): number {
  const mark = delimiter === "," ? /\.(\d+)/ : /[.,](\d+)/;
  return lines.reduce((most, line) => {
    const digits = mark.exec(unquote(splitCells(line.text, delimiter)[0] ?? ""))?.[1]?.length ?? 0;
    return Math.max(most, digits);
  }, 0);
}
