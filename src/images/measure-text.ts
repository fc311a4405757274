// Widths of text in the page font, known without the font file, so that a page is laid out alike everywhere.
import type { FontWeight } from "./display-list.ts";
import { BOLD_ADVANCES, REGULAR_ADVANCES } from "./font-advances.ts";

const UNITS_PER_EM = 2048;
/** Height of a capital letter over the em size (1409 / 2048). */
export const CAP_HEIGHT_EM = 0.688;

const ADVANCES: Readonly<Record<FontWeight, ReadonlyMap<number, number>>> = {
  regular: advanceMap(REGULAR_ADVANCES),
  bold: advanceMap(BOLD_ADVANCES),
};

/**
 * Width of a line of text in mm at an em size in mm, without kerning.
 *
 * Characters that the font lacks count as one em, the width of the sign drawn in their place or of an
 * ideograph in a viewer's own font.
 */
export function textWidthMm(text: string, sizeMm: number, weight: FontWeight): number {
  const advances = ADVANCES[weight];
  let units = 0;
  for (const character of text) units += advances.get(character.codePointAt(0) ?? 0) ?? UNITS_PER_EM;
  return (units / UNITS_PER_EM) * sizeMm;
}

/** The longest beginning of a text that fits `widthMm`, with an ellipsis where something was cut. */
export function fitText(text: string, widthMm: number, sizeMm: number, weight: FontWeight): string {
  if (textWidthMm(text, sizeMm, weight) <= widthMm) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join("").trimEnd()}…`;
    if (textWidthMm(shorter, sizeMm, weight) <= widthMm) return shorter;
  }
  return "";
}

/** Break a text between words into lines of at most `widthMm`; a longer word is cut with an ellipsis. */
export function wrapText(text: string, widthMm: number, sizeMm: number, weight: FontWeight): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidthMm(longer, sizeMm, weight) <= widthMm) {
      line = longer;
      continue;
    }
    lines.push(fitText(line, widthMm, sizeMm, weight));
    line = word;
  }
  if (line !== "") lines.push(fitText(line, widthMm, sizeMm, weight));
  return lines;
}

function advanceMap(runs: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const advances = new Map<number, number>();
  for (const [first = 0, ...widths] of runs) {
    for (const [index, width] of widths.entries()) advances.set(first + index, width);
  }
  return advances;
}
