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

/** The lead's name over the start of its strip, lifted where the trace would run through it. */
export function drawLabel(drawn: DrawnStrip): TextItem {
  const { strip, trace } = drawn;
  const { box } = strip;
  const sizeMm = Math.min(LABEL_MM, Math.max(1.8, box.heightMm * 0.24));
  const xMm = box.xMm + LABEL_INDENT_MM;
  const capMm = CAP_HEIGHT_EM * sizeMm;
  const usualMm = strip.zeroLineMm - Math.min(LABEL_RISE_MM, box.heightMm * 0.36);
  const traceTopMm = highestPoint(trace.runs, xMm, xMm + textWidthMm(strip.label, sizeMm, "bold"));
  const touches = traceTopMm < usualMm + LABEL_CLEAR_MM;
  const wantedMm = touches ? traceTopMm - LABEL_CLEAR_MM : usualMm;
  const yMm = Math.max(box.yMm + capMm + 0.5, wantedMm);
  return createText(strip.label, xMm, yMm, { role: "label", sizeMm, weight: "bold", color: TICK_COLOR });
}

/** A short upright tick at the left edge of a strip, beside its label. */
export function drawSeparator(strip: Strip, label: TextItem | undefined): PathItem {
  const heightMm = label === undefined ? LABEL_MM : label.sizeMm * 0.95;
  const bottomMm = label?.yMm ?? strip.zeroLineMm - Math.min(LABEL_RISE_MM, strip.box.heightMm * 0.36);
  return {
    kind: "path",
    role: "separator",
    runs: [Float32Array.of(strip.box.xMm, bottomMm - heightMm + 0.3, strip.box.xMm, bottomMm + 0.3)],
    widthMm: TICK_WIDTH_MM,
    color: TICK_COLOR,
  };
}

function highestPoint(runs: readonly Float32Array[], fromMm: number, toMm: number): number {
  let top = Number.POSITIVE_INFINITY;
  for (const run of runs) {
    for (let i = 0; i < run.length; i += 2) {
      if (run[i]! >= fromMm && run[i]! <= toMm && run[i + 1]! < top) top = run[i + 1]!;
    }
  }
  return top;
}
