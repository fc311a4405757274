// Artificial pacing: ventricular spikes at a fixed rate, or after every P wave.
import type { Rng } from "../../shared/rng.ts";
import { sinusOnsets } from "./plan-sinus-rhythm.ts";
import {
  type AtrialActivation,
  PLAN_MARGIN_SECONDS,
  type RhythmPlan,
  type RhythmRequest,
  type VentricularActivation,
} from "./rhythm-plan.ts";

/** From the spike to the first movement of the QRS. */
const CAPTURE_SECONDS = 0.014;

/** Plan spikes and the beats that they capture. */
export function planPacing(request: RhythmRequest, rng: Rng): RhythmPlan {
  return request.findings.includes("PACE:dual") ? planDual(request, rng) : planVentricular(request, rng);
}

/** VVI: the clock of the device, with slower P waves that it ignores. */
function planVentricular(request: RhythmRequest, rng: Rng): RhythmPlan {
  const end = request.durationSeconds + PLAN_MARGIN_SECONDS;
  const first = -PLAN_MARGIN_SECONDS - rng.uniform(0, 1) * request.rrSeconds;
  const times: number[] = [];
  for (let t = first; t < end; t += request.rrSeconds) times.push(t);
  const slower = request.rrSeconds * rng.uniform(1.18, 1.6);
  const atria = sinusOnsets(request, rng.fork("sinus"), slower).map(
    (onsetSeconds): AtrialActivation => ({ onsetSeconds, kind: "sinus", conducted: false }),
  );
  return {
    atria,
    ventricles: times.map((at) => ({ onsetSeconds: at + CAPTURE_SECONDS, kind: "paced" })),
    spikes: times.map((atSeconds) => ({ atSeconds, chamber: "ventricle" })),
  };
}

/** DDD: P waves, sensed or paced, then the ventricle after the device's AV delay. */
function planDual(request: RhythmRequest, rng: Rng): RhythmPlan {
  const isAtrialPaced = rng.next() < 0.5;
  const avDelay = rng.uniform(0.14, 0.18);
  const onsets = isAtrialPaced ? regularOnsets(request, rng) : sinusOnsets(request, rng.fork("sinus"));
  const ventricles = onsets.map(
    (p): VentricularActivation => ({
      onsetSeconds: p + avDelay + CAPTURE_SECONDS,
      kind: "paced",
      pOnsetSeconds: p,
    }),
  );
  return {
    atria: onsets.map((onsetSeconds) => ({ onsetSeconds, kind: "sinus", conducted: true })),
    ventricles,
    spikes: onsets.flatMap((p) => [
      ...(isAtrialPaced ? [{ atSeconds: p - 0.012, chamber: "atrium" as const }] : []),
      { atSeconds: p + avDelay, chamber: "ventricle" as const },
    ]),
  };
}

function regularOnsets(request: RhythmRequest, rng: Rng): number[] {
  const onsets: number[] = [];
  const first = -PLAN_MARGIN_SECONDS - rng.uniform(0, 1) * request.rrSeconds;
  for (let t = first; t < request.durationSeconds + PLAN_MARGIN_SECONDS; t += request.rrSeconds)
    onsets.push(t);
  return onsets;
}
