// Which pieces of ink are texts that the page's file names.
import type { PixelBox } from "../palette-painter.ts";
import type { InkPiece } from "./find-components.ts";
import type { PageText } from "./page-text.ts";
import type { PageLabel } from "./read-labels.ts";

/** A page whose file names fewer leads than this has its names read from the ink. */
const FEWEST_LABELS = 4;
/** How far letters reach beyond the box of their line, in heights of capitals: descenders, round letters. */
const OVERHANG = 0.35;

/** The lead names of a page's text with their ink; undefined where it names too few leads to go by. */
export function labelsFromText(
  text: PageText | undefined,
  pieces: readonly InkPiece[],
): PageLabel[] | undefined {
  if (text === undefined || new Set(text.labels.map(({ label }) => label)).size < FEWEST_LABELS)
    return undefined;
  return text.labels.map((label) => ({
    ...label,
    score: 1,
    pieces: pieces.filter((one) => isIn(one, label)),
  }));
}

/** Indices of the pieces of ink that lie within a text. A trace that crosses a text does not. */
export function piecesOfText(text: PageText | undefined, pieces: readonly InkPiece[]): Set<number> {
  const boxes = text?.boxes ?? [];
  if (boxes.length === 0) return new Set();
  return new Set(pieces.filter((piece) => boxes.some((box) => isIn(piece, box))).map(({ index }) => index));
}

function isIn(piece: InkPiece, box: PixelBox): boolean {
  const overhang = OVERHANG * (box.toY - box.fromY) + 1;
  return (
    piece.fromX >= box.fromX - overhang &&
    piece.toX <= box.toX + overhang &&
    piece.fromY >= box.fromY - overhang &&
    piece.toY <= box.toY + overhang
  );
}
