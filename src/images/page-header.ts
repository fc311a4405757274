// The text above the grid: who and when at the left, measurements in the middle, statements at the right.
import type { EcgRecord, Sex } from "../record/ecg-record.ts";
import { type BoxMm, createText, type FontWeight, type TextItem } from "./display-list.ts";
import { fitText, textWidthMm, wrapText } from "./measure-text.ts";

/** Undefined is left out of the page; null (or NaN) is printed as `--`: looked for and not found. */
export type Measured = number | null | undefined;

export type PageMeasurements = {
  readonly heartRateBpm?: Measured;
  readonly prMs?: Measured;
  readonly qrsMs?: Measured;
  readonly qtMs?: Measured;
  readonly qtcMs?: Measured;
  readonly pAxisDegrees?: Measured;
  readonly qrsAxisDegrees?: Measured;
  readonly tAxisDegrees?: Measured;
};

/** Everything is optional: what is absent is not printed, so that a page for training can be free of identity. */
export type PageHeader = {
  /** Hospital, study or kind of recording; the first line, in bold. */
  readonly title?: string | undefined;
  readonly id?: string | undefined;
  readonly ageYears?: number | undefined;
  readonly sex?: Sex | undefined;
  /** ISO 8601; printed as date and time to the second. */
  readonly acquiredAt?: string | undefined;
  readonly measurements?: PageMeasurements | undefined;
  /** Findings, one a line; long ones are wrapped, the last shown line ends in an ellipsis when some are left. */
  readonly statements?: readonly string[] | undefined;
};

const TEXT_COLOR = "#16161c";
const TEXT_MM = 2.9;
const BOLD_MM = 3.6;
const LINE_MM = 4;
const BOLD_LINE_MM = 4.8;
/** White between the last line and the grid. */
const BELOW_MM = 2.5;
const MAX_STATEMENT_LINES = 7;

/**
 * The header of a record: id, age, sex, date, measurements when given, and the names of its statements.
 * It identifies the patient; leave `header` out of the page options where that is not wanted.
 */
export function headerFromRecord(record: EcgRecord, measurements?: PageMeasurements): PageHeader {
  return {
    id: record.patient.id ?? record.id,
    ageYears: record.patient.ageYears,
    sex: record.patient.sex,
    acquiredAt: record.acquiredAt,
    measurements,
    statements: record.statements.map((statement) => statement.name),
  };
}

/** Height that a header takes above the grid, 0 when it has nothing to print. */
export function headerHeightMm(header: PageHeader | undefined): number {
  if (header === undefined) return 0;
  const left = patientLines(header).reduce((sum, line) => sum + line.heightMm, 0);
  const middle = measurementRows(header.measurements).length * LINE_MM;
  const right = Math.min(MAX_STATEMENT_LINES, header.statements?.length ?? 0) * LINE_MM;
  const tallest = Math.max(left, middle, right);
  return tallest === 0 ? 0 : tallest + BELOW_MM;
}

/** The header's lines inside `box`, whose height is that of {@link headerHeightMm}. */
export function drawHeader(header: PageHeader | undefined, box: BoxMm): TextItem[] {
  if (header === undefined || box.heightMm === 0) return [];
  const column = (from: number, to: number): BoxMm => ({
    ...box,
    xMm: box.xMm + from * box.widthMm,
    widthMm: (to - from) * box.widthMm,
  });
  const hasMeasurements = measurementRows(header.measurements).length > 0;
  return [
    ...drawPatient(header, column(0, 0.3)),
    ...drawMeasurements(header.measurements, column(0.32, 0.56)),
    ...drawStatements(header.statements ?? [], hasMeasurements ? column(0.58, 1) : column(0.32, 1)),
  ];
}

type HeaderLine = { readonly text: string; readonly bold: boolean; readonly heightMm: number };

function patientLines(header: PageHeader): HeaderLine[] {
  const lines: HeaderLine[] = [];
  const add = (text: string | undefined, bold: boolean): void => {
    if (text !== undefined && text !== "")
      lines.push({ text, bold, heightMm: bold ? BOLD_LINE_MM : LINE_MM });
  };
  add(header.title, true);
  add(header.id === undefined ? undefined : `ID: ${header.id}`, header.title === undefined);
  const age = header.ageYears === undefined ? undefined : `${formatAge(header.ageYears)}`;
  const sex = header.sex === undefined ? undefined : header.sex === "female" ? "Female" : "Male";
  add([age, sex].filter((part) => part !== undefined).join("   "), false);
  add(formatDateTime(header.acquiredAt), false);
  return lines;
}

function drawPatient(header: PageHeader, box: BoxMm): TextItem[] {
  const items: TextItem[] = [];
  let top = box.yMm;
  for (const line of patientLines(header)) {
    const sizeMm = line.bold ? BOLD_MM : TEXT_MM;
    const weight = line.bold ? "bold" : "regular";
    items.push(
      textLine(fitText(line.text, box.widthMm, sizeMm, weight), box.xMm, top + sizeMm, { sizeMm, weight }),
    );
    top += line.heightMm;
  }
  return items;
}

/** Name, value and unit of each measurement that is to be printed. */
function measurementRows(measurements: PageMeasurements | undefined): [string, string, string][] {
  if (measurements === undefined) return [];
  const { heartRateBpm, prMs, qrsMs, qtMs, qtcMs, pAxisDegrees, qrsAxisDegrees, tAxisDegrees } = measurements;
  const rows: [string, string, string][] = [];
  const add = (name: string, unit: string, values: readonly Measured[]): void => {
    const shown = values.filter((value) => value !== undefined);
    if (shown.length > 0)
      rows.push([name, shown.map(formatMeasured).join(values.length === 2 ? " / " : "  "), unit]);
  };
  const joined = (names: readonly string[], values: readonly Measured[], separator: string): string =>
    names.filter((_name, index) => values[index] !== undefined).join(separator);
  add("Vent. rate", "bpm", [heartRateBpm]);
  add("PR interval", "ms", [prMs]);
  add("QRS duration", "ms", [qrsMs]);
  add(joined(["QT", "QTc"], [qtMs, qtcMs], "/"), "ms", [qtMs, qtcMs]);
  const axes = [pAxisDegrees, qrsAxisDegrees, tAxisDegrees];
  add(`${joined(["P", "QRS", "T"], axes, "-")} axis`, "°", axes);
  return rows;
}

function drawMeasurements(measurements: PageMeasurements | undefined, box: BoxMm): TextItem[] {
  const rows = measurementRows(measurements);
  const nameMm = Math.max(0, ...rows.map(([name]) => textWidthMm(name, TEXT_MM, "regular")));
  const valueMm = Math.max(0, ...rows.map(([, value]) => textWidthMm(value, TEXT_MM, "regular")));
  const valueEnd = box.xMm + nameMm + 4 + valueMm;
  return rows.flatMap(([name, value, unit], row) => {
    const baseline = box.yMm + row * LINE_MM + BOLD_MM;
    return [
      textLine(name, box.xMm, baseline, {}),
      textLine(value, valueEnd, baseline, { anchor: "end" }),
      textLine(unit, valueEnd + 1.2, baseline, {}),
    ];
  });
}

function drawStatements(statements: readonly string[], box: BoxMm): TextItem[] {
  const roomLines = Math.max(1, Math.floor((box.heightMm - BELOW_MM + 0.01) / LINE_MM));
  const lines = statements.flatMap((text) => wrapText(text, box.widthMm, TEXT_MM, "regular"));
  const shown = lines.slice(0, roomLines);
  if (lines.length > roomLines) {
    shown[roomLines - 1] = fitText(`${shown[roomLines - 1]} …`, box.widthMm, TEXT_MM, "regular");
  }
  return shown.map((text, row) => textLine(text, box.xMm, box.yMm + row * LINE_MM + BOLD_MM, {}));
}

function textLine(
  text: string,
  xMm: number,
  yMm: number,
  style: { readonly sizeMm?: number; readonly weight?: FontWeight; readonly anchor?: "start" | "end" },
): TextItem {
  return createText(text, xMm, yMm, { role: "header", sizeMm: TEXT_MM, color: TEXT_COLOR, ...style });
}

function formatMeasured(value: Measured): string {
  return value === undefined || value === null || !Number.isFinite(value) ? "--" : String(Math.round(value));
}

function formatAge(years: number): string {
  if (!Number.isFinite(years)) return "-- years";
  if (years < 2) return `${Math.round(years * 12)} months`;
  return `${Math.floor(years)} years`;
}

/** `1984-11-09T09:17:34` -> `1984-11-09 09:17:34`; anything else as it stands. */
function formatDateTime(iso: string | undefined): string | undefined {
  const match = iso === undefined ? null : /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]}`;
}
