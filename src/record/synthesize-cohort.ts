// A cohort of synthetic patients, some with two or three recordings whose findings change.
import type { EcgRecord } from "./ecg-record.ts";
import { type CohortPlan, planCohort } from "./synthesize/plan-cohort.ts";
import { synthesizeEcg } from "./synthesize-ecg.ts";

export { type CohortPlan, planCohort };

export type CohortOptions = {
  /** Recordings; patients are fewer. */
  readonly count: number;
  readonly seed: number | string;
  readonly samplingRateHz: number;
  readonly durationSeconds: number;
};

/**
 * `count` recordings of known patients, `synthetic:0001` and on, with findings about as common as in a clinic.
 *
 * Recordings of one patient share heart, torso and identity; electrodes are placed anew, and findings may have
 * come, gone or progressed. Everything is held in memory: for many, take {@link planCohort} and one at a time.
 * @throws EcgError INVALID_OPTION as {@link planCohort} and {@link synthesizeEcg}.
 */
export function synthesizeCohort(options: CohortOptions): EcgRecord[] {
  const { count, seed, samplingRateHz, durationSeconds } = options;
  return planCohort(count, seed).map((plan) => synthesizeEcg({ ...plan, samplingRateHz, durationSeconds }));
}
