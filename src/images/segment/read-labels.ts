// Lead names on a page: words of small letters compared with pictures of the names.
import type { InkPiece } from "./find-components.ts";
import { LABEL_TEMPLATES, TEMPLATE_ROWS } from "./label-templates.ts";
import type { InkMap } from "./read-ink.ts";

export type PageLabel = {
  /** As printed by us: `aVR`, `-aVR`, `V1`. */
  readonly label: string;
  /** Likeness to the picture of the name, at most 1. */
  readonly score: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly pieces: readonly InkPiece[];
};

type Word = { fromX: number; fromY: number; toX: number; toY: number; pieces: InkPiece[] };

const LEAST_LETTER_MM = 1.05;
const MOST_LETTER_MM = 5.5;
const MOST_WORD_MM = 20;
/** Words less like any name than this are other text. */
const LEAST_SCORE = 0.78;

const TEMPLATES = LABEL_TEMPLATES.map(({ label, columns, shades }) => ({
  label: label.replace("AV", "aV"),
  columns,
  cells: Float32Array.from(shades, (digit) => Number.parseInt(digit, 16) / 15),
}));

/** Find the lead names among the pieces of ink. */
export function readLabels(ink: InkMap, pieces: readonly InkPiece[], pxPerMm: number): PageLabel[] {
  return groupWords(pieces, pxPerMm).flatMap((word) => {
    const match = matchWord(ink, word);
    return match === undefined ? [] : [{ ...match, ...word }];
  });
}

function groupWords(pieces: readonly InkPiece[], pxPerMm: number): Word[] {
  const letters = pieces
    .filter((piece) => {
      const [widthMm, heightMm] = sizeMm(piece, pxPerMm);
      return heightMm >= LEAST_LETTER_MM && heightMm <= MOST_LETTER_MM && widthMm <= MOST_WORD_MM;
    })
    .sort((a, b) => a.fromX - b.fromX);
  const dashes = pieces.filter((piece) => {
    const [widthMm, heightMm] = sizeMm(piece, pxPerMm);
    return heightMm < 0.9 && widthMm >= 0.4 && widthMm < 1.8;
  });
  const words: Word[] = [];
  /** Words that a letter this far right may still belong to. */
  let open: Word[] = [];
  for (const piece of letters) {
    open = open.filter((one) => one.toX + MOST_LETTER_MM * pxPerMm >= piece.fromX);
    const word = open.find((one) => {
      const height = Math.max(one.toY - one.fromY, piece.toY - piece.fromY);
      const shared = Math.min(one.toY, piece.toY) - Math.max(one.fromY, piece.fromY);
      const gap = piece.fromX - one.toX;
      return (
        gap <= 0.36 * height &&
        gap > -height &&
        shared > 0.55 * Math.min(one.toY - one.fromY, piece.toY - piece.fromY)
      );
    });
    if (word !== undefined) {
      extend(word, piece);
      continue;
    }
    const started = { ...boxOf(piece), pieces: [piece] };
    words.push(started);
    open.push(started);
  }
  for (const word of words) {
    const height = word.toY - word.fromY;
    const dash = dashes.find(
      (piece) =>
        word.fromX - piece.toX >= 0 &&
        word.fromX - piece.toX < 0.4 * height &&
        (piece.fromY + piece.toY) / 2 > word.fromY + 0.35 * height &&
        (piece.fromY + piece.toY) / 2 < word.fromY + 0.9 * height,
    );
    if (dash !== undefined) extend(word, dash);
  }
  return words.filter((word) => word.toX - word.fromX <= MOST_WORD_MM * pxPerMm);
}

function sizeMm(piece: InkPiece, pxPerMm: number): [number, number] {
  return [(piece.toX - piece.fromX) / pxPerMm, (piece.toY - piece.fromY) / pxPerMm];
}

function boxOf({ fromX, fromY, toX, toY }: InkPiece): Omit<Word, "pieces"> {
  return { fromX, fromY, toX, toY };
}

function extend(word: Word, piece: InkPiece): void {
  word.fromX = Math.min(word.fromX, piece.fromX);
  word.fromY = Math.min(word.fromY, piece.fromY);
  word.toX = Math.max(word.toX, piece.toX);
  word.toY = Math.max(word.toY, piece.toY);
  word.pieces.push(piece);
}

function matchWord(ink: InkMap, word: Word): { readonly label: string; readonly score: number } | undefined {
  const aspect = ((word.toX - word.fromX) / (word.toY - word.fromY)) * TEMPLATE_ROWS;
  let best: { label: string; score: number } | undefined;
  const cells = new Map<number, Float32Array>();
  for (const { label, columns, cells: wanted } of TEMPLATES) {
    const ratio = Math.max((aspect + 0.5) / (columns + 0.5), (columns + 0.5) / (aspect + 0.5));
    if (ratio > 1.45) continue;
    let got = cells.get(columns);
    if (got === undefined) {
      got = sampleWord(ink, word, columns);
      cells.set(columns, got);
    }
    const score = likeness(got, wanted) - 0.35 * (ratio - 1);
    if (score > (best?.score ?? LEAST_SCORE)) best = { label, score };
  }
  return best;
}

/** Darkness of a word in cells of its box, each the mean of its area. */
function sampleWord({ widthPx, darkness, fullInk }: InkMap, word: Word, columns: number): Float32Array {
  const cells = new Float32Array(TEMPLATE_ROWS * columns);
  const stepX = (word.toX - word.fromX) / columns;
  const stepY = (word.toY - word.fromY) / TEMPLATE_ROWS;
  for (let row = 0; row < TEMPLATE_ROWS; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let part = 0; part < 9; part++) {
        const x = Math.floor(word.fromX + (column + ((part % 3) + 0.5) / 3) * stepX);
        const y = Math.floor(word.fromY + (row + (Math.floor(part / 3) + 0.5) / 3) * stepY);
        sum += darkness[y * widthPx + x]!;
      }
      cells[row * columns + column] = Math.min(1, sum / 9 / fullInk);
    }
  }
  return cells;
}

/** 1 less the mean squared difference over what two unlike pictures would have; 1 for equal pictures. */
function likeness(got: Float32Array, wanted: Float32Array): number {
  let [different, ink] = [0, 0];
  for (let i = 0; i < got.length; i++) {
    different += (got[i]! - wanted[i]!) ** 2;
    ink += got[i]! ** 2 + wanted[i]! ** 2;
  }
  return ink === 0 ? 0 : 1 - different / ink;
}
