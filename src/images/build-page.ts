// From a recording to the display list of a calibrated paper page: sheet, grid, strips, pulses, texts.
import type { EcgRecord } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import type { BoxMm, DisplayItem, DisplayList, Strip } from "./display-list.ts";
import { drawCalibration } from "./draw-calibration.ts";
import { type DrawnStrip, drawLabel, drawSeparator, drawStrip } from "./draw-strip.ts";
import { fitZeroLine, medianOf } from "./fit-zero-line.ts";
import { drawGrid, paperColor } from "./grid-styles.ts";
import { type LeadPlace, leadPlaces } from "./lead-layouts.ts";
import { drawFooter, scaleTexts } from "./page-footer.ts";
import { PAGE_MARGIN_MM, type PageGeometry, planPage } from "./page-geometry.ts";
import { drawHeader, headerHeightMm } from "./page-header.ts";
import {
  gainOf,
  type PageOptions,
  type ResolvedPageOptions,
  resolvePageOptions,
  rhythmPlaces,
} from "./page-options.ts";
import { planStrip } from "./plan-strip.ts";
import { windowSamples } from "./trace-runs.ts";

/** One row of the page: places that share its band and its zero line. */
type Row = { readonly kind: Strip["kind"]; readonly places: readonly LeadPlace[] };

/**
 * Lay a recording out as a calibrated paper page.
 *
 * Geometry is exact: 1 mm on the page is 1 / speed seconds and 1 / gain mV (see `stripX`, `stripY`), at any
 * resolution. A lead that the record lacks, or of which the window has no finite sample, keeps its place and
 * label and is marked `missing`; samples that are NaN leave a gap. Nothing about the patient is drawn unless
 * `options.header` says so.
 * @throws EcgError INVALID_OPTION for options out of range or strips that do not fit the page.
 */
export function layoutPage(record: EcgRecord, options: PageOptions = {}): DisplayList {
  const resolved = resolvePageOptions(record, options);
  const rows = pageRows(resolved);
  const columns = rows[0]?.places.length ?? 1;
  const geometry = planPage(record, resolved, {
    columns,
    rows: rows.length,
    headerMm: headerHeightMm(resolved.header),
    pulses:
      resolved.calibration === "none" ? 0 : Math.max(...rows.map((row) => rowGains(row, resolved).length)),
  });
  const drawn = rows.flatMap((row, index) => drawRow(record, resolved, { row, index, geometry, columns }));
  const strips = drawn.map(({ strip }) => strip);
  return {
    widthMm: geometry.widthMm,
    heightMm: geometry.heightMm,
    background: paperColor(resolved.grid),
    title: `ECG page, ${strips.length} strips, ${scaleTexts(resolved).join(", ")}`,
    items: [
      ...drawGrid(geometry.grid, resolved.grid),
      ...rows.flatMap((row, index) => drawPulses(row, strips, resolved, { geometry, index })),
      ...drawn.map(({ trace }, index) => ({ ...trace, strip: index })),
      ...drawn.flatMap((one) => drawNames(one, resolved)),
      ...drawHeader(resolved.header, {
        xMm: geometry.grid.xMm,
        yMm: PAGE_MARGIN_MM,
        widthMm: geometry.grid.widthMm,
        heightMm: headerHeightMm(resolved.header),
      }),
      ...drawFooter(resolved, geometry.grid, shownSeconds(strips, resolved)),
    ],
    strips,
  };
}

function pageRows(options: ResolvedPageOptions): Row[] {
  return [
    ...leadPlaces(options.layout, options.limbOrder).map((places): Row => ({ kind: "lead", places })),
    ...rhythmPlaces(options).map((place): Row => ({ kind: "rhythm", places: [place] })),
  ];
}

type RowPlace = {
  readonly row: Row;
  readonly index: number;
  readonly geometry: PageGeometry;
  readonly columns: number;
};

function drawRow(record: EcgRecord, options: ResolvedPageOptions, place: RowPlace): DrawnStrip[] {
  const planned = place.row.places.map((_lead, column) => placeStrip(record, options, place, column));
  const lines = planned.map((strip) => ({ strip, samples: findLead(record, strip.lead) }));
  const band = place.geometry.bands[place.index]!;
  const zeroLineMm = fitZeroLine(lines, record.samplingRateHz, band, options.zeroLine);
  const ink = { color: options.inkColor, widthMm: options.traceWidthMm };
  return lines.map(({ strip, samples }, column) =>
    drawStrip(samples, { ...strip, zeroLineMm }, column, { ink, samplingRateHz: record.samplingRateHz }),
  );
}

/** The strip of one place before its zero line is known and its trace is drawn. */
function placeStrip(record: EcgRecord, options: ResolvedPageOptions, place: RowPlace, column: number): Strip {
  const { row, index, geometry, columns } = place;
  const band = geometry.bands[index]!;
  const leadAt = row.places[column]!;
  const follows = options.timing === "consecutive" && row.kind === "lead";
  const startSeconds = options.startSeconds + (follows ? column * geometry.columnSeconds : 0);
  const durationSeconds = row.kind === "rhythm" ? geometry.columnSeconds * columns : geometry.columnSeconds;
  const box = {
    xMm: geometry.traceXMm + column * geometry.columnWidthMm,
    yMm: band.topMm,
    widthMm: durationSeconds * options.speedMmPerSecond,
    heightMm: band.heightMm,
  };
  const strip = planStrip({
    place: leadAt,
    kind: row.kind,
    row: index,
    column,
    startSeconds,
    durationSeconds,
    box,
    clip: clipBox(box, options.overflow, geometry.grid),
    gainMmPerMv: gainOf(options, leadAt.lead),
    speedMmPerSecond: options.speedMmPerSecond,
  });
  const samples = findLead(record, leadAt.lead);
  if (options.offset === "keep" || samples === undefined) return strip;
  return { ...strip, offsetMv: medianOf(windowSamples(samples, strip, record.samplingRateHz)) };
}

/** The rule of overflow: the own band; the own and both neighbouring bands; the grid. Never beyond the grid. */
function clipBox(box: BoxMm, overflow: ResolvedPageOptions["overflow"], grid: BoxMm): BoxMm {
  const beyondMm = { band: 0, neighbours: box.heightMm, grid: grid.heightMm }[overflow];
  const topMm = Math.max(grid.yMm, box.yMm - beyondMm);
  const bottomMm = Math.min(grid.yMm + grid.heightMm, box.yMm + box.heightMm + beyondMm);
  return { ...box, yMm: topMm, heightMm: bottomMm - topMm };
}

function drawPulses(
  row: Row,
  strips: readonly Strip[],
  options: ResolvedPageOptions,
  { geometry, index }: { readonly geometry: PageGeometry; readonly index: number },
): DisplayItem[] {
  const first = strips.find((strip) => strip.row === index);
  if (options.calibration === "none" || first === undefined) return [];
  const place = {
    fromXMm: geometry.calibrationXMm,
    toXMm: geometry.traceXMm,
    zeroLineMm: first.zeroLineMm,
    speedMmPerSecond: options.speedMmPerSecond,
    gainsMmPerMv: rowGains(row, options),
  };
  return [drawCalibration(place, options.inkColor)];
}

/** The different gains of a row, in the order in which its columns use them. */
function rowGains(row: Row, options: ResolvedPageOptions): number[] {
  return [...new Set(row.places.map(({ lead }) => gainOf(options, lead)))];
}

function drawNames(drawn: DrawnStrip, options: ResolvedPageOptions): DisplayItem[] {
  const label = options.labels ? drawLabel(drawn) : undefined;
  return [
    ...(drawn.strip.column > 0 ? [drawSeparator(drawn.strip, label)] : []),
    ...(label === undefined ? [] : [label]),
  ];
}

function findLead(record: EcgRecord, lead: string): Float32Array | undefined {
  const index = record.leads.indexOf(lead);
  return index < 0 ? undefined : leadSamples(record.signal, index);
}

function shownSeconds(strips: readonly Strip[], options: ResolvedPageOptions): number {
  const ends = strips.map((strip) => strip.startSeconds + strip.durationSeconds);
  return Math.max(...ends) - options.startSeconds;
}
