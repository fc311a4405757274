// The line below the grid: the scale that the page is really drawn at, filters, time shown, small print.
import { type BoxMm, createText, type TextItem } from "./display-list.ts";
import { fitText, textWidthMm } from "./measure-text.ts";
import type { ResolvedPageOptions } from "./page-options.ts";

const TEXT_MM = 2.7;
const NOTICE_MM = 2.2;
const TEXT_COLOR = "#16161c";
const NOTICE_COLOR = "#5c5c66";

/** `25 mm/s`, `10 mm/mV` (or `limb 10 mm/mV`, `chest 5 mm/mV`; `2.5 mm/SD` of z-scores): what the footer prints. */
export function scaleTexts(
  options: Pick<ResolvedPageOptions, "speedMmPerSecond" | "gainMmPerMv" | "amplitudeUnit">,
): string[] {
  const { limb, chest } = options.gainMmPerMv;
  const unit = `mm/${options.amplitudeUnit}`;
  const gains =
    limb === chest
      ? [`${formatNumber(limb)} ${unit}`]
      : [`limb ${formatNumber(limb)} ${unit}`, `chest ${formatNumber(chest)} ${unit}`];
  return [`${formatNumber(options.speedMmPerSecond)} mm/s`, ...gains];
}

/** Scale and filters at the left, small print at the right, of a baseline just below the grid. */
export function drawFooter(options: ResolvedPageOptions, grid: BoxMm, shownSeconds: number): TextItem[] {
  const yMm = grid.yMm + grid.heightMm + 4.4;
  const items: TextItem[] = [];
  let leftMm = 0;
  if (options.footer) {
    const parts = [...scaleTexts(options), ...(options.filters === undefined ? [] : [options.filters])];
    if (options.startSeconds > 0) {
      parts.push(
        `${formatNumber(options.startSeconds)} s to ${formatNumber(options.startSeconds + shownSeconds)} s`,
      );
    }
    const text = fitText(parts.join("    "), grid.widthMm, TEXT_MM, "regular");
    leftMm = textWidthMm(text, TEXT_MM, "regular") + 6;
    items.push(createText(text, grid.xMm, yMm, { role: "footer", sizeMm: TEXT_MM, color: TEXT_COLOR }));
  }
  if (options.notice !== undefined) {
    const text = fitText(options.notice, grid.widthMm - leftMm, NOTICE_MM, "regular");
    const style = { role: "footer", sizeMm: NOTICE_MM, color: NOTICE_COLOR, anchor: "end" } as const;
    items.push(createText(text, grid.xMm + grid.widthMm, yMm, style));
  }
  return items;
}

function formatNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
