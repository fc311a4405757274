// A recipe made personal: turned, scaled and jittered by the patient's anatomy, projected to the eight leads, and
// stretched in time until its QRS (or P) lasts exactly as long as asked.
import type { Rng } from "../../shared/rng.ts";
import type { AtrialRecipe } from "./atrial-recipes.ts";
import {
  type HeartVector,
  type HeartWave,
  scaleVector,
  type VentricularRecipe,
  waveHeight,
} from "./heart-wave.ts";
import { LEAD_COUNT, type LeadField, projectVector, turnVector } from "./lead-field.ts";

/** A wave in the eight independent leads (mV); the unit of its times is said where it stands. */
export type LeadWave = {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
  readonly leads: Float64Array;
};

/** A ventricular beat, ready to be placed. Times of `qrs` in seconds from QRS onset. */
export type BeatTemplate = {
  readonly name: string;
  readonly qrs: readonly LeadWave[];
  /** Times in fractions of the interval from J (0) to T end (1). */
  readonly repolarisation: readonly LeadWave[];
  readonly qrsSeconds: number;
  /** Time of the largest heart vector after QRS onset. */
  readonly rPeakSeconds: number;
  /** Where the T wave is largest, as a fraction of J to T end. */
  readonly tPeakFraction: number;
};

/** An atrial wave; times in seconds from P onset. */
export type AtrialTemplate = {
  readonly waves: readonly LeadWave[];
  readonly pSeconds: number;
  readonly pPeakSeconds: number;
};

/** What a patient's body does to a recipe. */
export type BodyTransform = {
  readonly field: LeadField;
  readonly frontalTurnDegrees: number;
  readonly horizontalTurnDegrees: number;
  readonly qrsGain: number;
  readonly repolarisationGain: number;
  readonly pGain: number;
  /** Height of the U wave as a fraction of the T wave, 0 for none. */
  readonly uFraction: number;
  /** Chance that belongs to the patient: the same recipe is jittered in the same way in every recording. */
  readonly jitter: Rng;
  /** How much of the usual jitter, 0 to 1. */
  readonly jitterSize: number;
};

/** A boundary is where the largest lead has fallen to this part of its peak. */
const QRS_EDGE = 0.006;
const P_EDGE = 0.05;
const T_EDGE = 0.035;

/** Make a ventricular beat whose QRS lasts `qrsSeconds`. */
export function compileBeat(
  recipe: VentricularRecipe,
  body: BodyTransform,
  qrsSeconds: number,
): BeatTemplate {
  const rng = body.jitter.fork(recipe.name);
  const qrs = recipe.qrs.map((wave) => personalWave(wave, body, { gain: body.qrsGain, shift: 1, rng }));
  const edges = findEdges(qrs, { from: -110, to: 150, step: 2, edge: QRS_EDGE });
  const stretch = qrsSeconds / (edges.end - edges.start);
  const st = recipe.repolarisation.map((wave) =>
    personalWave(wave, body, { gain: body.repolarisationGain, shift: 0.006, rng }),
  );
  const tWave = findEdges(st, { from: 0.3, to: 1.7, step: 0.02, edge: T_EDGE });
  const repolarisation = st.map((wave) => stretchWave(wave, 0, 1 / tWave.end));
  const tPeakFraction = tWave.peak / tWave.end;
  if (body.uFraction > 0) repolarisation.push(uWave(repolarisation, tPeakFraction, body.uFraction));
  return {
    name: recipe.name,
    qrs: qrs.map((wave) => stretchWave(wave, edges.start, stretch)),
    repolarisation,
    qrsSeconds,
    rPeakSeconds: (edges.peak - edges.start) * stretch,
    tPeakFraction,
  };
}

/** Make an atrial wave that lasts `pSeconds`. The atria turn half as far as the ventricles. */
export function compileAtrialWave(
  recipe: AtrialRecipe,
  body: BodyTransform,
  pSeconds: number,
): AtrialTemplate {
  const rng = body.jitter.fork(recipe.name);
  const turned = {
    ...body,
    frontalTurnDegrees: 0.5 * body.frontalTurnDegrees,
    horizontalTurnDegrees: 0.5 * body.horizontalTurnDegrees,
  };
  const waves = recipe.waves.map((wave) => personalWave(wave, turned, { gain: body.pGain, shift: 1.5, rng }));
  const edges = findEdges(waves, { from: -30, to: 150, step: 2, edge: P_EDGE });
  const stretch = pSeconds / (edges.end - edges.start);
  return {
    waves: waves.map((wave) => stretchWave(wave, edges.start, stretch)),
    pSeconds,
    pPeakSeconds: (edges.peak - edges.start) * stretch,
  };
}

/** The eight leads of waves at one time. */
export function sumWaves(waves: readonly LeadWave[], at: number, into: Float64Array): Float64Array {
  into.fill(0);
  const leadCount = into.length;
  for (const wave of waves) {
    const height = waveHeight(wave, at);
    if (height === 0) continue;
    const { leads } = wave;
    for (let lead = 0; lead < leadCount; lead++) into[lead]! += leads[lead]! * height;
  }
  return into;
}

/** The same beat with QRS and ST-T multiplied. */
export function scaleBeat(beat: BeatTemplate, qrsGain: number, repolarisationGain: number): BeatTemplate {
  const scale = (gain: number) => (wave: LeadWave) => ({ ...wave, leads: wave.leads.map((mv) => mv * gain) });
  return {
    ...beat,
    qrs: beat.qrs.map(scale(qrsGain)),
    repolarisation: beat.repolarisation.map(scale(repolarisationGain)),
  };
}

type WavePersonality = { readonly gain: number; readonly shift: number; readonly rng: Rng };

function personalWave(wave: HeartWave, body: BodyTransform, personality: WavePersonality): LeadWave {
  const random = (): number => body.jitterSize * clampedNormal(personality.rng);
  const shift = personality.shift * random();
  const width = 1 + 0.06 * random();
  const size = Math.hypot(...wave.vector);
  const jittered: HeartVector = [
    wave.vector[0] * (1 + 0.08 * random()) + 0.03 * size * random(),
    wave.vector[1] * (1 + 0.08 * random()) + 0.03 * size * random(),
    wave.vector[2] * (1 + 0.08 * random()) + 0.03 * size * random(),
  ];
  // A wall stays where it is more than the mean axis does.
  const turn = wave.site === "whole" ? 1 : 0.35;
  const turned = turnVector(jittered, turn * body.frontalTurnDegrees, turn * body.horizontalTurnDegrees);
  return {
    from: wave.from + shift,
    to: wave.to + shift,
    before: wave.before * width,
    after: wave.after * width,
    leads: projectVector(body.field[wave.site], scaleVector(turned, personality.gain)),
  };
}

function clampedNormal(rng: Rng): number {
  return Math.max(-2, Math.min(2, rng.normal()));
}

function stretchWave(wave: LeadWave, origin: number, stretch: number): LeadWave {
  return {
    from: (wave.from - origin) * stretch,
    to: (wave.to - origin) * stretch,
    before: wave.before * stretch,
    after: wave.after * stretch,
    leads: wave.leads,
  };
}

function uWave(repolarisation: readonly LeadWave[], tPeakFraction: number, fraction: number): LeadWave {
  const leads = sumWaves(repolarisation, tPeakFraction, new Float64Array(LEAD_COUNT)).map(
    (mv) => mv * fraction,
  );
  return { from: 1.27, to: 1.27, before: 0.11, after: 0.15, leads };
}

type ScanOptions = {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly edge: number;
};

/** First and last time at which the largest lead exceeds `edge` times its peak, interpolated, and the peak. */
function findEdges(
  waves: readonly LeadWave[],
  { from, to, step, edge }: ScanOptions,
): { start: number; end: number; peak: number } {
  const count = Math.round((to - from) / step) + 1;
  const size = new Float64Array(count);
  const leads = new Float64Array(LEAD_COUNT);
  const squared = new Float64Array(count);
  let top = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    sumWaves(waves, from + i * step, leads);
    let squares = 0;
    let most = 0;
    for (let lead = 0; lead < leads.length; lead++) {
      const mv = Math.abs(leads[lead]!);
      squares += mv * mv;
      if (mv > most) most = mv;
    }
    size[i] = most;
    squared[i] = squares;
    if (most > largest) largest = most;
    if (squares > squared[top]!) top = i;
  }
  const threshold = edge * largest;
  let first = 0;
  while (first < count - 1 && size[first]! < threshold) first++;
  let last = count - 1;
  while (last > 0 && size[last]! < threshold) last--;
  const rise = first > 0 ? (size[first]! - threshold) / (size[first]! - size[first - 1]!) : 0;
  const fall = last < count - 1 ? (size[last]! - threshold) / (size[last]! - size[last + 1]!) : 0;
  return {
    start: from + (first - rise) * step,
    end: from + (last + fall) * step,
    peak: from + (top + vertex(squared, top)) * step,
  };
}

/** Offset of a parabola's top from the middle of three samples, -0.5 to 0.5. */
function vertex(values: Float64Array, middle: number): number {
  const before = values[middle - 1];
  const after = values[middle + 1];
  if (before === undefined || after === undefined) return 0;
  const bend = before - 2 * values[middle]! + after;
  return bend < 0 ? (0.5 * (before - after)) / bend : 0;
}
