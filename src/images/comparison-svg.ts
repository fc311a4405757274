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
import { fitZeroLine } from "./fit-zero-line.ts";
import { drawGrid, type GridStyleName, paperColor } from "./grid-styles.ts";
import { textWidthMm } from "./measure-text.ts";
import { DEFAULT_INK, requireWithin } from "./page-options.ts";
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
  /** Default 22. */
  readonly rowMm?: number;
  /** Leads side by side. Default 1; twelve leads read well in 2. */
  readonly columns?: number;
  /** Default `grey`, so that the colours of the traces stand out. */
  readonly grid?: GridStyleName;
  /** Names of the three kinds of line above the figure. Default true. */
  readonly legend?: boolean;
};

const RECONSTRUCTION_COLOR: Color = "#1f5fd0";
const PREDICTION_COLOR: Color = "#d0232b";
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
  const { unit = "mV", speedMmPerSecond = 25, rowMm = 22, columns = 1, grid = "grey" } = options;
  const gainMm = options.gainMm ?? (unit === "mV" ? 10 : 4);
  requireWithin("speedMmPerSecond", speedMmPerSecond, 1, 500);
  requireWithin("gainMm", gainMm, 0.01, 500);
  requireWithin("columns", columns, 1, comparison.leads.length);
  const layers = comparisonLayers(comparison);
  const seconds = Math.max(...layers.map((layer) => layer.startSeconds + layer.seconds));
  const columnMm = Math.ceil((seconds * speedMmPerSecond + PAD_MM) / 5 - 1e-9) * 5;
  const rows = Math.ceil(comparison.leads.length / columns);
  const legendMm = options.legend === false ? 0 : LEGEND_MM;
  const paper = {
    xMm: EDGE_MM,
    yMm: EDGE_MM + legendMm,
    widthMm: columnMm * columns + PAD_MM,
    heightMm: Math.ceil((rowMm * rows) / 5 - 1e-9) * 5,
  };
  const planned = comparison.leads.map((lead, index) => {
    const [row, column] = [index % rows, Math.floor(index / rows)];
    return planStrip({
      place: { lead, label: lead, inverted: false },
      row,
      column,
      startSeconds: 0,
      durationSeconds: seconds,
      box: {
        xMm: paper.xMm + PAD_MM + column * columnMm,
        yMm: paper.yMm + row * rowMm,
        widthMm: seconds * speedMmPerSecond,
        heightMm: rowMm,
      },
      gainMmPerMv: gainMm,
      speedMmPerSecond,
    });
  });
  const drawn = planned.map((strip, index) => drawLead(comparison, layers, strip, index));
  const scale = `${speedMmPerSecond} mm/s   ${gainMm} mm/${unit}`;
  return {
    widthMm: paper.widthMm + 2 * EDGE_MM,
    heightMm: paper.yMm + paper.heightMm + EDGE_MM + FOOTER_MM,
    background: paperColor(grid),
    title: `${layers.map(({ name }) => name).join(", ")} of ${comparison.leads.join(", ")}, ${scale}`,
    items: [
      ...drawGrid(paper, grid),
      ...drawn.flatMap(({ items }) => items),
      ...(legendMm === 0 ? [] : drawLegend(layers, paper.xMm)),
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

/** The original first, so that the others are drawn over it. */
function comparisonLayers(comparison: Comparison): Layer[] {
  const { original, reconstruction, prediction, samplingRateHz, leads } = comparison;
  const predictionStart = comparison.predictionStartSample ?? (reconstruction ?? original).sampleCount;
  const layer = (
    name: string,
    role: PathRole,
    color: Color,
    [matrix, widthMm, start]: [LeadMatrix, number, number],
  ): Layer => {
    if (matrix.leadCount !== leads.length) {
      throw new EcgError(
        "SHAPE_MISMATCH",
        `comparison: expected ${leads.length} leads in ${name}, got ${matrix.leadCount}`,
      );
    }
    const seconds = matrix.sampleCount / samplingRateHz;
    return { name, role, color, widthMm, matrix, startSeconds: start / samplingRateHz, seconds };
  };
  return [
    layer("original", "trace", DEFAULT_INK, [original, 0.3, 0]),
    ...(reconstruction === undefined
      ? []
      : [layer("reconstruction", "reconstruction", RECONSTRUCTION_COLOR, [reconstruction, 0.26, 0])]),
    ...(prediction === undefined
      ? []
      : [layer("prediction", "prediction", PREDICTION_COLOR, [prediction, 0.26, predictionStart])]),
  ];
}

function drawLead(
  comparison: Comparison,
  layers: readonly Layer[],
  planned: Strip,
  index: number,
): { strip: Strip; items: DisplayItem[] } {
  const { samplingRateHz } = comparison;
  const band = { topMm: planned.box.yMm, heightMm: planned.box.heightMm };
  const lines = layers.map((layer) => ({
    layer,
    samples: leadSamples(layer.matrix, index),
    strip: layerStrip(planned, layer),
  }));
  // The original decides where the zero line stands: a wild prediction is cut off, not the truth.
  const zeroLineMm = fitZeroLine(lines.slice(0, 1), samplingRateHz, band, "fit");
  const drawn = lines.map(({ layer, samples, strip }) =>
    drawStrip(samples, { ...strip, startSeconds: 0, zeroLineMm }, index, {
      ink: { color: layer.color, widthMm: layer.widthMm },
      samplingRateHz,
    }),
  );
  const traces = drawn.map(({ trace }, at): PathItem => ({ ...trace, role: layers[at]!.role }));
  const prediction = layers.find(({ role }) => role === "prediction");
  const strip = { ...planned, zeroLineMm, missing: false, clipped: drawn.some((one) => one.strip.clipped) };
  const label = drawLabel({ strip, trace: traces[0]! });
  return {
    strip,
    items: [
      ...(prediction === undefined ? [] : [drawDivider(strip, prediction.startSeconds)]),
      ...traces,
      label,
    ],
  };
}

/** A layer's share of the strip: it starts later where the layer does. */
function layerStrip(strip: Strip, layer: Layer): Strip {
  const box = {
    ...strip.box,
    xMm: strip.box.xMm + layer.startSeconds * strip.speedMmPerSecond,
    widthMm: layer.seconds * strip.speedMmPerSecond,
  };
  return { ...strip, box, durationSeconds: layer.seconds };
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
