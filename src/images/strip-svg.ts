// A small figure of some leads for a report: millimetre paper, traces, names, and the scale in small print.
import { durationSeconds, type EcgRecord } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { type Color, createText, type DisplayList, type Strip } from "./display-list.ts";
import { drawLabel, drawStrip } from "./draw-strip.ts";
import { fitZeroLine, medianOf } from "./fit-zero-line.ts";
import { drawGrid, type GridStyle, type GridStyleName, paperColor } from "./grid-styles.ts";
import { isLimbLead, leadPlace } from "./lead-layouts.ts";
import { scaleTexts } from "./page-footer.ts";
import { DEFAULT_INK, DEFAULT_TRACE_WIDTH_MM, requireWithin } from "./page-options.ts";
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
  /** Default 10. */
  readonly gainMmPerMv?: number | { readonly limb: number; readonly chest: number };
  /** Height of a lead's row. Default 25. */
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
  const { startSeconds = 0, speedMmPerSecond = 25, gainMmPerMv = 10, rowMm = 25, grid = "pink" } = options;
  const seconds = Math.min(options.seconds ?? 5, durationSeconds(record) - startSeconds);
  requireWithin("startSeconds", startSeconds, 0, durationSeconds(record));
  requireWithin("seconds", seconds, 1e-3, 86_400);
  requireWithin("speedMmPerSecond", speedMmPerSecond, 1, 500);
  requireWithin("rowMm", rowMm, 2, 1000);
  requireWithin("leads.length", leads.length, 1, 1000);
  const gains = typeof gainMmPerMv === "number" ? { limb: gainMmPerMv, chest: gainMmPerMv } : gainMmPerMv;
  requireWithin("gainMmPerMv (limb)", gains.limb, 0.1, 500);
  requireWithin("gainMmPerMv (chest)", gains.chest, 0.1, 500);
  const paper = {
    xMm: EDGE_MM,
    yMm: EDGE_MM,
    widthMm: Math.ceil((seconds * speedMmPerSecond + 2 * PAD_MM) / 5 - 1e-9) * 5,
    heightMm: Math.ceil((rowMm * leads.length) / 5 - 1e-9) * 5,
  };
  const drawn = leads.map((name, row) => {
    const place = leadPlace(name);
    const box = {
      xMm: paper.xMm + PAD_MM,
      yMm: paper.yMm + row * rowMm,
      widthMm: seconds * speedMmPerSecond,
      heightMm: rowMm,
    };
    const strip = planStrip({
      place,
      row,
      column: 0,
      startSeconds,
      durationSeconds: seconds,
      box,
      gainMmPerMv: isLimbLead(place.lead) ? gains.limb : gains.chest,
      speedMmPerSecond,
    });
    return drawRow(record, strip, row, options);
  });
  const scale = scaleTexts({ speedMmPerSecond, gainMmPerMv: gains });
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

function drawRow(
  record: EcgRecord,
  planned: Strip,
  row: number,
  options: StripOptions,
): ReturnType<typeof drawStrip> {
  const index = record.leads.indexOf(planned.lead);
  const samples = index < 0 ? new Float32Array(0) : leadSamples(record.signal, index);
  const shown = windowSamples(samples, planned, record.samplingRateHz);
  const offsetMv = options.offset === "keep" ? 0 : medianOf(shown);
  const strip = { ...planned, offsetMv };
  const band = { topMm: strip.box.yMm, heightMm: strip.box.heightMm };
  const zeroLineMm = fitZeroLine([{ strip, samples }], record.samplingRateHz, band, "fit");
  const ink = { color: options.inkColor ?? DEFAULT_INK, widthMm: DEFAULT_TRACE_WIDTH_MM };
  return drawStrip(samples, { ...strip, zeroLineMm }, row, { ink, samplingRateHz: record.samplingRateHz });
}
