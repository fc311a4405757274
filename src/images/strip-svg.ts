// A small figure of some leads for a report: millimetre paper, traces, names, and the scale in small print.
import { durationSeconds, type EcgRecord } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { amplitudeUnitOf, defaultGainMm } from "./default-gain.ts";
import { type Color, createText, type DisplayList } from "./display-list.ts";
import { drawLabel, drawStrip } from "./draw-strip.ts";
import { medianOf, type RowLine } from "./fit-zero-line.ts";
import { drawGrid, type GridStyle, type GridStyleName, paperColor, wholeSquares } from "./grid-styles.ts";
import { isLimbLead, leadPlace } from "./lead-layouts.ts";
import { scaleTexts } from "./page-footer.ts";
import { DEFAULT_INK, DEFAULT_TRACE_WIDTH_MM, requireWithin } from "./page-options.ts";
import { planRows } from "./plan-rows.ts";
import { planStrip } from "./plan-strip.ts";
import { displayListToSvg } from "./to-svg.ts";
import { windowSamples } from "./trace-runs.ts";

export type StripOptions = {
  /** Default 0. */
  readonly startSeconds?: number;
  /** Default 5, at most what the record has left. */
  readonly seconds?: number;
  /** Default 25. */
  readonly speedMmPerSecond?: number;
  /** mm a standard deviation where the record is z-scored. Default 10 mm/mV, 2.5 mm/SD. */
  readonly gainMmPerMv?: number | { readonly limb: number; readonly chest: number };
  /** Height of every row. Default: each row as high as its trace needs. */
  readonly rowMm?: number;
  /** Default `pink`. */
  readonly grid?: GridStyleName | GridStyle;
  /** Default `median`: a figure shows shape; a page keeps the recorded level. */
  readonly offset?: "keep" | "median";
  /** Scale below the figure. Default true. */
  readonly footer?: boolean;
  /** Default near black. */
  readonly inkColor?: Color;
};

const FOOTER_MM = 4.5;
const FOOTER_STYLE = { role: "footer", sizeMm: 2.4, color: "#5c5c66" } as const;
/** White edge around the figure, so that the outer grid lines are whole. */
const EDGE_MM = 0.5;
const PAD_MM = 5;

/** Rows of leads as one SVG for HTML (no XML declaration). See {@link layoutStrips}. */
export function stripSvg(record: EcgRecord, leads: readonly string[], options: StripOptions = {}): string {
  return displayListToSvg(layoutStrips(record, leads, options), { inline: true });
}

/**
 * One row for each lead (`-aVR` inverts), all over the same seconds.
 * A lead that the record lacks keeps its row and name.
 * @throws EcgError INVALID_OPTION for values out of range.
 */
export function layoutStrips(
  record: EcgRecord,
  leads: readonly string[],
  options: StripOptions = {},
): DisplayList {
  const { speedMmPerSecond = 25, gainMmPerMv = defaultGainMm(record), grid = "pink" } = options;
  const gains = typeof gainMmPerMv === "number" ? { limb: gainMmPerMv, chest: gainMmPerMv } : gainMmPerMv;
  const lines = planLines(record, leads, { ...options, speedMmPerSecond, gainMmPerMv: gains });
  const rows = planRows(
    lines.map((line) => [line]),
    record.samplingRateHz,
    EDGE_MM,
    options.rowMm,
  );
  const ink = { color: options.inkColor ?? DEFAULT_INK, widthMm: DEFAULT_TRACE_WIDTH_MM };
  const drawn = lines.map(({ strip, samples }, index) => {
    const { topMm, heightMm, zeroLineMm } = rows[index]!;
    const box = { ...strip.box, yMm: topMm, heightMm };
    const placed = { ...strip, box, clip: box, zeroLineMm };
    return drawStrip(samples, placed, index, { ink, samplingRateHz: record.samplingRateHz });
  });
  const paper = {
    xMm: EDGE_MM,
    yMm: EDGE_MM,
    widthMm: wholeSquares((lines[0]?.strip.box.widthMm ?? 0) + 2 * PAD_MM),
    heightMm: wholeSquares(rows.reduce((sum, row) => sum + row.heightMm, 0)),
  };
  const scale = scaleTexts({ speedMmPerSecond, gainMmPerMv: gains, amplitudeUnit: amplitudeUnitOf(record) });
  const footer = createText(scale.join("   "), paper.xMm, paper.yMm + paper.heightMm + 3.4, FOOTER_STYLE);
  const hasFooter = options.footer ?? true;
  return {
    widthMm: paper.widthMm + 2 * EDGE_MM,
    heightMm: paper.heightMm + 2 * EDGE_MM + (hasFooter ? FOOTER_MM : 0),
    background: paperColor(grid),
    title: `ECG leads ${leads.join(", ")}, ${scale.join(", ")}`,
    items: [
      ...drawGrid(paper, grid),
      ...drawn.map(({ trace }) => trace),
      ...drawn.map(drawLabel),
      ...(hasFooter ? [footer] : []),
    ],
    strips: drawn.map(({ strip }) => strip),
  };
}

type LineOptions = StripOptions & {
  readonly speedMmPerSecond: number;
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number };
};

/** The strips with their samples, before their heights are known. */
function planLines(record: EcgRecord, leads: readonly string[], options: LineOptions): RowLine[] {
  const { startSeconds = 0, speedMmPerSecond, gainMmPerMv: gains } = options;
  const seconds = Math.min(options.seconds ?? 5, durationSeconds(record) - startSeconds);
  requireWithin("startSeconds", startSeconds, 0, durationSeconds(record));
  requireWithin("seconds", seconds, 1e-3, 86_400);
  requireWithin("speedMmPerSecond", speedMmPerSecond, 1, 500);
  requireWithin("gainMmPerMv (limb)", gains.limb, 0.1, 500);
  requireWithin("gainMmPerMv (chest)", gains.chest, 0.1, 500);
  requireWithin("leads.length", leads.length, 1, 1000);
  if (options.rowMm !== undefined) requireWithin("rowMm", options.rowMm, 2, 1000);
  return leads.map((name, row) => {
    const place = leadPlace(name);
    const index = record.leads.indexOf(place.lead);
    const samples = index < 0 ? undefined : leadSamples(record.signal, index);
    const strip = planStrip({
      place,
      row,
      column: 0,
      startSeconds,
      durationSeconds: seconds,
      box: { xMm: EDGE_MM + PAD_MM, yMm: 0, widthMm: seconds * speedMmPerSecond, heightMm: 0 },
      gainMmPerMv: isLimbLead(place.lead) ? gains.limb : gains.chest,
      speedMmPerSecond,
    });
    if (options.offset === "keep" || samples === undefined) return { strip, samples };
    const offsetMv = medianOf(windowSamples(samples, strip, record.samplingRateHz));
    return { strip: { ...strip, offsetMv }, samples };
  });
}
