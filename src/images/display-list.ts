// The one description of a drawn page: items and strips in millimetres, from which SVG and PNG are both made.

/** A rectangle in mm; the origin is the top left corner of the page, y grows downwards. */
export type BoxMm = {
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
};

/** `#rrggbb`, lower case or upper. */
export type Color = `#${string}`;

/** Millimetre paper inside `box`; lines stand at whole multiples of the two distances from its top left corner. */
export type GridItem = {
  readonly kind: "grid";
  readonly box: BoxMm;
  readonly minorMm: number;
  readonly majorMm: number;
  readonly minorColor: Color;
  readonly majorColor: Color;
  readonly minorWidthMm: number;
  readonly majorWidthMm: number;
};

export type PathRole =
  | "trace"
  | "calibration"
  | "separator"
  | "frame"
  | "rule"
  | "reconstruction"
  | "prediction";

/** Stroked polylines with round caps and joins. A run of one point is a dot. */
export type PathItem = {
  readonly kind: "path";
  readonly role: PathRole;
  /** Each run is x0, y0, x1, y1, ... in mm; a gap in the signal starts a new run. */
  readonly runs: readonly Float32Array[];
  readonly widthMm: number;
  readonly color: Color;
  /** Index into {@link DisplayList.strips} of the strip that a trace belongs to. */
  readonly strip?: number;
};

export type RectItem = { readonly kind: "rect"; readonly box: BoxMm; readonly fill: Color };

export type TextAnchor = "start" | "middle" | "end";
export type FontWeight = "regular" | "bold";

/** One line of text in the page font; `yMm` is the baseline, `sizeMm` the em size. */
export type TextItem = {
  readonly kind: "text";
  readonly role: "label" | "header" | "footer" | "legend";
  readonly xMm: number;
  readonly yMm: number;
  readonly sizeMm: number;
  readonly weight: FontWeight;
  readonly anchor: TextAnchor;
  readonly color: Color;
  readonly text: string;
};

/** A text item in regular weight from its left end, unless `style` says otherwise. */
export function createText(
  text: string,
  xMm: number,
  yMm: number,
  style: Pick<TextItem, "role" | "sizeMm" | "color"> & Partial<Pick<TextItem, "weight" | "anchor">>,
): TextItem {
  return { kind: "text", weight: "regular", anchor: "start", xMm, yMm, text, ...style };
}

export type DisplayItem = GridItem | PathItem | RectItem | TextItem;

/**
 * Where one lead is drawn and at which scale: what a program needs to cut the page into leads again, or to
 * turn drawn millimetres back into seconds and mV (see `stripX`, `stripY`).
 */
export type Strip = {
  /** The record's name of the lead (`aVR`, also where it is drawn as -aVR). */
  readonly lead: string;
  /** What is printed beside it (`aVR`, `-aVR`). */
  readonly label: string;
  /** The samples are drawn upside down (Cabrera's -aVR). */
  readonly inverted: boolean;
  readonly kind: "lead" | "rhythm";
  readonly row: number;
  readonly column: number;
  /** Seconds from the record's first sample to the strip's left edge. */
  readonly startSeconds: number;
  /** Seconds that the width of the strip stands for. */
  readonly durationSeconds: number;
  /** The strip's share of its row band. */
  readonly box: BoxMm;
  /** Outside of this box the trace is cut off. */
  readonly clip: BoxMm;
  /** y of 0 mV, or of `offsetMv` where an offset was taken away. */
  readonly zeroLineMm: number;
  readonly gainMmPerMv: number;
  readonly speedMmPerSecond: number;
  /** Subtracted from every sample before drawing (0 unless the page was asked to centre the leads). */
  readonly offsetMv: number;
  /** The record has no finite sample of this lead in the strip: only its label is drawn. */
  readonly missing: boolean;
  /** A part of the trace lay outside `clip`. */
  readonly clipped: boolean;
};

/** A page, or a figure, ready to be written as SVG or PNG. Items are painted in order. */
export type DisplayList = {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly background: Color;
  /** What the picture is, without any identity: the accessible name of an SVG. */
  readonly title: string;
  readonly items: readonly DisplayItem[];
  readonly strips: readonly Strip[];
};

/** x in mm of a time of the record (seconds from its first sample) on a strip. */
export function stripX(strip: Strip, seconds: number): number {
  return strip.box.xMm + (seconds - strip.startSeconds) * strip.speedMmPerSecond;
}

/** y in mm of an amplitude of the record's lead (mV) on a strip. */
export function stripY(strip: Strip, amplitudeMv: number): number {
  const drawnMv = (amplitudeMv - strip.offsetMv) * (strip.inverted ? -1 : 1);
  return strip.zeroLineMm - drawnMv * strip.gainMmPerMv;
}
