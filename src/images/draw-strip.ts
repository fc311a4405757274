// One lead on the page: its trace, its label, and the tick that parts it from the strip before.
import { type Color, createText, type PathItem, type Strip, type TextItem } from "./display-list.ts";
import { CAP_HEIGHT_EM, textWidthMm } from "./measure-text.ts";
import { traceRuns } from "./trace-runs.ts";

export type StripInk = {
  readonly color: Color;
  readonly widthMm: number;
};

export type DrawnStrip = { readonly strip: Strip; readonly trace: PathItem };

const LABEL_MM = 3.2;
/** From the strip's left edge to its label. */
const LABEL_INDENT_MM = 1.6;
/** Height of a label's baseline over the zero line, where the row is high enough. */
const LABEL_RISE_MM = 9;
/** In lower bands a name below its trace would be taken for the next row's. */
const LEAST_BELOW_BAND_MM = 20;
/** White between a label and a trace that would touch it. */
const LABEL_CLEAR_MM = 1;
const TICK_COLOR = "#16161c";
const TICK_WIDTH_MM = 0.2;

/**
 * Draw the samples of one lead on its strip.
 * `samples` is the whole lead in mV, or undefined where the record lacks it. The returned strip says whether
 * something was missing or cut off.
 */
export function drawStrip(
  samples: ArrayLike<number> | undefined,
  strip: Strip,
  stripIndex: number,
  { ink, samplingRateHz }: { readonly ink: StripInk; readonly samplingRateHz: number },
): DrawnStrip {
  const { runs, clipped } = traceRuns(samples ?? [], strip, samplingRateHz);
  return {
    strip: { ...strip, clipped, missing: runs.length === 0 && !clipped },
    trace: { kind: "path", role: "trace", runs, widthMm: ink.widthMm, color: ink.color, strip: stripIndex },
  };
}

/**
 * The lead's name over the start of its strip: at its usual height, else just above or below the trace where
 * that would run through it and the band has room, else at its usual height all the same.
 */
export function drawLabel(drawn: DrawnStrip): TextItem {
  const { strip, trace } = drawn;
  const { box } = strip;
  const sizeMm = Math.min(LABEL_MM, Math.max(1.8, box.heightMm * 0.19));
  const xMm = box.xMm + LABEL_INDENT_MM;
  const capMm = CAP_HEIGHT_EM * sizeMm;
  const usualMm = usualBaseline(strip);
  const endMm = xMm + textWidthMm(strip.label, sizeMm, "bold");
  const { topMm, bottomMm } = inkRange(trace.runs, xMm - LABEL_CLEAR_MM, endMm + LABEL_CLEAR_MM);
  const aboveMm = Math.min(usualMm, topMm - LABEL_CLEAR_MM);
  const belowMm = bottomMm + LABEL_CLEAR_MM + capMm;
  const isFree = usualMm + LABEL_CLEAR_MM <= topMm;
  const fitsAbove = aboveMm - capMm >= box.yMm;
  const fitsBelow = box.heightMm >= LEAST_BELOW_BAND_MM && belowMm <= box.yMm + box.heightMm;
  const yMm = isFree ? usualMm : fitsAbove ? aboveMm : fitsBelow ? belowMm : usualMm;
  return createText(strip.label, xMm, yMm, { role: "label", sizeMm, weight: "bold", color: TICK_COLOR });
}

/** Height of a label over the zero line: less in low rows, and inside the band. */
function usualBaseline({ box, zeroLineMm }: Strip): number {
  const riseMm = Math.min(LABEL_RISE_MM, box.heightMm * 0.34);
  return Math.max(box.yMm + LABEL_MM, zeroLineMm - riseMm);
}

/** A short upright tick at the left edge of a strip, beside its label. */
export function drawSeparator(strip: Strip, label: TextItem | undefined): PathItem {
  const heightMm = label === undefined ? LABEL_MM : label.sizeMm * 0.95;
  const bottomMm = label?.yMm ?? usualBaseline(strip);
  return {
    kind: "path",
    role: "separator",
    runs: [Float32Array.of(strip.box.xMm, bottomMm - heightMm + 0.3, strip.box.xMm, bottomMm + 0.3)],
    widthMm: TICK_WIDTH_MM,
    color: TICK_COLOR,
  };
}

/** Highest and lowest y of the pieces of a trace that touch x from `fromMm` to `toMm`. */
function inkRange(
  runs: readonly Float32Array[],
  fromMm: number,
  toMm: number,
): { readonly topMm: number; readonly bottomMm: number } {
  let topMm = Number.POSITIVE_INFINITY;
  let bottomMm = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    for (let i = 0; i < run.length; i += 2) {
      const next = Math.min(i + 2, run.length - 2);
      if (run[next]! < fromMm || run[i]! > toMm) continue;
      topMm = Math.min(topMm, run[i + 1]!, run[next + 1]!);
      bottomMm = Math.max(bottomMm, run[i + 1]!, run[next + 1]!);
    }
  }
  return { topMm, bottomMm };
}
