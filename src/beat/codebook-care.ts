// Codebooks from data: k-means starts them, and codes that nobody chooses are moved to where vectors are.
import type { Rng } from "../shared/rng.ts";

/** Rows of vectors, (rows, dimension). */
export type Rows = { readonly data: Float32Array; readonly dimension: number };

/** Number of rows. */
export function rowCount(rows: Rows): number {
  return rows.data.length / rows.dimension;
}

/**
 * k-means of the rows: `count` centres (count, dimension) and how many rows each has.
 * Starts at distinct random rows; a centre that loses all rows moves to a random row.
 */
export function kMeans(
  rows: Rows,
  count: number,
  { iterations, rng }: { readonly iterations: number; readonly rng: Rng },
): { centres: Float32Array; counts: Float32Array } {
  const { dimension, data } = rows;
  const total = rowCount(rows);
  const centres = new Float32Array(count * dimension);
  const order = rng.shuffle(Array.from({ length: total }, (_, index) => index));
  for (let k = 0; k < count; k++) {
    const row = order[k % total]!;
    centres.set(data.subarray(row * dimension, (row + 1) * dimension), k * dimension);
  }
  let counts = new Float32Array(count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const nearest = nearestCentres(rows, centres);
    const sums = new Float64Array(count * dimension);
    counts = new Float32Array(count);
    for (let row = 0; row < total; row++) {
      const k = nearest[row]!;
      counts[k]!++;
      for (let d = 0; d < dimension; d++) sums[k * dimension + d]! += data[row * dimension + d]!;
    }
    for (let k = 0; k < count; k++) {
      if (counts[k] === 0) {
        const row = rng.integer(total);
        centres.set(data.subarray(row * dimension, (row + 1) * dimension), k * dimension);
        continue;
      }
      for (let d = 0; d < dimension; d++) centres[k * dimension + d] = sums[k * dimension + d]! / counts[k]!;
    }
  }
  return { centres, counts };
}

/** Index of the nearest centre of each row (squared distance; the lowest index wins ties). */
export function nearestCentres(rows: Rows, centres: Float32Array): Int32Array {
  const { dimension, data } = rows;
  const total = rowCount(rows);
  const count = centres.length / dimension;
  const norms = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    for (let d = 0; d < dimension; d++) norms[k]! += centres[k * dimension + d]! ** 2;
  }
  const nearest = new Int32Array(total);
  for (let row = 0; row < total; row++) {
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      let product = 0;
      for (let d = 0; d < dimension; d++) product += data[row * dimension + d]! * centres[k * dimension + d]!;
      const distance = norms[k]! - 2 * product;
      if (distance < best) {
        best = distance;
        nearest[row] = k;
      }
    }
  }
  return nearest;
}

/** Rows minus the centre that each chose: what the next level quantises. */
export function residualRows(rows: Rows, centres: Float32Array, nearest: Int32Array): Rows {
  const data = rows.data.slice();
  for (let row = 0; row < nearest.length; row++) {
    for (let d = 0; d < rows.dimension; d++)
      data[row * rows.dimension + d]! -= centres[nearest[row]! * rows.dimension + d]!;
  }
  return { data, dimension: rows.dimension };
}

/** Live arrays of one EMA codebook. */
export type EmaCodebook = {
  readonly codes: Float32Array;
  readonly counts: Float32Array;
  readonly sums: Float32Array;
};

/** Write centres into a codebook, with running counts as if `rowsPerStep` rows came each step. */
export function startCodebook(
  codebook: EmaCodebook,
  { centres, counts }: { readonly centres: Float32Array; readonly counts: Float32Array },
  rowsPerStep: number,
): void {
  const total = counts.reduce((sum, value) => sum + value, 0);
  const dimension = codebook.codes.length / codebook.counts.length;
  codebook.codes.set(centres);
  for (let k = 0; k < counts.length; k++) {
    const share = Math.max(0.1, (counts[k]! / total) * rowsPerStep);
    codebook.counts[k] = share;
    for (let d = 0; d < dimension; d++)
      codebook.sums[k * dimension + d] = centres[k * dimension + d]! * share;
  }
}

/**
 * Move codes whose running count fell below `threshold` to random rows. Returns how many were moved.
 * A moved code starts with the count that an average code has, so that it is not moved again at once.
 */
export function reviveDeadCodes(
  codebook: EmaCodebook,
  rows: Rows,
  { threshold, rng }: { readonly threshold: number; readonly rng: Rng },
): number {
  const { dimension } = rows;
  const average = codebook.counts.reduce((sum, value) => sum + value, 0) / codebook.counts.length;
  let moved = 0;
  for (let k = 0; k < codebook.counts.length; k++) {
    if (codebook.counts[k]! >= threshold) continue;
    const row = rng.integer(rowCount(rows));
    const vector = rows.data.subarray(row * dimension, (row + 1) * dimension);
    codebook.codes.set(vector, k * dimension);
    codebook.counts[k] = average;
    for (let d = 0; d < dimension; d++) codebook.sums[k * dimension + d] = vector[d]! * average;
    moved++;
  }
  return moved;
}
