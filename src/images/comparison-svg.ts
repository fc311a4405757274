// Original, reconstruction and prediction of some leads over one another (the paper's Figure 9).
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import {
  type Color,
  createText,
  type DisplayItem,
  type DisplayList,
  type PathItem,
  type PathRole,
  type Strip,
} from "./display-list.ts";
import { drawLabel, drawStrip } from "./draw-strip.ts";
import type { RowLine } from "./fit-zero-line.ts";
import { drawGrid, type GridStyleName, paperColor, wholeSquares } from "./grid-styles.ts";
import { textWidthMm } from "./measure-text.ts";
import { DEFAULT_INK, requireWithin } from "./page-options.ts";
import { type FigureRow, planRows } from "./plan-rows.ts";
import { planStrip } from "./plan-strip.ts";
import { displayListToSvg } from "./to-svg.ts";

/** Signals to lay over one another; rows follow `leads`, all at `samplingRateHz`, in mV or z-scores. */
export type Comparison = {
  readonly leads: readonly string[];
  readonly samplingRateHz: number;
  /** (leads, samples): the true signal, past the prediction's start where it is known. */
  readonly original: LeadMatrix;
  /** (leads, samples) from sample 0. */
  readonly reconstruction?: LeadMatrix;
  /** (leads, samples) from `predictionStartSample`. */
  readonly prediction?: LeadMatrix;
  /** Default: the end of the reconstruction, else of the original. */
  readonly predictionStartSample?: number;
};

export type ComparisonOptions = {
  /** What the numbers are: `mV` (default, 10 mm each) or `z` (z-scores, 4 mm each). */
  readonly unit?: "mV" | "z";
  /** mm for 1 mV or 1 z. */
  readonly gainMm?: number;
  /** Default 25. */
  readonly speedMmPerSecond?: number;
  /** Height of every row. Default: each row as high as its traces need. */
  readonly rowMm?: number;
  /** Leads side by side. Default 1; twelve leads read well in 2. */
  readonly columns?: number;
  /** Default `grey`, so that the colours of the traces stand out. */
  readonly grid?: GridStyleName;
  /** Names of the three kinds of line above the figure. Default true. */
  readonly legend?: boolean;
};

const DIVIDER_COLOR: Color = "#6a6a74";
const EDGE_MM = 0.5;
const PAD_MM = 5;
const LEGEND_MM = 6;
const FOOTER_MM = 4.5;
const TEXT_STYLE = { role: "footer", sizeMm: 2.6, color: "#3c3c46" } as const;

/** The comparison as one SVG for HTML (no XML declaration). See {@link layoutComparison}. */
export function comparisonSvg(comparison: Comparison, options: ComparisonOptions = {}): string {
  return displayListToSvg(layoutComparison(comparison, options), { inline: true });
}

/**
 * One row for each lead: the original in black, the reconstruction in blue over it, and behind a dashed line
 * the prediction in red over what really came.
 * @throws EcgError SHAPE_MISMATCH when a matrix has another number of leads than `leads`.
 */
export function layoutComparison(comparison: Comparison, options: ComparisonOptions = {}): DisplayList {
  const { unit = "mV", speedMmPerSecond = 25, columns = 1, grid = "grey" } = options;
  const gainMm = options.gainMm ?? (unit === "mV" ? 10 : 4);
  requireWithin("leads.length", comparison.leads.length, 1, 1000);
  requireWithin("speedMmPerSecond", speedMmPerSecond, 1, 500);
  requireWithin("gainMm", gainMm, 0.01, 500);
  requireWithin("columns", columns, 1, comparison.leads.length);
  if (options.rowMm !== undefined) requireWithin("rowMm", options.rowMm, 2, 1000);
  const layers = comparisonLayers(comparison);
  const seconds = Math.max(...layers.map((layer) => layer.startSeconds + layer.seconds));
  const columnMm = wholeSquares(seconds * speedMmPerSecond + PAD_MM);
  const rowCount = Math.ceil(comparison.leads.length / columns);
  const topMm = EDGE_MM + (options.legend === false ? 0 : LEGEND_MM);

  const planned = comparison.leads.map((lead, index) => {
    const column = Math.floor(index / rowCount);
    return planStrip({
      place: { lead, label: lead, inverted: false },
      row: index % rowCount,
      column,
      startSeconds: 0,
      durationSeconds: seconds,
      box: {
        xMm: EDGE_MM + PAD_MM + column * columnMm,
        yMm: topMm,
        widthMm: seconds * speedMmPerSecond,
        heightMm: 0,
      },
      gainMmPerMv: gainMm,
      speedMmPerSecond,
    });
  });
  const lines = planned.map((strip, index) => layers.map((layer) => layerLine(layer, strip, index)));
  const byRow = Array.from({ length: rowCount }, (_, row) =>
    lines.flatMap((line, index) => (planned[index]!.row === row ? line : [])),
  );
  const rows = planRows(byRow, comparison.samplingRateHz, topMm, options.rowMm);
  const drawn = planned.map((strip, index) => {
    const { samplingRateHz } = comparison;
    return drawLead(placeInRow(strip, rows[strip.row]!), layers, { index, samplingRateHz });
  });
  const paper = {
    xMm: EDGE_MM,
    yMm: topMm,
    widthMm: columnMm * columns + PAD_MM,
    heightMm: wholeSquares(rows.reduce((sum, row) => sum + row.heightMm, 0)),
  };
  const scale = `${speedMmPerSecond} mm/s   ${gainMm} mm/${unit}`;
  return {
    widthMm: paper.widthMm + 2 * EDGE_MM,
    heightMm: paper.yMm + paper.heightMm + EDGE_MM + FOOTER_MM,
    background: paperColor(grid),
    title: `${layers.map(({ name }) => name).join(", ")} of ${comparison.leads.join(", ")}, ${scale}`,
    items: [
      ...drawGrid(paper, grid),
      ...drawn.flatMap(({ items }) => items),
      ...(options.legend === false ? [] : drawLegend(layers, paper.xMm)),
      createText(scale, paper.xMm, paper.yMm + paper.heightMm + 3.4, TEXT_STYLE),
    ],
    strips: drawn.map(({ strip }) => strip),
  };
}

type Layer = {
  readonly name: string;
  readonly role: PathRole;
  readonly color: Color;
  readonly widthMm: number;
  readonly matrix: LeadMatrix;
  readonly startSeconds: number;
  readonly seconds: number;
};

const LAYER_STYLES = {
  original: { role: "trace", color: DEFAULT_INK, widthMm: 0.3 },
  reconstruction: { role: "reconstruction", color: "#1f5fd0", widthMm: 0.26 },
  prediction: { role: "prediction", color: "#d0232b", widthMm: 0.26 },
} as const;

/** What there is to draw, the original first so that the others lie over it. */
function comparisonLayers(comparison: Comparison): Layer[] {
  const { original, reconstruction, samplingRateHz, leads } = comparison;
  const predictionStart = comparison.predictionStartSample ?? (reconstruction ?? original).sampleCount;
  return (["original", "reconstruction", "prediction"] as const).flatMap((name): Layer[] => {
    const matrix = comparison[name];
    if (matrix === undefined) return [];
    if (matrix.leadCount !== leads.length) {
      throw new EcgError(
        "SHAPE_MISMATCH",
        `comparison: expected ${leads.length} leads in ${name}, got ${matrix.leadCount}`,
      );
    }
    const startSeconds = name === "prediction" ? predictionStart / samplingRateHz : 0;
    const seconds = matrix.sampleCount / samplingRateHz;
    return [{ name, ...LAYER_STYLES[name], matrix, startSeconds, seconds }];
  });
}

/** A layer's share of a strip, which starts later where the layer does, with its samples from second 0 on. */
function layerLine(layer: Layer, strip: Strip, index: number): RowLine & { readonly samples: Float32Array } {
  const xMm = strip.box.xMm + layer.startSeconds * strip.speedMmPerSecond;
  const box = { ...strip.box, xMm, widthMm: layer.seconds * strip.speedMmPerSecond };
  return {
    strip: { ...strip, box, durationSeconds: layer.seconds },
    samples: leadSamples(layer.matrix, index),
  };
}

function placeInRow(strip: Strip, { topMm, heightMm, zeroLineMm }: FigureRow): Strip {
  const box = { ...strip.box, yMm: topMm, heightMm };
  return { ...strip, box, clip: box, zeroLineMm };
}

function drawLead(
  placed: Strip,
  layers: readonly Layer[],
  { index, samplingRateHz }: { readonly index: number; readonly samplingRateHz: number },
): { strip: Strip; items: DisplayItem[] } {
  const drawn = layers.map((layer) => {
    const { strip, samples } = layerLine(layer, placed, index);
    const ink = { color: layer.color, widthMm: layer.widthMm };
    return drawStrip(samples, strip, index, { ink, samplingRateHz });
  });
  const traces = drawn.map(({ trace }, at): PathItem => ({ ...trace, role: layers[at]!.role }));
  const strip = {
    ...placed,
    missing: drawn[0]!.strip.missing,
    clipped: drawn.some((one) => one.strip.clipped),
  };
  const label = drawLabel({ strip, trace: traces[0]! });
  const dividers = layers
    .filter(({ role }) => role === "prediction")
    .map(({ startSeconds }) => drawDivider(strip, startSeconds));
  return { strip, items: [...dividers, ...traces, label] };
}

/** A dashed upright line where the prediction starts. */
function drawDivider(strip: Strip, startSeconds: number): PathItem {
  const x = strip.box.xMm + startSeconds * strip.speedMmPerSecond;
  const runs: Float32Array[] = [];
  for (let y = strip.box.yMm + 1; y + 1.2 < strip.box.yMm + strip.box.heightMm; y += 2) {
    runs.push(Float32Array.of(x, y, x, y + 1.2));
  }
  return { kind: "path", role: "rule", runs, widthMm: 0.2, color: DIVIDER_COLOR };
}

function drawLegend(layers: readonly Layer[], xMm: number): DisplayItem[] {
  let x = xMm + 1;
  return layers.flatMap(({ name, color }): DisplayItem[] => {
    const runs = [Float32Array.of(x, 3.2, x + 7, 3.2)];
    const text = createText(name, x + 8.5, 4.1, { ...TEXT_STYLE, role: "legend" });
    x += 8.5 + textWidthMm(name, TEXT_STYLE.sizeMm, "regular") + 7;
    return [{ kind: "path", role: "frame", widthMm: 0.45, color, runs }, text];
  });
}
