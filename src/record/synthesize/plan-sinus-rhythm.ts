// Sinus rhythm: P waves at intervals that breathe and wander, atrial premature beats, and AV conduction of all degrees.
import type { Rng } from "../../shared/rng.ts";
import { findingCode } from "./finding-catalogue.ts";
import {
  type AtrialActivation,
  PLAN_MARGIN_SECONDS,
  type RhythmPlan,
  type RhythmRequest,
  type VentricularActivation,
} from "./rhythm-plan.ts";

/** Plan P waves and their conduction. */
export function planSinusRhythm(request: RhythmRequest, rng: Rng): RhythmPlan {
  const codes = request.findings.map(findingCode);
  if (codes.includes("3AVB")) return planCompleteBlock(request, rng);
  if (codes.includes("2AVB")) return planSecondDegreeBlock(request, rng);
  const sinus = sinusOnsets(request, rng.fork("sinus"));
  const atria = codes.includes("PAC")
    ? insertAtrialEctopics(sinus, request, rng.fork("pac"))
    : sinus.map(toSinus);
  const ventricles = atria.map((p): VentricularActivation => {
    const delay = p.kind === "ectopic" ? request.prSeconds + 0.012 : request.prSeconds;
    return {
      onsetSeconds: p.onsetSeconds + delay,
      kind: p.kind === "ectopic" ? "atrial-ectopic" : "sinus",
      pOnsetSeconds: p.onsetSeconds,
    };
  });
  return { atria, ventricles, spikes: [] };
}

/**
 * Onsets of sinus P waves from before the recording to after it.
 *
 * RR = mean (1 + respiratory + slow (0.1 Hz) + 1/f), after the spectrum of Task Force ESC/NASPE, Circulation 93
 * (1996) 1043-1065. In plain sinus rhythm the swing stays below 0.12 s; in sinus arrhythmia it is above.
 */
export function sinusOnsets(
  request: RhythmRequest,
  rng: Rng,
  rrSeconds: number = request.rrSeconds,
): number[] {
  const { anatomy } = request;
  const isArrhythmia = request.findings.includes("SARRH");
  const depth = isArrhythmia
    ? rng.uniform(0.13, 0.2)
    : Math.min(anatomy.variability.respiratory, 0.03 / rrSeconds);
  const breathHz = isArrhythmia ? Math.min(anatomy.respirationHz, 0.27) : anatomy.respirationHz;
  const slow = Math.min(anatomy.variability.slow, 0.014 / rrSeconds);
  const drift = Math.min(anatomy.variability.drift, 0.008 / rrSeconds);
  const tones = Array.from({ length: 6 }, (_, k) => ({
    hz: 0.012 * 1.7 ** k,
    phase: rng.uniform(0, 2 * Math.PI),
  }));
  const phases = [rng.uniform(0, 2 * Math.PI), rng.uniform(0, 2 * Math.PI)] as const;
  const modulation = (t: number): number => {
    let value = depth * Math.sin(2 * Math.PI * breathHz * t + phases[0]);
    value += slow * Math.sin(2 * Math.PI * 0.095 * t + phases[1]);
    for (const tone of tones) value += drift * 0.4 * Math.sin(2 * Math.PI * tone.hz * t + tone.phase);
    return value;
  };
  const onsets: number[] = [];
  const end = request.durationSeconds + PLAN_MARGIN_SECONDS;
  let t = -PLAN_MARGIN_SECONDS - rng.uniform(0, 1) * rrSeconds;
  while (t < end) {
    onsets.push(t);
    t += rrSeconds * (1 + modulation(t) + 0.002 * Math.max(-2, Math.min(2, rng.normal())));
  }
  return onsets;
}

function toSinus(onsetSeconds: number): AtrialActivation {
  return { onsetSeconds, kind: "sinus", conducted: true };
}

/** Early P waves from elsewhere; the sinus node starts again from them. */
function insertAtrialEctopics(
  sinus: readonly number[],
  request: RhythmRequest,
  rng: Rng,
): AtrialActivation[] {
  const { rrSeconds, durationSeconds, prSeconds } = request;
  const inside = sinus.flatMap((onset, index) =>
    onset > rrSeconds * 0.6 && onset < durationSeconds - prSeconds - 0.5 ? [index] : [],
  );
  const wanted = Math.max(1, Math.round((durationSeconds / 10) * rng.uniform(0.8, 2.6)));
  const chosen = chooseApart(inside.length > 0 ? inside : [Math.floor(sinus.length / 2)], wanted, rng);
  const prematurity = Math.max(0.42 / rrSeconds, rng.uniform(0.56, 0.7));
  const atria: AtrialActivation[] = [];
  let shift = 0;
  for (const [index, onset] of sinus.entries()) {
    if (!chosen.has(index)) {
      atria.push(toSinus(onset + shift));
      continue;
    }
    const early = rrSeconds * (1 - Math.min(0.8, prematurity + rng.uniform(-0.015, 0.015)));
    atria.push({ onsetSeconds: onset + shift - early, kind: "ectopic", conducted: true });
    shift -= early - rrSeconds * 0.06;
  }
  return extend(atria, rrSeconds, durationSeconds);
}

/** Some of the indices, none next to another. */
export function chooseApart(indices: readonly number[], wanted: number, rng: Rng): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (const index of rng.shuffle(indices)) {
    if (chosen.size >= wanted) break;
    const isFree = [-2, -1, 0, 1, 2].every((step) => !chosen.has(index + step));
    if (isFree) chosen.add(index);
  }
  return chosen;
}

/** Resetting the sinus node moves later beats forward: fill the end again. */
function extend(atria: AtrialActivation[], rrSeconds: number, durationSeconds: number): AtrialActivation[] {
  let last = atria.at(-1)?.onsetSeconds ?? 0;
  while (last < durationSeconds + PLAN_MARGIN_SECONDS) {
    last += rrSeconds;
    atria.push(toSinus(last));
  }
  return atria;
}

/** Added to PR at each step of a Wenckebach cycle: it grows, by less every time. */
const WENCKEBACH_GROWTH = [0, 0.085, 0.125, 0.15] as const;

/** Groups of P waves the last of which is not conducted. */
function planSecondDegreeBlock(request: RhythmRequest, rng: Rng): RhythmPlan {
  const isWenckebach = request.findings.includes("2AVB:wenckebach");
  const fastest = 60 / 105;
  const groups = [3, 4, 5].filter((group) => (request.rrSeconds * (group - 1)) / group > fastest * 0.95);
  const group = rng.pick(groups.length > 0 ? groups : [5]);
  const atrialRr = (request.rrSeconds * (group - 1)) / group;
  const onsets = sinusOnsets(request, rng.fork("sinus"), atrialRr);
  const start = rng.integer(group);
  const atria: AtrialActivation[] = [];
  const ventricles: VentricularActivation[] = [];
  for (const [index, onsetSeconds] of onsets.entries()) {
    const step = (index + start) % group;
    const conducted = step < group - 1;
    atria.push({ onsetSeconds, kind: "sinus", conducted });
    const growth = isWenckebach ? WENCKEBACH_GROWTH[Math.min(step, 3)]! : 0;
    const pr = (isWenckebach ? Math.max(0.17, request.prSeconds) : request.prSeconds) + growth;
    if (conducted)
      ventricles.push({ onsetSeconds: onsetSeconds + pr, kind: "sinus", pOnsetSeconds: onsetSeconds });
  }
  return { atria, ventricles, spikes: [] };
}

/** An atrial interval that is no whole part of the ventricular one, or P waves would seem to be conducted. */
function dissociatedRr(ventricularRr: number, rng: Rng): number {
  for (let attempt = 0; attempt < 20; attempt++) {
    const atrialRr = 60 / rng.uniform(72, 98);
    const part = (ventricularRr / atrialRr) % 1;
    if (part > 0.2 && part < 0.8) return atrialRr;
  }
  return ventricularRr / 1.5;
}

/** Atria and ventricles on their own. */
function planCompleteBlock(request: RhythmRequest, rng: Rng): RhythmPlan {
  const atrialRr = dissociatedRr(request.rrSeconds, rng);
  const atria = sinusOnsets(request, rng.fork("sinus"), atrialRr).map(
    (onsetSeconds): AtrialActivation => ({ onsetSeconds, kind: "sinus", conducted: false }),
  );
  const kind = request.findings.includes("3AVB:junctional") ? "junctional-escape" : "ventricular-escape";
  const ventricles: VentricularActivation[] = [];
  let t = -PLAN_MARGIN_SECONDS - rng.uniform(0, 1) * request.rrSeconds;
  while (t < request.durationSeconds + PLAN_MARGIN_SECONDS) {
    ventricles.push({ onsetSeconds: t, kind });
    t += request.rrSeconds * (1 + 0.008 * Math.max(-2, Math.min(2, rng.normal())));
  }
  return { atria, ventricles, spikes: [] };
}
