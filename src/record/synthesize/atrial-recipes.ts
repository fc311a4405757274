// How atrial waves look as heart vectors: sinus P waves (right atrium, then left) and ectopic ones. Times in ms from
// P onset, vectors in mV.
import { bump, type HeartWave } from "./heart-wave.ts";

export type AtrialRecipe = { readonly name: string; readonly waves: readonly HeartWave[] };

/** Right atrium forward and down, then left atrium to the left and back: upright in II, biphasic in V1. */
export const SINUS_P_WAVE: AtrialRecipe = {
  name: "sinus",
  waves: [bump(40, 15, [0.035, 0.078, -0.045]), bump(66, 16, [0.06, 0.06, 0.042])],
};

/** From a low atrial site: upwards, narrow, inverted in II, III and aVF. */
export const LOW_ATRIAL_P_WAVE: AtrialRecipe = {
  name: "low-atrial",
  waves: [bump(36, 13, [0.04, -0.07, -0.03]), bump(56, 13, [0.05, -0.06, 0.02])],
};

/** From the pulmonary veins: to the right, upright in V1, flat in I. */
export const LEFT_ATRIAL_P_WAVE: AtrialRecipe = {
  name: "left-atrial",
  waves: [bump(38, 14, [-0.05, 0.07, -0.06]), bump(60, 14, [-0.02, 0.06, -0.05])],
};
