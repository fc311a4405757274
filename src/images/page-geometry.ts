// Where everything of a page stands: sheet, grid, row bands, columns; whole millimetres, large squares aligned.
import { durationSeconds, type EcgRecord } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";
import type { BoxMm } from "./display-list.ts";
import { MAJOR_MM, MINOR_MM, wholeSquares } from "./grid-styles.ts";
import type { ResolvedPageOptions } from "./page-options.ts";

/** A row's share of the grid's height. */
export type Band = {
  readonly topMm: number;
  readonly heightMm: number;
  /** The zero line stands on a multiple of this below the top: heavy lines where the band is made of them. */
  readonly alignMm: number;
};

export type PageGeometry = {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Millimetre paper; multiples of 5 mm in both directions. */
  readonly grid: BoxMm;
  /** Left edge of the first column; the calibration pulse ends here. */
  readonly traceXMm: number;
  readonly calibrationXMm: number;
  readonly columnSeconds: number;
  readonly columnWidthMm: number;
  /** One a row, the rhythm strips last. */
  readonly bands: readonly Band[];
};

export type PageNeeds = {
  readonly columns: number;
  readonly rows: number;
  /** Height of the text above the grid, 0 for none. */
  readonly headerMm: number;
  /** Calibration pulses side by side at the start of a row (0, 1, or 2 where limb and chest gain differ). */
  readonly pulses: number;
};

const SHEETS = {
  A4: { widthMm: 297, heightMm: 210 },
  letter: { widthMm: 279.4, heightMm: 215.9 },
} as const;
/** White edge left of, right of and above what is printed. */
export const PAGE_MARGIN_MM = 6;
const FOOTER_MM = 8;
/** Grid before the calibration pulse and after the last column. */
const SIDE_PAD_MM = 5;
/** Paper that a machine gives to a page's traces: 10 s at 25 mm/s. */
const TRACE_PAPER_MM = 250;
/** `auto` pages grow rather than put rows closer than this. */
const MIN_AUTO_BAND_MM = 12;
/** Rows closer than this show nothing on a page of the caller's size either. */
const MIN_BAND_MM = 3;

/** Seconds of the calibration pulse (5 mm at 25 mm/s). */
export const PULSE_SECONDS = 0.2;

/**
 * Lay out the boxes of a page.
 * @throws EcgError INVALID_OPTION when the strips do not fit a page of the caller's size.
 */
export function planPage(record: EcgRecord, options: ResolvedPageOptions, needs: PageNeeds): PageGeometry {
  const calibrationMm = calibrationWidthMm(options.speedMmPerSecond, needs.pulses);
  const sideMm = 2 * SIDE_PAD_MM + calibrationMm;
  const sheet =
    typeof options.page === "object" ? options.page : SHEETS[options.page === "auto" ? "A4" : options.page];
  const gridRoomMm = floorTo(sheet.widthMm - 2 * PAGE_MARGIN_MM, MAJOR_MM);
  const columnSeconds =
    options.columnSeconds ?? defaultColumnSeconds(record, options, needs, gridRoomMm - sideMm);
  const traceMm = columnSeconds * options.speedMmPerSecond * needs.columns;
  const gridWidthMm = Math.max(gridRoomMm, wholeSquares(traceMm + sideMm));
  if (gridWidthMm > gridRoomMm && options.page !== "auto") throw tooWide(traceMm, gridRoomMm - sideMm);
  const widthMm = Math.max(sheet.widthMm, gridWidthMm + 2 * PAGE_MARGIN_MM);

  const footerMm = options.footer || options.notice !== undefined ? FOOTER_MM : PAGE_MARGIN_MM;
  const outerMm = PAGE_MARGIN_MM + needs.headerMm + footerMm;
  const leastGridMm = options.page === "auto" ? wholeSquares(needs.rows * MIN_AUTO_BAND_MM) : MAJOR_MM;
  const heightMm = options.page === "auto" ? Math.max(sheet.heightMm, outerMm + leastGridMm) : sheet.heightMm;
  const gridHeightMm = floorTo(heightMm - outerMm, MAJOR_MM);
  if (gridHeightMm < Math.max(MAJOR_MM, needs.rows * MIN_BAND_MM)) throw tooLow(needs.rows, gridHeightMm);

  const grid: BoxMm = {
    xMm: (widthMm - gridWidthMm) / 2,
    yMm: heightMm - footerMm - gridHeightMm,
    widthMm: gridWidthMm,
    heightMm: gridHeightMm,
  };
  const spareMm = gridWidthMm - sideMm - Math.max(traceMm, TRACE_PAPER_MM);
  const calibrationXMm = grid.xMm + SIDE_PAD_MM + Math.max(0, floorTo(spareMm / 2, MAJOR_MM));
  return {
    widthMm,
    heightMm,
    grid,
    calibrationXMm,
    traceXMm: calibrationXMm + calibrationMm,
    columnSeconds,
    columnWidthMm: columnSeconds * options.speedMmPerSecond,
    bands: splitBands(grid, needs.rows),
  };
}

/** Room for the pulses with flat paper before, between and after; whole large squares. */
export function calibrationWidthMm(speedMmPerSecond: number, pulses: number): number {
  return pulses === 0 ? 0 : wholeSquares(pulses * PULSE_SECONDS * speedMmPerSecond + MAJOR_MM);
}

function defaultColumnSeconds(
  record: EcgRecord,
  options: ResolvedPageOptions,
  needs: PageNeeds,
  roomMm: number,
): number {
  const leftSeconds = durationSeconds(record) - options.startSeconds;
  const recordSeconds = options.timing === "simultaneous" ? leftSeconds : leftSeconds / needs.columns;
  const paperMm = typeof options.page === "object" ? roomMm : Math.min(TRACE_PAPER_MM, roomMm);
  const paperSeconds = paperMm / options.speedMmPerSecond / needs.columns;
  const seconds = Math.min(recordSeconds, paperSeconds);
  if (!(seconds > 0)) throw tooWide(MAJOR_MM, roomMm);
  return seconds;
}

/**
 * Equal bands, what is left over shared above and below. Whole large squares where that costs less than a tenth
 * of the height, so that zero lines and pulses stand on heavy lines; whole millimetres elsewhere.
 */
function splitBands(grid: BoxMm, rows: number): Band[] {
  const roomMm = grid.heightMm / rows;
  const alignMm = floorTo(roomMm, MAJOR_MM) > 0.9 * roomMm ? MAJOR_MM : MINOR_MM;
  const heightMm = floorTo(roomMm, alignMm);
  const topMm = grid.yMm + floorTo((grid.heightMm - heightMm * rows) / 2, alignMm);
  return Array.from({ length: rows }, (_, row) => ({ topMm: topMm + row * heightMm, heightMm, alignMm }));
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step + 1e-9) * step;
}

function tooWide(traceMm: number, roomMm: number): EcgError {
  return new EcgError(
    "INVALID_OPTION",
    `page: expected strips of at most ${roomMm} mm, got ${Number(traceMm.toFixed(2))} mm`,
    { hint: "fewer columnSeconds, a lower speed, a wider page, or page auto", details: { traceMm, roomMm } },
  );
}

function tooLow(rows: number, gridHeightMm: number): EcgError {
  return new EcgError(
    "INVALID_OPTION",
    `page: expected a grid of at least ${rows * MIN_BAND_MM} mm for ${rows} rows, got ${gridHeightMm} mm`,
    { hint: "a higher page or a shorter header", details: { rows, gridHeightMm } },
  );
}
