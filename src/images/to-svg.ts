// A display list as an SVG document in real millimetres; text stays text, traces are one path a strip.
import type { DisplayItem, DisplayList, FontWeight, GridItem, PathItem, TextItem } from "./display-list.ts";
import { gridOffsets } from "./grid-styles.ts";

export type SvgOptions = {
  /**
   * The page font as base64 TrueType, for documents that must look alike on every machine. Without it viewers
   * use an installed font with the same widths (Liberation Sans, Arial, Helvetica).
   */
  readonly fontBase64?: Readonly<Record<FontWeight, string>>;
  /** Leave out the XML declaration, for SVG inside HTML. Default false. */
  readonly inline?: boolean;
};

const FONT_FAMILY = "'Heartcare Sans','Liberation Sans',Arial,Helvetica,sans-serif";

/**
 * Write a display list as SVG 1.1: `width`/`height` in mm, one user unit = 1 mm.
 *
 * Coordinates are rounded to 0.01 mm (the points of a trace) or 0.001 mm (everything else). Each trace carries
 * `data-lead`, `data-row`, `data-column`, `data-start` (s) and `data-duration` (s).
 */
export function displayListToSvg(list: DisplayList, options: SvgOptions = {}): string {
  const width = formatMm(list.widthMm);
  const height = formatMm(list.heightMm);
  const title = escapeXml(list.title);
  const parts = [
    ...(options.inline === true ? [] : ['<?xml version="1.0" encoding="UTF-8"?>\n']),
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm"`,
    ` viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    ...(options.fontBase64 === undefined ? [] : [fontFaces(options.fontBase64)]),
    `<rect width="${width}" height="${height}" fill="${list.background}"/>`,
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round"`,
    ` font-family="${FONT_FAMILY}" style="font-kerning:none">`,
    ...list.items.map((item) => writeItem(item, list)),
    "</g></svg>\n",
  ];
  return parts.join("");
}

function writeItem(item: DisplayItem, list: DisplayList): string {
  switch (item.kind) {
    case "grid":
      return writeGrid(item);
    case "path":
      return writePath(item, list);
    case "text":
      return writeText(item);
    case "rect": {
      const { xMm, yMm, widthMm, heightMm } = item.box;
      return `<rect x="${formatMm(xMm)}" y="${formatMm(yMm)}" width="${formatMm(widthMm)}" height="${formatMm(heightMm)}" fill="${item.fill}"/>`;
    }
  }
}

function writeGrid(grid: GridItem): string {
  const stroke = (color: string, widthMm: number): string =>
    `stroke="${color}" stroke-width="${formatMm(widthMm)}" stroke-linecap="square"`;
  return [
    `<path class="grid-minor" ${stroke(grid.minorColor, grid.minorWidthMm)} d="${gridLines(grid, grid.minorMm, grid.majorMm)}"/>`,
    `<path class="grid-major" ${stroke(grid.majorColor, grid.majorWidthMm)} d="${gridLines(grid, grid.majorMm)}"/>`,
  ].join("");
}

/** Lines every `stepMm`, without those that stand on a multiple of `exceptMm`. */
function gridLines(grid: GridItem, stepMm: number, exceptMm?: number): string {
  const { xMm, yMm, widthMm, heightMm } = grid.box;
  const lines: string[] = [];
  for (const at of gridOffsets(widthMm, stepMm, exceptMm)) {
    lines.push(`M${formatMm(xMm + at)} ${formatMm(yMm)}v${formatMm(heightMm)}`);
  }
  for (const at of gridOffsets(heightMm, stepMm, exceptMm)) {
    lines.push(`M${formatMm(xMm)} ${formatMm(yMm + at)}h${formatMm(widthMm)}`);
  }
  return lines.join("");
}

function writePath(item: PathItem, list: DisplayList): string {
  if (item.runs.length === 0) return "";
  const strip = item.strip === undefined ? undefined : list.strips[item.strip];
  const data =
    strip === undefined
      ? ""
      : ` data-lead="${escapeXml(strip.lead)}" data-row="${strip.row}" data-column="${strip.column}"` +
        ` data-start="${formatMm(strip.startSeconds)}" data-duration="${formatMm(strip.durationSeconds)}"`;
  const d = item.runs.map(writeRun).join("");
  return `<path class="${item.role}"${data} stroke="${item.color}" stroke-width="${formatMm(item.widthMm)}" d="${d}"/>`;
}

/** One run as a relative polyline in hundredths of a mm, so that rounding never adds up. */
function writeRun(run: Float32Array): string {
  let x = Math.round(run[0]! * 100);
  let y = Math.round(run[1]! * 100);
  const start = `M${formatHundredths(x)} ${formatHundredths(y)}`;
  if (run.length === 2) return `${start}h0`;
  let d = `${start}l`;
  for (let i = 2; i < run.length; i += 2) {
    const nextX = Math.round(run[i]! * 100);
    const nextY = Math.round(run[i + 1]! * 100);
    // A minus sign parts two numbers by itself.
    d += `${i > 2 && nextX >= x ? " " : ""}${formatHundredths(nextX - x)}`;
    d += `${nextY < y ? "" : " "}${formatHundredths(nextY - y)}`;
    x = nextX;
    y = nextY;
  }
  return d;
}

function writeText(item: TextItem): string {
  const weight = item.weight === "bold" ? ' font-weight="bold"' : "";
  const anchor = item.anchor === "start" ? "" : ` text-anchor="${item.anchor}"`;
  return (
    `<text class="${item.role}" x="${formatMm(item.xMm)}" y="${formatMm(item.yMm)}" font-size="${formatMm(item.sizeMm)}"` +
    `${weight}${anchor} fill="${item.color}" xml:space="preserve">${escapeXml(item.text)}</text>`
  );
}

function fontFaces(fontBase64: Readonly<Record<FontWeight, string>>): string {
  const face = (weight: string, base64: string): string =>
    `@font-face{font-family:'Heartcare Sans';font-weight:${weight};src:url(data:font/ttf;base64,${base64})}`;
  return `<style>${face("400", fontBase64.regular)}${face("700", fontBase64.bold)}</style>`;
}

/** At most three decimals, no exponent, no trailing zeros. */
function formatMm(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/** 1234 -> `12.34`, 5 -> `.05`, -50 -> `-.5`. */
function formatHundredths(value: number): string {
  const known = STEPS[value + MAX_STEP];
  if (known !== undefined) return known;
  const text = String(value / 100).replace(/^(-?)0\./, "$1.");
  if (Math.abs(value) <= MAX_STEP) STEPS[value + MAX_STEP] = text;
  return text;
}

/** Steps of up to 10 mm, written once: nearly all of a trace. */
const MAX_STEP = 1000;
const STEPS: (string | undefined)[] = Array.from({ length: 2 * MAX_STEP + 1 }, () => undefined);

/** Text for XML 1.0: markup escaped, characters that XML forbids left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
