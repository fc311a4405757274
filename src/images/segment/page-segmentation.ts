// What segmentPage finds on a page, and what a caller may tell it.
import type { AmplitudeUnit } from "../default-gain.ts";
import type { LayoutName, LeadRows, LimbOrder } from "../lead-layouts.ts";
import type { PixelBox } from "../palette-painter.ts";
import type { PageText } from "./page-text.ts";

/** How a scale became known. */
export type ScaleSource = "hint" | "text" | "grid" | "calibration" | "assumed";

export type SegmentHints = {
  /** Skips the reading of labels. */
  readonly layout?: LayoutName | LeadRows;
  /** With `layout`: order of the limb leads. Default standard. */
  readonly limbOrder?: LimbOrder;
  readonly pxPerMm?: number;
  readonly speedMmPerSecond?: number;
  /** One gain for all leads, or one for limb and one for chest leads. */
  readonly gainMmPerMv?: number | { readonly limb: number; readonly chest: number };
  /** What the page's file says in text (a PDF document): goes before what is read from the pixels. */
  readonly text?: PageText;
};

/** One lead on the picture of a page. */
export type SegmentedStrip = {
  readonly lead: string;
  /** Drawn upside down (Cabrera's -aVR). */
  readonly inverted: boolean;
  readonly kind: "lead" | "rhythm";
  readonly row: number;
  readonly column: number;
  /** The name was read beside the strip; false: it follows from its place. */
  readonly labelRead: boolean;
  /** The strip's share of its row, whole pixels inside the picture. */
  readonly box: PixelBox;
  /** x in pixels of the strip's first moment; parts of a pixel where columns are. */
  readonly startPx: number;
  readonly widthPx: number;
  /** y in pixels: the calibration pulse's foot, else the median of the trace. */
  readonly zeroLinePx: number;
  readonly pxPerSecond: number;
  readonly pxPerMv: number;
  /** y in pixels of the trace in each pixel column from box.fromX to box.toX, NaN where there is none. */
  readonly tracePx: Float32Array;
  /** No trace was found beside the label. */
  readonly missing: boolean;
};

export type PageSegmentation = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pxPerMm: number;
  /** Width of a trace's stroke. */
  readonly strokePx: number;
  readonly speedMmPerSecond: number;
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number };
  /** `SD` on a page of z-scores: its text says mm/SD, or its calibration pulse is as low as no page draws 1 mV. */
  readonly amplitudeUnit: AmplitudeUnit;
  readonly sources: {
    readonly pxPerMm: ScaleSource;
    readonly speedMmPerSecond: ScaleSource;
    readonly gainMmPerMv: ScaleSource;
  };
  readonly rows: number;
  readonly columns: number;
  /** Row by row; rhythm strips last. */
  readonly strips: readonly SegmentedStrip[];
};
