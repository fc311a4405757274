// Where the QRS complex of a beat begins and ends, seen in all leads together.
import { WORKING_RATE_HZ } from "./prepare-leads.ts";
import { quantile } from "./smooth-samples.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

/** First (onset) and last (offset) sample of a complex at 500 Hz. */
export type Span = { readonly onset: number; readonly offset: number };

const ONSET_SHARE = 0.05;
const OFFSET_SHARE = 0.07;
/** Steepness counts as over when it has stayed low this long: notches and R-S turns are shorter. */
const QUIET_TIME = ms(18);
const FURTHEST_ONSET = ms(130);
const FURTHEST_OFFSET = ms(170);

/**
 * The span in which the combined steepness (`combineActivity`, lightly smoothed) stays above a share of its height in
 * this beat plus twice the level of the quiet stretch beside it.
 */
export function findQrsSpan(activity: Float64Array, beat: number): Span {
  const height = highest(activity, beat - ms(70), beat + ms(70));
  const before = quietLevel(activity, beat - ms(300), beat - ms(80));
  const after = quietLevel(activity, beat + ms(110), beat + ms(230));
  return {
    onset: walk(activity, beat, {
      step: -1,
      limit: FURTHEST_ONSET,
      threshold: level(height, before, ONSET_SHARE),
    }),
    offset: walk(activity, beat, {
      step: 1,
      limit: FURTHEST_OFFSET,
      threshold: level(height, after, OFFSET_SHARE),
    }),
  };
}

function level(height: number, quiet: number, share: number): number {
  return Math.min(0.5 * height, 2 * quiet + share * (height - quiet));
}

function quietLevel(activity: Float64Array, start: number, end: number): number {
  const from = Math.max(0, start);
  const to = Math.min(activity.length, end);
  return to - from < 4 ? 0 : quantile(activity.subarray(from, to), 0.3);
}

function highest(activity: Float64Array, start: number, end: number): number {
  let found = 0;
  for (let i = Math.max(0, start); i < Math.min(activity.length, end); i++)
    found = Math.max(found, activity[i]!);
  return found;
}

type Walk = { readonly step: 1 | -1; readonly limit: number; readonly threshold: number };

function walk(activity: Float64Array, from: number, { step, limit, threshold }: Walk): number {
  let quiet = 0;
  let at = from;
  for (; Math.abs(at - from) < limit && at > 0 && at < activity.length - 1; at += step) {
    quiet = activity[at]! < threshold ? quiet + 1 : 0;
    if (quiet >= QUIET_TIME) break;
  }
  return at - step * quiet;
}
