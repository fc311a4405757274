// Where the heart beats: QRS complexes found in all leads together.
import { type PreparedLead, WORKING_RATE_HZ } from "./prepare-leads.ts";
import { boxSmooth, median, quantile } from "./smooth-samples.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

/** Half-width of the running mean that turns slopes into one bump a QRS complex. */
const BUMP_HALF_WIDTH = ms(36);
/** Recordings often begin and end with a step of their own: nothing is looked at within this time of the ends. */
const MARGIN = ms(20);
const REFRACTORY = ms(220);
/** A later bump within this time of a QRS complex is a T wave unless it is nearly as steep. */
const T_WAVE_TIME = ms(360);
const T_WAVE_SHARE = 0.5;
/** A bump counts from this share of the typical bump; from the lower one inside a gap in the rhythm. */
const ACCEPT_SHARE = 0.35;
const GAP_ACCEPT_SHARE = 0.2;
const GAP_RATIO = 1.7;
/** The typical bump must stand this far above the median of the activity, else there is no QRS at all. */
const MIN_CONTRAST = 2.2;

/**
 * Combined steepness of all leads: each lead's |slope| in units of its own QRS steepness, noisy leads counting
 * less; a bump of about 1 at each QRS complex. Shape: (samples) at 500 Hz.
 */
export function combineActivity(leads: readonly PreparedLead[]): Float64Array {
  const out = new Float64Array(leads[0]?.samples.length ?? 0);
  const weights = leads.map((lead) => leadWeight(lead));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return out;
  for (const [l, lead] of leads.entries()) {
    const scale = weights[l]! / total / lead.steepness;
    for (let i = MARGIN; i < out.length - MARGIN; i++) out[i]! += Math.abs(lead.fineSlope[i]!) * scale;
  }
  return out;
}

function leadWeight(lead: PreparedLead): number {
  if (!(lead.steepness > 0)) return 0;
  const contrast = lead.steepness / (lead.noise + 0.02 * lead.steepness);
  return Math.min(1, Math.max(0.02, (contrast - 3) / 12));
}

/**
 * Sample (at 500 Hz) of the steepest place of every QRS complex, ascending; empty where none stands out.
 */
export function detectBeats(leads: readonly PreparedLead[]): readonly number[] {
  const activity = boxSmooth(combineActivity(leads), BUMP_HALF_WIDTH);
  const bumps = localMaxima(activity);
  if (bumps.length === 0) return [];
  const typical = typicalBump(activity, bumps);
  if (!(typical > MIN_CONTRAST * quantile(activity, 0.5)) || !(typical > 0)) return [];
  const beats = acceptBumps(activity, bumps, ACCEPT_SHARE * typical);
  return fillGaps(activity, bumps, beats, GAP_ACCEPT_SHARE * typical);
}

/** Maxima of the activity that no higher one follows or precedes within the refractory time. */
function localMaxima(activity: Float64Array): number[] {
  const found: number[] = [];
  for (let i = 2 * MARGIN; i < activity.length - 2 * MARGIN; i++) {
    const value = activity[i]!;
    if (value <= 0 || activity[i - 1]! > value || activity[i + 1]! >= value) continue;
    const last = found.at(-1);
    if (last !== undefined && i - last < REFRACTORY) {
      if (value > activity[last]!) found[found.length - 1] = i;
    } else {
      found.push(i);
    }
  }
  return found;
}

/** Median over stretches of two seconds of the highest bump: a lone artefact or extrasystole does not set it. */
function typicalBump(activity: Float64Array, bumps: readonly number[]): number {
  const stretch = 2 * WORKING_RATE_HZ;
  const highest: number[] = [];
  for (const bump of bumps) {
    const at = Math.floor(bump / stretch);
    highest[at] = Math.max(highest[at] ?? 0, activity[bump]!);
  }
  return median(highest.filter((value) => value > 0));
}

function acceptBumps(activity: Float64Array, bumps: readonly number[], threshold: number): number[] {
  const beats: number[] = [];
  for (const bump of bumps) {
    if (activity[bump]! < threshold) continue;
    const last = beats.at(-1);
    const isTWave =
      last !== undefined && bump - last < T_WAVE_TIME && activity[bump]! < T_WAVE_SHARE * activity[last]!;
    if (!isTWave) beats.push(bump);
  }
  return beats;
}

/** Look again, less strictly, where an interval is much longer than usual. */
function fillGaps(
  activity: Float64Array,
  bumps: readonly number[],
  beats: readonly number[],
  threshold: number,
): number[] {
  if (beats.length < 3) return [...beats];
  const intervals = beats.slice(1).map((beat, i) => beat - beats[i]!);
  const usual = median(intervals);
  const out: number[] = [beats[0]!];
  for (const beat of beats.slice(1)) {
    const last = out.at(-1)!;
    if (beat - last > GAP_RATIO * usual) {
      const inside = bumps.filter(
        (bump) =>
          bump - last > Math.max(T_WAVE_TIME, 0.5 * usual) &&
          beat - bump > 0.5 * usual &&
          activity[bump]! >= threshold,
      );
      const best = inside.sort((a, b) => activity[b]! - activity[a]!)[0];
      if (best !== undefined) out.push(best);
    }
    out.push(beat);
  }
  return out;
}
