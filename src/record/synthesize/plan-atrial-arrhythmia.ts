// Atrial fibrillation and flutter: continuous atrial activity, and ventricles that follow irregularly or by a ratio.
import type { Rng } from "../../shared/rng.ts";
import {
  PLAN_MARGIN_SECONDS,
  type RhythmPlan,
  type RhythmRequest,
  type VentricularActivation,
} from "./rhythm-plan.ts";

/** Shortest RR that a fibrillating heart shows here, in seconds. */
const REFRACTORY_SECONDS = 0.29;

/** Medians of the eight eighths of a normal distribution. */
const NORMAL_EIGHTHS = [-1.53, -0.89, -0.49, -0.16, 0.16, 0.49, 0.89, 1.53] as const;

/**
 * RR intervals without order, right-skewed above the refractory period. Every eight intervals come from the eight
 * eighths of the distribution, shuffled, so that ten seconds are never nearly regular by chance (CV 0.15 to 0.3).
 */
export function planAtrialFibrillation(request: RhythmRequest, rng: Rng): RhythmPlan {
  const ventricles: VentricularActivation[] = [];
  const spread = rng.uniform(0.2, 0.26);
  const random = rng.fork("rr");
  let deck: number[] = [];
  let t = -PLAN_MARGIN_SECONDS - random.uniform(0, 1) * request.rrSeconds;
  while (t < request.durationSeconds + PLAN_MARGIN_SECONDS) {
    ventricles.push({ onsetSeconds: t, kind: "fibrillation" });
    if (deck.length === 0) deck = random.shuffle(NORMAL_EIGHTHS);
    const z = deck.pop()! + random.uniform(-0.25, 0.25);
    const rr = request.rrSeconds * Math.exp(spread * z - (spread * spread) / 2);
    t += Math.max(REFRACTORY_SECONDS, rr);
  }
  return {
    atria: [],
    ventricles,
    spikes: [],
    oscillation: { kind: "fibrillation", rateHz: rng.uniform(5.2, 7.6), phase: rng.uniform(0, 2 * Math.PI) },
  };
}

const FLUTTER_RATIOS: Readonly<Record<string, readonly number[]>> = {
  "AFLT:2-to-1": [2],
  "AFLT:3-to-1": [3],
  "AFLT:4-to-1": [4],
  "AFLT:variable": [2, 4, 3, 2, 4, 4, 2, 3],
};

/** Flutter near 300 per minute; ventricles answer every n-th wave, always at the same point of the cycle. */
export function planAtrialFlutter(request: RhythmRequest, rng: Rng): RhythmPlan {
  const name = request.findings.find((finding) => finding in FLUTTER_RATIOS) ?? "AFLT:2-to-1";
  const ratios = FLUTTER_RATIOS[name]!;
  const isVariable = ratios.length > 1;
  const meanRatio = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const cycle = Math.min(60 / 225, Math.max(60 / 345, request.rrSeconds / meanRatio));
  const random = rng.fork("ratios");
  const ventricles: VentricularActivation[] = [];
  const first = -PLAN_MARGIN_SECONDS - rng.uniform(0, 1) * request.rrSeconds;
  const delay = rng.uniform(0.1, 0.3) * cycle;
  for (let wave = 0, at = first; at < request.durationSeconds + PLAN_MARGIN_SECONDS; ) {
    at = first + wave * cycle + delay;
    ventricles.push({ onsetSeconds: at, kind: "flutter" });
    wave += isVariable ? random.pick(ratios) : ratios[0]!;
  }
  return {
    atria: [],
    ventricles,
    spikes: [],
    oscillation: { kind: "flutter", rateHz: 1 / cycle, phase: (-2 * Math.PI * first) / cycle },
  };
}
