// Premature ventricular beats in a rhythm: early, without a P wave, and the next conducted beat is missing.
import type { Rng } from "../../shared/rng.ts";
import { chooseApart } from "./plan-sinus-rhythm.ts";
import type { RhythmPlan, RhythmRequest, VentricularActivation } from "./rhythm-plan.ts";

type EctopicOptions = { readonly pattern: "single" | "bigeminy"; readonly rng: Rng };

/**
 * Put premature beats after some beats (one to three in ten seconds) or after every beat that is conducted.
 *
 * The coupling interval is nearly constant. A premature beat makes the ventricles refractory: the beat that would
 * have come next is left out, so that in sinus rhythm the pause is fully compensatory.
 */
export function insertVentricularEctopics(
  plan: RhythmPlan,
  request: RhythmRequest,
  { pattern, rng }: EctopicOptions,
): RhythmPlan {
  const coupling = Math.min(Math.max(0.36, request.rrSeconds * rng.uniform(0.5, 0.62)), 0.6);
  const parity = rng.integer(2);
  const chosen =
    pattern === "bigeminy"
      ? new Set(plan.ventricles.flatMap((_, index) => (index % 2 === parity ? [index] : [])))
      : chooseBeats(plan, request, { coupling, rng });
  const ventricles: VentricularActivation[] = [];
  const unanswered = new Set<number>();
  let blockedUntil = Number.NEGATIVE_INFINITY;
  for (const [index, beat] of plan.ventricles.entries()) {
    if (beat.onsetSeconds < blockedUntil) {
      if (beat.pOnsetSeconds !== undefined) unanswered.add(beat.pOnsetSeconds);
      continue;
    }
    ventricles.push(beat);
    if (!chosen.has(index)) continue;
    const onsetSeconds = beat.onsetSeconds + coupling + 0.008 * Math.max(-2, Math.min(2, rng.normal()));
    ventricles.push({ onsetSeconds, kind: "ventricular-ectopic" });
    const next = plan.ventricles[index + 1]?.onsetSeconds ?? onsetSeconds;
    blockedUntil = Math.max(onsetSeconds + 0.34, next + 0.001);
  }
  return {
    ...plan,
    ventricles,
    atria: plan.atria.map((p) => (unanswered.has(p.onsetSeconds) ? { ...p, conducted: false } : p)),
  };
}

function chooseBeats(
  plan: RhythmPlan,
  request: RhythmRequest,
  { coupling, rng }: { readonly coupling: number; readonly rng: Rng },
): ReadonlySet<number> {
  const inside = plan.ventricles.flatMap((beat, index) => {
    const at = beat.onsetSeconds + coupling;
    const rr = (plan.ventricles[index + 1]?.onsetSeconds ?? Number.POSITIVE_INFINITY) - beat.onsetSeconds;
    return at > 0.25 && at < request.durationSeconds - 0.6 && rr > coupling + 0.06 ? [index] : [];
  });
  const fallback = plan.ventricles.findIndex((beat) => beat.onsetSeconds + coupling > 0.1);
  const wanted = Math.max(1, Math.round((request.durationSeconds / 10) * rng.uniform(0.8, 3.2)));
  return chooseApart(inside.length > 0 ? inside : [fallback], wanted, rng);
}
