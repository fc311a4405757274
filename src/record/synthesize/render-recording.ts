// Everything that a synthetic recording shows: P waves, beats, spikes and continuous atrial activity.
import type { Rng } from "../../shared/rng.ts";
import type { SyntheticHeart } from "./build-heart.ts";
import type { SyntheticAnatomy } from "./draw-anatomy.ts";
import { scaleVector } from "./heart-wave.ts";
import { projectVector } from "./lead-field.ts";
import {
  addBeat,
  addOscillation,
  addSpike,
  addWaves,
  type EightLeads,
  respirationGainsAt,
} from "./render-heart.ts";
import type { RhythmPlan } from "./rhythm-plan.ts";
import type { DrawnBeat } from "./tell-truth.ts";

export type RecordingScene = {
  readonly plan: RhythmPlan;
  readonly beats: readonly DrawnBeat[];
  readonly heart: SyntheticHeart;
  readonly anatomy: SyntheticAnatomy;
  readonly rng: Rng;
};

/** From the tip of the lead towards the device below the left collar bone, or back (mV). */
const VENTRICULAR_SPIKE = [-0.5, 1.1, -0.35] as const;
const ATRIAL_SPIKE = [-0.25, 0.55, -0.1] as const;

/** Draw the scene into the eight leads. */
export function renderRecording(out: EightLeads, scene: RecordingScene): void {
  const { plan, beats, heart, anatomy, rng } = scene;
  const breathPhase = rng.uniform(0, 2 * Math.PI);
  const gainsAt = (seconds: number): Float64Array => respirationGainsAt(anatomy, seconds, breathPhase);
  for (const p of plan.atria) {
    const wave = heart.pWaveOf(p.kind);
    addWaves(out, wave.waves, {
      originSeconds: p.onsetSeconds,
      unitSeconds: 1,
      gains: gainsAt(p.onsetSeconds),
    });
  }
  for (const beat of beats) {
    addBeat(out, beat.template, {
      onsetSeconds: beat.onsetSeconds,
      qtSeconds: beat.qtSeconds,
      gains: gainsAt(beat.onsetSeconds),
    });
  }
  if (plan.oscillation) {
    const coarseness = plan.oscillation.kind === "flutter" ? rng.uniform(0.9, 1.4) : rng.uniform(0.45, 1.2);
    addOscillation(out, plan.oscillation, { field: anatomy.body.field.whole, gain: coarseness });
  }
  const spikeSize = rng.uniform(0.5, 1.6);
  const ventricular = projectVector(anatomy.body.field.whole, scaleVector(VENTRICULAR_SPIKE, spikeSize));
  const atrial = projectVector(anatomy.body.field.whole, scaleVector(ATRIAL_SPIKE, spikeSize));
  for (const spike of plan.spikes)
    addSpike(out, spike.chamber === "atrium" ? atrial : ventricular, spike.atSeconds);
}
