// renderBenchPage: a page drawn anew from a recording's signal, to score models on pages that they were not trained on.
import { layoutPage } from "../images/build-page.ts";
import type { GridStyle } from "../images/grid-styles.ts";
import { renderPng } from "../images/node/render-png.ts";
import type { PageOptions } from "../images/page-options.ts";
import type { EcgRecord } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";

/** How pages are drawn instead of the dataset's own; `name` says it in words, as it was asked for. */
export type BenchPage = { readonly name: string; readonly options: PageOptions; readonly dpi: number };

/** Resolution of a dataset's own pages. */
const DEFAULT_DPI = 100;

const BLUE: GridStyle = {
  paper: "#ffffff",
  minorColor: "#d3e4f9",
  majorColor: "#a4c4ed",
  minorWidthMm: 0.1,
  majorWidthMm: 0.18,
};
const YELLOWED: GridStyle = {
  paper: "#fbf3dc",
  minorColor: "#f2cfa8",
  majorColor: "#e0a070",
  minorWidthMm: 0.1,
  majorWidthMm: 0.2,
};

const WORDS: Readonly<Record<string, PageOptions>> = {
  "3x4": { layout: "3x4" },
  "6x2": { layout: "6x2" },
  "12x1": { layout: "12x1" },
  "4x3": {
    layout: {
      rows: [
        ["I", "aVL", "V3"],
        ["II", "aVF", "V4"],
        ["III", "V1", "V5"],
        ["aVR", "V2", "V6"],
      ],
    },
  },
  cabrera: { limbOrder: "cabrera" },
  simultaneous: { timing: "simultaneous" },
  pink: { grid: "pink" },
  grey: { grid: "grey" },
  blue: { grid: BLUE },
  yellowed: { grid: YELLOWED },
  "no-grid": { grid: "none" },
  "no-pulse": { calibration: "none" },
};

const NUMBERS: Readonly<Record<string, (value: number) => PageOptions>> = {
  speed: (value) => ({ speedMmPerSecond: value }),
  gain: (value) => ({ gainMmPerMv: value }),
  line: (value) => ({ traceWidthMm: value }),
  dpi: () => ({}),
};

/** What `--render` takes, for help texts. */
export const PAGE_WORDS: string = [
  ...Object.keys(WORDS),
  ...Object.keys(NUMBERS).map((name) => `${name}=N`),
].join(", ");

/**
 * Read e.g. `6x2`, `3x4,cabrera,blue,dpi=150`, `12x1,speed=50,gain=5`.
 * @throws EcgError USAGE for a word that is none of {@link PAGE_WORDS}.
 */
export function parseBenchPage(text: string): BenchPage {
  let options: PageOptions = {};
  let dpi = DEFAULT_DPI;
  for (const part of text.split(",").map((word) => word.trim())) {
    const [name = "", number] = part.split("=");
    const value = Number(number);
    const made = number === undefined ? WORDS[name] : value > 0 ? NUMBERS[name]?.(value) : undefined;
    if (made === undefined) throw new EcgError("USAGE", `render: expected ${PAGE_WORDS}, got ${part}`);
    if (name === "dpi") dpi = value;
    options = { ...options, ...made };
  }
  return { name: text.replaceAll(" ", ""), options, dpi };
}

/** PNG of the shown window. @throws EcgError as `layoutPage` and `renderPng`. */
export async function renderBenchPage(record: EcgRecord, { options, dpi }: BenchPage): Promise<Uint8Array> {
  return renderPng(layoutPage(record, options), { dpi });
}
