// When atria and ventricles are activated: the rhythm as a list of events, at the asked mean ventricular rate.
import type { Rng } from "../../shared/rng.ts";
import type { SyntheticAnatomy } from "./draw-anatomy.ts";
import { findingCode } from "./finding-catalogue.ts";
import { insertVentricularEctopics } from "./insert-ventricular-ectopics.ts";
import { planAtrialFibrillation, planAtrialFlutter } from "./plan-atrial-arrhythmia.ts";
import { planPacing } from "./plan-pacing.ts";
import { planSinusRhythm } from "./plan-sinus-rhythm.ts";
import type { HeartRequest } from "./resolve-findings.ts";
import type { RhythmPlan, RhythmRequest } from "./rhythm-plan.ts";

/**
 * Plan the rhythm of a request.
 *
 * The plan is drawn a few times with the same chance and a corrected underlying rate, until the mean ventricular
 * rate inside the recording is the asked one (as near as whole beats allow).
 */
export function planRhythm(
  request: HeartRequest,
  timing: {
    readonly prSeconds: number;
    readonly durationSeconds: number;
    readonly anatomy: SyntheticAnatomy;
  },
  rng: Rng,
): RhythmPlan {
  const asked = 60 / request.rateBpm;
  let rrSeconds = asked;
  let plan = planOnce(request, { ...timing, findings: request.findings, rrSeconds }, rng);
  for (let round = 0; round < 4; round++) {
    const mean = meanRr(plan, timing.durationSeconds);
    if (mean === undefined || Math.abs(mean / asked - 1) < 0.002) break;
    rrSeconds *= Math.min(1.25, Math.max(0.75, asked / mean));
    plan = planOnce(request, { ...timing, findings: request.findings, rrSeconds }, rng);
  }
  return plan;
}

/** Mean RR of the beats inside the recording, undefined for fewer than three. */
export function meanRr(plan: RhythmPlan, durationSeconds: number): number | undefined {
  const onsets = plan.ventricles
    .map((beat) => beat.onsetSeconds)
    .filter((onset) => onset >= 0 && onset < durationSeconds);
  if (onsets.length < 3) return undefined;
  return (onsets.at(-1)! - onsets[0]!) / (onsets.length - 1);
}

function planOnce(request: HeartRequest, rhythm: RhythmRequest, rng: Rng): RhythmPlan {
  const plan = planBase(request, rhythm, rng.fork("rhythm"));
  const codes = request.findings.map(findingCode);
  if (codes.includes("BIGU"))
    return insertVentricularEctopics(plan, rhythm, { pattern: "bigeminy", rng: rng.fork("pvc") });
  if (codes.includes("PVC"))
    return insertVentricularEctopics(plan, rhythm, { pattern: "single", rng: rng.fork("pvc") });
  return plan;
}

function planBase(request: HeartRequest, rhythm: RhythmRequest, rng: Rng): RhythmPlan {
  switch (request.rhythm) {
    case "AFIB":
      return planAtrialFibrillation(rhythm, rng);
    case "AFLT":
      return planAtrialFlutter(rhythm, rng);
    case "PACE":
      return planPacing(rhythm, rng);
    default:
      return planSinusRhythm(rhythm, rng);
  }
}
