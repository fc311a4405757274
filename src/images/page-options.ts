// What a caller may ask of a page, and the checked form of it that the drawing functions read.
import type { EcgRecord } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";
import { type AmplitudeUnit, amplitudeUnitOf, defaultGainMm } from "./default-gain.ts";
import type { Color } from "./display-list.ts";
import { GRID_STYLES, type GridStyle, type GridStyleName } from "./grid-styles.ts";
import { isLimbLead, type LayoutName, type LeadRows, type LimbOrder, leadPlace } from "./lead-layouts.ts";
import type { PageHeader } from "./page-header.ts";

/** A4 and US letter lie on their long side; `auto` is A4, grown where the strips need more. */
export type PageSize = "auto" | "A4" | "letter" | { readonly widthMm: number; readonly heightMm: number };

export type PageOptions = {
  /** Default `3x4`. */
  readonly layout?: LayoutName | LeadRows;
  /** Leads drawn once more over the full width below the others. Default II under 3x4, else none. */
  readonly rhythmLeads?: readonly string[];
  /** `cabrera`: aVL I -aVR II aVF III instead of I II III aVR aVL aVF. */
  readonly limbOrder?: LimbOrder;
  /** Paper speed, 12.5, 25 or 50 on real machines. Default 25. */
  readonly speedMmPerSecond?: number;
  /**
   * Gain, 5, 10 or 20 on real machines; limb and chest leads may differ. mm a standard deviation where the record is
   * z-scored. Default: {@link defaultGainMm}.
   */
  readonly gainMmPerMv?: number | { readonly limb: number; readonly chest: number };
  /** `consecutive`: column k follows column k-1 in time; `simultaneous`: every column starts at startSeconds. */
  readonly timing?: "consecutive" | "simultaneous";
  /** Where the page starts in the record. Default 0. */
  readonly startSeconds?: number;
  /** Seconds a column. Default: 250 mm of paper (or what the page holds) shared by the columns, at most the record. */
  readonly columnSeconds?: number;
  /** Default `auto`. */
  readonly page?: PageSize;
  /** Default `pink`. */
  readonly grid?: GridStyleName | GridStyle;
  /** 1 mV, 0.2 s at the start of every row or of none. Default `rows`. */
  readonly calibration?: "rows" | "none";
  /** Text above the grid. Default none: a page says nothing about the patient unless asked to. */
  readonly header?: PageHeader;
  /** The scale line below the grid. Default true. */
  readonly footer?: boolean;
  /** Said after the scale, e.g. `0.05-150 Hz  50 Hz notch`. */
  readonly filters?: string;
  /** Small print at the right of the footer, e.g. that this is no medical device. */
  readonly notice?: string;
  /**
   * Where a trace is cut off: at the edges of its row band (`band`), of its own and the two neighbouring bands
   * (`neighbours`, the default), or of the grid (`grid`). Never outside the grid.
   */
  readonly overflow?: "band" | "neighbours" | "grid";
  /** `fit` (default) moves a row's zero line by whole mm where its traces would be cut off; `fixed` does not. */
  readonly zeroLine?: "fit" | "fixed";
  /** `median` takes the median of the drawn samples from each strip (recordings with an electrode offset). Default `keep`. */
  readonly offset?: "keep" | "median";
  /** Names of the leads beside their strips. Default true. */
  readonly labels?: boolean;
  /** Default 0.28. */
  readonly traceWidthMm?: number;
  /** Default near black. */
  readonly inkColor?: Color;
};

/** Options with every default filled in and checked. */
export type ResolvedPageOptions = Required<
  Omit<PageOptions, "header" | "filters" | "notice" | "columnSeconds" | "gainMmPerMv">
> & {
  readonly header: PageHeader | undefined;
  readonly filters: string | undefined;
  readonly notice: string | undefined;
  readonly columnSeconds: number | undefined;
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number };
  readonly amplitudeUnit: AmplitudeUnit;
};

export const DEFAULT_TRACE_WIDTH_MM = 0.28;
export const DEFAULT_INK: Color = "#16161c";

/**
 * Fill in the defaults and check every number.
 * @throws EcgError INVALID_OPTION naming the option and the value; INVALID_SIGNAL when the record has no samples
 * at `startSeconds`.
 */
export function resolvePageOptions(record: EcgRecord, options: PageOptions): ResolvedPageOptions {
  const { layout = "3x4", gainMmPerMv: gain = defaultGainMm(record) } = options;
  const resolved: ResolvedPageOptions = {
    layout,
    rhythmLeads: options.rhythmLeads ?? (layout === "3x4" ? ["II"] : []),
    limbOrder: options.limbOrder ?? "standard",
    speedMmPerSecond: options.speedMmPerSecond ?? 25,
    gainMmPerMv: typeof gain === "number" ? { limb: gain, chest: gain } : gain,
    amplitudeUnit: amplitudeUnitOf(record),
    timing: options.timing ?? "consecutive",
    startSeconds: options.startSeconds ?? 0,
    columnSeconds: options.columnSeconds,
    page: options.page ?? "auto",
    grid: options.grid ?? "pink",
    calibration: options.calibration ?? "rows",
    header: options.header,
    footer: options.footer ?? true,
    filters: options.filters,
    notice: options.notice,
    overflow: options.overflow ?? "neighbours",
    zeroLine: options.zeroLine ?? "fit",
    offset: options.offset ?? "keep",
    labels: options.labels ?? true,
    traceWidthMm: options.traceWidthMm ?? DEFAULT_TRACE_WIDTH_MM,
    inkColor: options.inkColor ?? DEFAULT_INK,
  };
  requireWithin("speedMmPerSecond", resolved.speedMmPerSecond, 1, 500);
  requireWithin("gainMmPerMv (limb)", resolved.gainMmPerMv.limb, 0.1, 500);
  requireWithin("gainMmPerMv (chest)", resolved.gainMmPerMv.chest, 0.1, 500);
  requireWithin("traceWidthMm", resolved.traceWidthMm, 0.02, 5);
  if (resolved.columnSeconds !== undefined)
    requireWithin("columnSeconds", resolved.columnSeconds, 0.05, 86_400);
  if (typeof resolved.page === "object") {
    requireWithin("page.widthMm", resolved.page.widthMm, 30, 20_000);
    requireWithin("page.heightMm", resolved.page.heightMm, 20, 20_000);
  }
  requireColors(resolved);
  requireStart(record, resolved.startSeconds);
  return resolved;
}

/** The gain that a lead is drawn with. */
export function gainOf(options: ResolvedPageOptions, lead: string): number {
  return isLimbLead(lead) ? options.gainMmPerMv.limb : options.gainMmPerMv.chest;
}

/** The rhythm strips as places of a layout (a leading minus inverts). */
export function rhythmPlaces(options: ResolvedPageOptions): ReturnType<typeof leadPlace>[] {
  return options.rhythmLeads.map(leadPlace);
}

/** @throws EcgError INVALID_OPTION unless `value` is a finite number from `low` to `high`. */
export function requireWithin(name: string, value: number, low: number, high: number): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  throw new EcgError("INVALID_OPTION", `${name}: expected a number from ${low} to ${high}, got ${value}`, {
    details: { name, value, low, high },
  });
}

/** Colours end up in SVG attributes: nothing but six hexadecimal digits may stand there. */
function requireColors({ inkColor, grid }: ResolvedPageOptions): void {
  const { paper, minorColor, majorColor } = typeof grid === "object" ? grid : GRID_STYLES.pink;
  for (const [name, color] of Object.entries({ inkColor, paper, minorColor, majorColor })) {
    if (/^#[0-9a-f]{6}$/i.test(color)) continue;
    throw new EcgError("INVALID_OPTION", `${name}: expected #rrggbb, got ${JSON.stringify(color)}`);
  }
  if (typeof grid !== "object") return;
  requireWithin("grid.minorWidthMm", grid.minorWidthMm, 0.01, 1);
  requireWithin("grid.majorWidthMm", grid.majorWidthMm, 0.01, 1);
}

function requireStart(record: EcgRecord, startSeconds: number): void {
  const seconds = record.signal.sampleCount / record.samplingRateHz;
  if (!(seconds > 0)) {
    throw new EcgError(
      "INVALID_SIGNAL",
      `page of ${record.id}: expected at least one sample, got ${record.signal.sampleCount} at ${record.samplingRateHz} Hz`,
    );
  }
  if (!(startSeconds >= 0 && startSeconds < seconds)) {
    throw new EcgError(
      "INVALID_OPTION",
      `startSeconds: expected 0 to below the record's ${seconds} s, got ${startSeconds}`,
      { details: { startSeconds, seconds } },
    );
  }
}
