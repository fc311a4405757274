// One trace followed column by column through the upright runs of ink of its part of the page.
import type { ColumnRuns } from "./column-runs.ts";

export type TracePath = {
  /** Top and bottom of the followed run of each column, NaN where there is none. */
  readonly top: Float32Array;
  readonly bottom: Float32Array;
};

export type FollowBox = {
  readonly fromX: number;
  readonly toX: number;
  readonly zeroLinePx: number;
  /** Runs further from the zero line than this are not the trace's. */
  readonly reachPx: number;
  readonly pxPerMm: number;
};

/** Cost of a column without ink, of a jump, of each pixel of it, and of each mm off the zero line. */
const SKIP_COST = 1.2;
const JUMP_COST = 1.5;
const JUMP_COST_MM = 0.6;
const OFF_COST_MM = 0.02;

type Step = { readonly run: number; readonly cost: number; readonly from: number; readonly last: number };

/**
 * The path of least cost: runs that touch from column to column, near the zero line, with few columns left out.
 * Dynamic programming over the runs of each column and the choice of none.
 */
export function followTrace(runs: ColumnRuns, box: FollowBox): TracePath {
  const { fromX, toX, zeroLinePx, reachPx, pxPerMm } = box;
  const steps: Step[][] = [];
  /** Runs that a step without ink still remembers: [top, bottom]. */
  let before: Step[] = [{ run: -1, cost: 0, from: -1, last: -1 }];
  for (let x = fromX; x < toX; x++) {
    const column = runs[x] ?? [];
    const next: Step[] = [];
    for (let run = 0; run < column.length; run += 2) {
      const [top, bottom] = [column[run]!, column[run + 1]!];
      const off = Math.max(0, top - zeroLinePx, zeroLinePx - bottom);
      if (off > reachPx) continue;
      let best = { cost: Number.POSITIVE_INFINITY, from: -1 };
      for (const [index, step] of before.entries()) {
        const cost = step.cost + jumpCost(runs, step, top, bottom, pxPerMm);
        if (cost < best.cost) best = { cost, from: index };
      }
      const offMm = Math.abs((top + bottom) / 2 - zeroLinePx) / pxPerMm;
      next.push({ run, cost: best.cost + OFF_COST_MM * offMm, from: best.from, last: x * 64 + run / 2 });
    }
    let idle = 0;
    for (const [index, step] of before.entries()) if (step.cost < before[idle]!.cost) idle = index;
    const kept = before[idle]!;
    next.push({ run: -1, cost: kept.cost + SKIP_COST, from: idle, last: kept.last });
    steps.push(next);
    before = next;
  }
  return readBack(runs, steps, fromX);
}

function jumpCost(runs: ColumnRuns, step: Step, top: number, bottom: number, pxPerMm: number): number {
  if (step.last < 0) return 0;
  const column = runs[Math.floor(step.last / 64)]!;
  const run = (step.last % 64) * 2;
  const gap = Math.max(top - column[run + 1]!, column[run]! - bottom);
  return gap <= 1 ? 0 : JUMP_COST + (JUMP_COST_MM * gap) / pxPerMm;
}

function readBack(runs: ColumnRuns, steps: readonly Step[][], fromX: number): TracePath {
  const top = new Float32Array(steps.length).fill(Number.NaN);
  const bottom = new Float32Array(steps.length).fill(Number.NaN);
  const last = steps.at(-1) ?? [];
  let at = 0;
  for (const [index, step] of last.entries()) if (step.cost < last[at]!.cost) at = index;
  for (let column = steps.length - 1; column >= 0; column--) {
    const step = steps[column]![at]!;
    if (step.run >= 0) {
      top[column] = runs[fromX + column]![step.run]!;
      bottom[column] = runs[fromX + column]![step.run + 1]!;
    }
    at = step.from;
  }
  return { top, bottom };
}
