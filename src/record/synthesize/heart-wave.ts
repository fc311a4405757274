// The building block of the synthetic heart: a Gaussian wave of the 3-D heart vector. After McSharry et al.,
// IEEE TBME 50 (2003) 289-294, and its vector form by Sameni et al., EURASIP J. Adv. Signal Process. (2007) 43407.

/** A heart vector in mV: towards the patient's left, towards the feet, towards the back (Frank's X, Y, Z). */
export type HeartVector = readonly [leftMv: number, downMv: number, backMv: number];

/** Where in the heart a wave arises; electrodes near it see it enlarged ({@link file://./lead-field.ts}). */
export type SourceSite = "whole" | "anterior" | "inferior" | "lateral" | "right";

/**
 * One wave of the heart vector: it grows along a Gaussian flank of width `before`, holds its full size from
 * `from` to `to`, and falls along a flank of width `after`. `from = to` is a plain (asymmetric) Gaussian.
 *
 * The unit of the four times is the recipe's: ms for QRS and P, fractions of the J-to-T-end interval for ST-T.
 */
export type HeartWave = {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
  readonly vector: HeartVector;
  readonly site: SourceSite;
};

/** How a ventricular beat looks: depolarisation in ms around R, repolarisation in fractions of J to T end. */
export type VentricularRecipe = {
  readonly name: string;
  readonly qrs: readonly HeartWave[];
  readonly repolarisation: readonly HeartWave[];
};

/** Flanks are cut where they have fallen to exp(-4.5^2 / 2) = 4e-5 of their height. */
export const FLANK_CUT = 4.5;

/** A Gaussian wave: centre and width in the recipe's unit, vector in mV. */
export function bump(
  at: number,
  width: number | readonly [before: number, after: number],
  vector: HeartVector,
  site: SourceSite = "whole",
): HeartWave {
  const [before, after] = typeof width === "number" ? [width, width] : width;
  return { from: at, to: at, before, after, vector, site };
}

/** A flat-topped wave, for shifted ST segments. */
export function plateau(
  span: readonly [from: number, to: number],
  flanks: readonly [before: number, after: number],
  vector: HeartVector,
  site: SourceSite = "whole",
): HeartWave {
  return { from: span[0], to: span[1], before: flanks[0], after: flanks[1], vector, site };
}

/** Height of a wave at a time, 0 to 1. */
export function waveHeight(
  wave: { readonly from: number; readonly to: number; readonly before: number; readonly after: number },
  at: number,
): number {
  const z = at < wave.from ? (at - wave.from) / wave.before : at > wave.to ? (at - wave.to) / wave.after : 0;
  return z > -FLANK_CUT && z < FLANK_CUT ? Math.exp(-0.5 * z * z) : 0;
}

/** The same wave with another vector. */
export function withVector(wave: HeartWave, vector: HeartVector): HeartWave {
  return { ...wave, vector };
}

/** Multiply a vector's three parts. */
export function scaleVector(vector: HeartVector, factors: HeartVector | number): HeartVector {
  const [x, y, z] = typeof factors === "number" ? [factors, factors, factors] : factors;
  return [vector[0] * x, vector[1] * y, vector[2] * z];
}

/** Sum of two vectors. */
export function addVectors(a: HeartVector, b: HeartVector): HeartVector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}
