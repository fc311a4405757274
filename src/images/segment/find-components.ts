// Connected pieces of ink: horizontal runs joined where they touch, diagonals included.
import type { InkMap } from "./read-ink.ts";

/** Runs of ink pixels, one a row: run r covers x from fromX[r] to toX[r] (exclusive) in row y[r]. */
export type InkRuns = {
  readonly count: number;
  readonly y: Int32Array;
  readonly fromX: Int32Array;
  readonly toX: Int32Array;
  /** Index into the pieces. */
  readonly piece: Int32Array;
};

export type InkPiece = {
  readonly index: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly areaPx: number;
};

export type InkPieces = { readonly runs: InkRuns; readonly pieces: readonly InkPiece[] };

/** Find the connected pieces of a page's ink. */
export function findPieces(ink: InkMap): InkPieces {
  const runs = listRuns(ink);
  const parent = Int32Array.from({ length: runs.count }, (_, index) => index);
  joinRows(runs, parent);
  const indexOf = new Int32Array(runs.count).fill(-1);
  const boxes: { fromX: number; fromY: number; toX: number; toY: number; areaPx: number }[] = [];
  for (let run = 0; run < runs.count; run++) {
    const root = findRoot(parent, run);
    if (indexOf[root]! < 0) {
      indexOf[root] = boxes.length;
      boxes.push({ fromX: Infinity, fromY: Infinity, toX: 0, toY: 0, areaPx: 0 });
    }
    const piece = indexOf[root]!;
    runs.piece[run] = piece;
    const box = boxes[piece]!;
    box.fromX = Math.min(box.fromX, runs.fromX[run]!);
    box.toX = Math.max(box.toX, runs.toX[run]!);
    box.fromY = Math.min(box.fromY, runs.y[run]!);
    box.toY = Math.max(box.toY, runs.y[run]! + 1);
    box.areaPx += runs.toX[run]! - runs.fromX[run]!;
  }
  return { runs, pieces: boxes.map((box, index) => ({ index, ...box })) };
}

function listRuns({ widthPx, heightPx, darkness, inkThreshold }: InkMap): InkRuns {
  const y: number[] = [];
  const fromX: number[] = [];
  const toX: number[] = [];
  for (let row = 0; row < heightPx; row++) {
    const start = row * widthPx;
    for (let x = 0; x < widthPx; x++) {
      if (darkness[start + x]! < inkThreshold) continue;
      const from = x;
      while (x < widthPx && darkness[start + x]! >= inkThreshold) x++;
      y.push(row);
      fromX.push(from);
      toX.push(x);
    }
  }
  return {
    count: y.length,
    y: Int32Array.from(y),
    fromX: Int32Array.from(fromX),
    toX: Int32Array.from(toX),
    piece: new Int32Array(y.length),
  };
}

/** Join runs of neighbouring rows that touch; runs are sorted by row and then by x. */
function joinRows({ count, y, fromX, toX }: InkRuns, parent: Int32Array): void {
  let above = 0;
  for (let run = 0; run < count; run++) {
    while (
      above < run &&
      (y[above]! < y[run]! - 1 || (y[above]! === y[run]! - 1 && toX[above]! < fromX[run]!))
    )
      above++;
    for (let other = above; other < run && y[other]! === y[run]! - 1 && fromX[other]! <= toX[run]!; other++) {
      const [a, b] = [findRoot(parent, other), findRoot(parent, run)];
      if (a !== b) parent[b] = a;
    }
  }
}

function findRoot(parent: Int32Array, index: number): number {
  let root = index;
  while (parent[root]! !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}
