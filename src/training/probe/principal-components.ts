// Principal components of many long rows by randomised subspace iteration (Halko, Martinsson & Tropp 2011).
import { createRng } from "../../shared/rng.ts";

export type Components = {
  readonly means: Float64Array;
  /** (count, width), orthonormal, most variance first up to the accuracy of the iteration. */
  readonly vectors: Float64Array;
  readonly width: number;
};

/** Fit `count` components to rows (rows, width). */
export function fitComponents(
  data: Float32Array,
  width: number,
  options: { readonly count: number; readonly seed: number; readonly iterations?: number },
): Components {
  const rows = data.length / width;
  const means = new Float64Array(width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) means[i]! += data[row * width + i]! / rows;
  const rng = createRng(options.seed);
  const size = Math.min(options.count + 8, width, rows);
  let basis = Float64Array.from({ length: size * width }, () => rng.normal());
  orthonormalise(basis, width);
  for (let iteration = 0; iteration < (options.iterations ?? 4); iteration++) {
    basis = multiplyCovariance(data, means, basis);
    orthonormalise(basis, width);
  }
  return { means, vectors: basis.slice(0, Math.min(options.count, size) * width), width };
}

/** Scores of rows, (rows, count). */
export function projectRows({ means, vectors, width }: Components, data: Float32Array): Float64Array {
  const rows = data.length / width;
  const count = vectors.length / width;
  const scores = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (data[row * width + i]! - means[i]!) * vectors[k * width + i]!;
      scores[row * count + k] = sum;
    }
  }
  return scores;
}

/** Each basis vector times (X - mean)'(X - mean). */
function multiplyCovariance(
  data: Float32Array,
  means: Float64Array,
  basis: Float64Array,
): Float64Array<ArrayBuffer> {
  const width = means.length;
  const count = basis.length / width;
  const out = new Float64Array(basis.length);
  const centred = new Float64Array(width);
  for (let row = 0; row < data.length / width; row++) {
    for (let i = 0; i < width; i++) centred[i] = data[row * width + i]! - means[i]!;
    for (let k = 0; k < count; k++) {
      const at = k * width;
      let product = 0;
      for (let i = 0; i < width; i++) product += centred[i]! * basis[at + i]!;
      for (let i = 0; i < width; i++) out[at + i]! += product * centred[i]!;
    }
  }
  return out;
}

/** Gram-Schmidt, twice for accuracy; rows become an orthonormal basis. */
function orthonormalise(basis: Float64Array, width: number): void {
  const count = basis.length / width;
  for (let k = 0; k < count; k++) {
    const own = basis.subarray(k * width, (k + 1) * width);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < k; other++) {
        const earlier = basis.subarray(other * width, (other + 1) * width);
        let product = 0;
        for (let i = 0; i < width; i++) product += own[i]! * earlier[i]!;
        for (let i = 0; i < width; i++) own[i]! -= product * earlier[i]!;
      }
    }
    let norm = 0;
    for (const value of own) norm += value * value;
    norm = Math.sqrt(norm) || 1;
    for (let i = 0; i < width; i++) own[i]! /= norm;
  }
}
