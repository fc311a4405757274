// The four limb leads that follow from I and II: Einthoven's law and Goldberger's augmented leads.
import { EcgError } from "../shared/errors.ts";

/** The eight leads that a twelve-lead ECG is made of; the other four follow from I and II. */
export const INDEPENDENT_LEADS = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"] as const;

/** The leads that {@link deriveLimbLeads} gives. */
export const DERIVED_LIMB_LEADS = ["III", "aVR", "aVL", "aVF"] as const;
export type DerivedLimbLead = (typeof DERIVED_LIMB_LEADS)[number];

/**
 * III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2, sample by sample in the unit of the input.
 * NaN where I or II is NaN; the input is not modified.
 * @throws EcgError SHAPE_MISMATCH when I and II differ in length.
 * Source: Macfarlane et al., Comprehensive Electrocardiology (2nd ed.), chapter 10.
 */
export function deriveLimbLeads(
  leadI: ArrayLike<number>,
  leadII: ArrayLike<number>,
): Readonly<Record<DerivedLimbLead, Float64Array>> {
  const { length } = leadI;
  if (leadII.length !== length) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `deriveLimbLeads: expected ${length} samples in lead II as in lead I, got ${leadII.length}`,
    );
  }
  const derived = {
    III: new Float64Array(length),
    aVR: new Float64Array(length),
    aVL: new Float64Array(length),
    aVF: new Float64Array(length),
  };
  for (let t = 0; t < length; t++) {
    const one = leadI[t]!;
    const two = leadII[t]!;
    derived.III[t] = two - one;
    derived.aVR[t] = -(one + two) / 2;
    derived.aVL[t] = one - two / 2;
    derived.aVF[t] = two - one / 2;
  }
  return derived;
}
