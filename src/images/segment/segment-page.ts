// From the picture of an ECG page to its strips: ink, grid, pulses, labels, rows, columns, traces.
import { EcgError } from "../../shared/errors.ts";
import type { AmplitudeUnit } from "../default-gain.ts";
import { medianOf } from "../fit-zero-line.ts";
import { isLimbLead, leadPlaces } from "../lead-layouts.ts";
import type { PixelBox } from "../palette-painter.ts";
import { type ColumnRuns, columnRuns } from "./column-runs.ts";
import { findPieces, type InkPiece, type InkPieces } from "./find-components.ts";
import { findGrid } from "./find-grid.ts";
import { findPulses, gainOfPulse, type Pulse, speedOfPulse } from "./find-pulses.ts";
import { findRows, type PageRows, pulseStack } from "./find-rows.ts";
import { followTrace, type TracePath } from "./follow-trace.ts";
import { measureTrace, medianHeight, strokeWidth } from "./measure-trace.ts";
import { type NamedStrip, nameStrips } from "./name-leads.ts";
import type { PageSegmentation, ScaleSource, SegmentedStrip, SegmentHints } from "./page-segmentation.ts";
import { type ColumnPlan, labelsOfStrips, planColumns } from "./plan-columns.ts";
import { planFromText, reachLastColumn } from "./plan-from-text.ts";
import { type InkMap, type PagePicture, readInk } from "./read-ink.ts";
import { type PageLabel, readLabels } from "./read-labels.ts";
import { labelsFromText, piecesOfText } from "./text-pieces.ts";

/** Traces are pieces of ink at least this wide. */
const LEAST_TRACE_MM = 6;
/** A page has at least this much trace. */
const LEAST_EXTENT_MM = 20;
/** Pieces of ink a pixel, beyond which a picture is noise. */
const MOST_PIECES_PART = 0.01;
/** A page without grid and pulses names at least so many leads. */
const FEWEST_NAMED = 4;
const MOST_INK_PART = 0.25;
/** A strip with ink in fewer of its columns than this holds no trace. */
const LEAST_TRACE_PART = 0.15;
/** A pulse of so many mm or fewer stands for a standard deviation: paper has 1 mV at 5, 10 or 20 mm. */
const LARGEST_SD_GAIN = 2.5;
const SHEETS_MM = [297, 279.4] as const;

/**
 * Find the leads on the picture of an ECG page.
 *
 * The scale is read from the millimetre paper (else `hints.pxPerMm`, else a page of A4 or letter width is
 * assumed), paper speed and gain from the page's text, else from the calibration pulses (else 25 mm/s and 10 mm/mV
 * are assumed); `sources` says which. Made for upright, evenly lit pages: there is no correction of rotation or perspective.
 * @throws EcgError INVALID_FILE where the picture shows no ECG; INVALID_OPTION or SHAPE_MISMATCH for a picture
 * that is too small or whose sizes and pixels disagree.
 */
export function segmentPage(image: PagePicture, hints: SegmentHints = {}): PageSegmentation {
  const ink = readInk(image);
  if (ink.inkPart === 0) throw noEcg("no ink on the paper");
  if (ink.inkPart > MOST_INK_PART) throw noEcg(`${Math.round(ink.inkPart * 100)} % of it dark`);
  const grid = findGrid(ink);
  const scale = pageScale(ink, grid?.pxPerMm, hints);
  const { pxPerMm } = scale;
  const found = findPieces(ink);
  if (found.pieces.length > MOST_PIECES_PART * ink.widthPx * ink.heightPx) throw noEcg("specks all over");
  const pulses = findPulses(found, pxPerMm);
  const written = labelsFromText(hints.text, found.pieces);
  const labels = written ?? evenLabels(readLabels(ink, piecesInside(found.pieces, grid?.box), pxPerMm));
  const words = piecesOfText(hints.text, found.pieces);
  const leastX = written === undefined ? 0 : Math.min(...written.map(({ fromX }) => fromX));
  const traces = tracePieces(found, ink, pulses, { pxPerMm, box: grid?.box, words, leastX });
  const stack = pulseStack(pulses, pxPerMm);
  const traced = traceEdges(found.pieces, traces, stack, pxPerMm);
  const edges = written === undefined ? traced : withinPage(reachLastColumn(traced, written, pxPerMm), ink);
  const places =
    hints.layout === undefined ? undefined : leadPlaces(hints.layout, hints.limbOrder ?? "standard");
  const traceRuns = columnRuns(found.runs, ink.widthPx, (piece) => traces.has(piece));
  const strokePx = strokeWidth(ink, traceRuns, edges);
  // A stroke's round end reaches half its width beyond the first sample, less what is too pale for ink.
  const capPx = Math.max(0, strokePx / 2 - 0.2);
  const extent = { fromX: edges.fromX + capPx, toX: edges.toX - capPx };
  const rows = findRows(traceRuns, edges, stack, {
    heightPx: ink.heightPx,
    pxPerMm,
    named: leftLabels(labels, edges.fromX, pxPerMm),
  });
  if (rows.zeroLinesPx.length === 0) throw noEcg("no rows of traces");
  const marks = { pieces: piecesInside(found.pieces, grid?.box), labels, pxPerMm };
  const forced =
    places === undefined ? undefined : { leadRows: places.length, columns: places[0]?.length ?? 1 };
  const known = forced === undefined && written !== undefined;
  const plan =
    (known ? planFromText(rows, extent, written, pxPerMm) : undefined) ??
    planColumns(rows, extent, marks, forced);
  const named = nameStrips(plan, labelsOfStrips(rows, plan, marks), places);
  const calibrated = calibrate(rows, hints);
  const isTrace = inkOfTraces(found.pieces, labels, pulses, plan, pxPerMm);
  const runs = columnRuns(found.runs, ink.widthPx, (piece) => isTrace(piece) && !words.has(piece));
  const strips = traceStrips(ink, runs, named, { rows, plan, pxPerMm, strokePx, ...calibrated });
  if (strips.every(({ missing }) => missing)) throw noEcg("no trace in any strip");
  const sources = { pxPerMm: scale.source, ...calibrated.sources };
  const namedCount = strips.filter(({ labelRead }) => labelRead).length;
  const unseen = Object.values(sources).every((source) => source === "assumed" || source === "text");
  if (unseen && namedCount < FEWEST_NAMED) {
    throw noEcg(`no grid, no calibration pulse and the names of ${namedCount} leads`);
  }
  return {
    widthPx: ink.widthPx,
    heightPx: ink.heightPx,
    pxPerMm,
    strokePx,
    speedMmPerSecond: calibrated.speedMmPerSecond,
    gainMmPerMv: calibrated.gainMmPerMv,
    amplitudeUnit: calibrated.amplitudeUnit,
    sources,
    rows: rows.zeroLinesPx.length,
    columns: plan.columns,
    strips,
  };
}

function withinPage<Edges extends { readonly toX: number }>(edges: Edges, { widthPx }: InkMap): Edges {
  return { ...edges, toX: Math.min(edges.toX, widthPx - 1) };
}

function noEcg(got: string): EcgError {
  return new EcgError("INVALID_FILE", `page picture: expected traces of an ECG on paper, found ${got}`, {
    hint: "give an upright scan, screenshot or rendering of one ECG page, dark traces on light paper",
  });
}

function pageScale(
  ink: InkMap,
  gridPxPerMm: number | undefined,
  hints: SegmentHints,
): { readonly pxPerMm: number; readonly source: ScaleSource } {
  if (hints.pxPerMm !== undefined) {
    if (!(hints.pxPerMm >= 1 && hints.pxPerMm <= 100)) {
      throw new EcgError("INVALID_OPTION", `pxPerMm: expected 1 to 100, got ${hints.pxPerMm}`);
    }
    return { pxPerMm: hints.pxPerMm, source: "hint" };
  }
  if (gridPxPerMm !== undefined) return { pxPerMm: gridPxPerMm, source: "grid" };
  const widthMm = ink.widthPx / ink.heightPx > 1.35 ? SHEETS_MM[0] : SHEETS_MM[1];
  return { pxPerMm: ink.widthPx / widthMm, source: "assumed" };
}

function piecesInside(pieces: readonly InkPiece[], box: PixelBox | undefined): InkPiece[] {
  return pieces.filter((piece) => box === undefined || isInside(piece, box));
}

function isInside(piece: InkPiece, box: PixelBox): boolean {
  const [x, y] = [(piece.fromX + piece.toX) / 2, (piece.fromY + piece.toY) / 2];
  return x >= box.fromX && x <= box.toX && y >= box.fromY && y <= box.toY;
}

/** How many labels stand where the first column starts. */
function leftLabels(labels: readonly PageLabel[], fromX: number, pxPerMm: number): number {
  return labels.filter((label) => label.fromX > fromX - 16 * pxPerMm && label.fromX < fromX + 8 * pxPerMm)
    .length;
}

/** Labels of a page are of one size; a tick taken for an I is not. */
function evenLabels(labels: readonly PageLabel[]): PageLabel[] {
  const height = medianOf(labels.map(({ fromY, toY }) => toY - fromY));
  return labels.filter(({ fromY, toY }) => Math.abs(toY - fromY - height) <= Math.max(1, 0.2 * height));
}

type TraceRules = {
  readonly pxPerMm: number;
  readonly box: PixelBox | undefined;
  /** Pieces of texts. */
  readonly words: ReadonlySet<number>;
  /** What ends before the first lead name is a rule beside the ECG. */
  readonly leastX: number;
};

/** Wide pieces of ink that are neither pulses nor ruled lines. */
function tracePieces(
  { runs, pieces }: InkPieces,
  ink: InkMap,
  pulses: readonly Pulse[],
  { pxPerMm, box, words, leastX }: TraceRules,
): Set<number> {
  const longest = new Float64Array(pieces.length);
  for (let run = 0; run < runs.count; run++) {
    const length = runs.toX[run]! - runs.fromX[run]!;
    if (length > longest[runs.piece[run]!]!) longest[runs.piece[run]!] = length;
  }
  const isPulse = new Set(pulses.map(({ piece }) => piece.index));
  return new Set(
    pieces
      .filter((piece) => {
        if (piece.toX - piece.fromX < LEAST_TRACE_MM * pxPerMm || isPulse.has(piece.index)) return false;
        if (words.has(piece.index) || piece.toX <= leastX) return false;
        if (box !== undefined && !isInside(piece, box)) return false;
        return longest[piece.index]! < 0.8 * ink.widthPx || piece.toY - piece.fromY < 2 * pxPerMm;
      })
      .map(({ index }) => index),
  );
}

function traceEdges(
  pieces: readonly InkPiece[],
  traces: Set<number>,
  pulses: readonly Pulse[],
  pxPerMm: number,
): { readonly fromX: number; readonly toX: number } {
  // Pulses of neighbouring rows that touch are one piece without a pulse's shape.
  const pulsesEnd = pulses.length < 2 ? 0 : medianOf(pulses.map(({ piece }) => piece.toX)) + 0.5 * pxPerMm;
  let [fromX, toX] = [Number.POSITIVE_INFINITY, 0];
  for (const index of traces) {
    if (pieces[index]!.toX <= pulsesEnd) traces.delete(index);
  }
  for (const index of traces) {
    fromX = Math.min(fromX, pieces[index]!.fromX);
    toX = Math.max(toX, pieces[index]!.toX);
  }
  if (!(toX - fromX >= LEAST_EXTENT_MM * pxPerMm)) throw noEcg("no line that runs across it");
  return { fromX, toX };
}

/** Everything that may belong to a trace: not the pulses, the labels and what stands left of the first column. */
function inkOfTraces(
  pieces: readonly InkPiece[],
  labels: readonly PageLabel[],
  pulses: readonly Pulse[],
  plan: ColumnPlan,
  pxPerMm: number,
): (piece: number) => boolean {
  const out = new Set([
    ...labels.flatMap((label) => label.pieces.map(({ index }) => index)),
    ...pulses.map(({ piece }) => piece.index),
  ]);
  for (const piece of pieces) {
    if (piece.toX <= plan.fromX) out.add(piece.index);
    const narrow = piece.toX - piece.fromX <= Math.max(3, 0.9 * pxPerMm);
    const heightMm = (piece.toY - piece.fromY) / pxPerMm;
    if (!narrow || heightMm < 1.4 || heightMm > 8) continue;
    const column = Math.round(((piece.fromX + piece.toX) / 2 - plan.fromX) / plan.columnWidthPx);
    const off = (piece.fromX + piece.toX) / 2 - plan.fromX - column * plan.columnWidthPx;
    if (column > 0 && Math.abs(off) < pxPerMm) out.add(piece.index);
  }
  return (piece) => !out.has(piece);
}

type Calibrated = {
  readonly speedMmPerSecond: number;
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number };
  readonly amplitudeUnit: AmplitudeUnit;
  readonly sources: { readonly speedMmPerSecond: ScaleSource; readonly gainMmPerMv: ScaleSource };
};

function calibrate({ pulses }: PageRows, hints: SegmentHints): Calibrated {
  const found = pulses.filter((pulse) => pulse !== undefined);
  const speed = found.length === 0 ? undefined : speedOfPulse(medianOf(found.map(({ widthMm }) => widthMm)));
  const heights = found.map(({ heightsMm }) => gainOfPulse(heightsMm[0]!));
  const chestHeights = found.map(({ heightsMm }) => gainOfPulse(heightsMm.at(-1)!));
  const gain = speed === undefined ? undefined : { limb: medianOf(heights), chest: medianOf(chestHeights) };
  const given =
    typeof hints.gainMmPerMv === "number"
      ? { limb: hints.gainMmPerMv, chest: hints.gainMmPerMv }
      : hints.gainMmPerMv;
  const sourceOf = (hint: unknown, text: unknown, read: unknown): ScaleSource => {
    if (hint !== undefined) return "hint";
    if (text !== undefined) return "text";
    return read !== undefined ? "calibration" : "assumed";
  };
  const { text } = hints;
  const low = given === undefined && gain !== undefined && gain.limb <= LARGEST_SD_GAIN;
  return {
    speedMmPerSecond: hints.speedMmPerSecond ?? text?.speedMmPerSecond ?? speed ?? 25,
    gainMmPerMv: given ?? text?.gainMmPerMv ?? gain ?? { limb: 10, chest: 10 },
    amplitudeUnit: text?.amplitudeUnit ?? (low ? "SD" : "mV"),
    sources: {
      speedMmPerSecond: sourceOf(hints.speedMmPerSecond, text?.speedMmPerSecond, speed),
      gainMmPerMv: sourceOf(hints.gainMmPerMv, text?.gainMmPerMv, gain),
    },
  };
}

type TracePlan = Calibrated & {
  readonly rows: PageRows;
  readonly plan: ColumnPlan;
  readonly pxPerMm: number;
  readonly strokePx: number;
};

function traceStrips(
  ink: InkMap,
  runs: ColumnRuns,
  named: readonly NamedStrip[],
  plan: TracePlan,
): SegmentedStrip[] {
  return named.map((one) => {
    const box = stripBox(one, plan, ink);
    const path = followTrace(runs, {
      fromX: box.fromX,
      toX: box.toX,
      zeroLinePx: plan.rows.zeroLinesPx[one.row]!,
      reachPx: 1.6 * plan.rows.spacingPx,
      pxPerMm: plan.pxPerMm,
    });
    return finishStrip(one, box, { ink, path }, plan);
  });
}

function stripBox({ row, column, kind }: NamedStrip, { rows, plan }: TracePlan, ink: InkMap): PixelBox {
  const startPx = plan.fromX + column * plan.columnWidthPx;
  const widthPx = plan.columnWidthPx * (kind === "rhythm" ? plan.columns : 1);
  const zero = rows.zeroLinesPx[row]!;
  return {
    fromX: Math.max(0, Math.round(startPx)),
    toX: Math.min(ink.widthPx, Math.round(startPx + widthPx)),
    fromY: Math.max(0, Math.round(zero - 0.56 * rows.spacingPx)),
    toY: Math.min(ink.heightPx, Math.round(zero + 0.44 * rows.spacingPx)),
  };
}

function finishStrip(
  { place, row, column, kind, labelRead }: NamedStrip,
  box: PixelBox,
  { ink, path }: { readonly ink: InkMap; readonly path: TracePath },
  { rows, plan, pxPerMm, strokePx, speedMmPerSecond, gainMmPerMv }: TracePlan,
): SegmentedStrip {
  const tracePx = measureTrace(ink, path, box.fromX, strokePx);
  const middle = medianHeight(tracePx);
  const covered = tracePx.filter(Number.isFinite).length / Math.max(1, tracePx.length);
  const rowZero = rows.zeroLinesPx[row]!;
  const missing = covered < LEAST_TRACE_PART || Math.abs(middle - rowZero) > 0.6 * rows.spacingPx;
  if (missing) tracePx.fill(Number.NaN);
  const gain = isLimbLead(place.lead) ? gainMmPerMv.limb : gainMmPerMv.chest;
  return {
    lead: place.lead,
    inverted: place.inverted,
    kind,
    row,
    column,
    labelRead,
    box,
    startPx: plan.fromX + column * plan.columnWidthPx,
    widthPx: plan.columnWidthPx * (kind === "rhythm" ? plan.columns : 1),
    zeroLinePx: rows.pulses[row] === undefined && !missing ? middle : rowZero,
    pxPerSecond: speedMmPerSecond * pxPerMm,
    pxPerMv: gain * pxPerMm,
    tracePx,
    missing,
  };
}
