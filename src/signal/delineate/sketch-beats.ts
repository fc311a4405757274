// First estimate of every wave, from all leads together: what the lead-wise boundaries start from.

import type { BeatSketch, Sketch } from "./beat-sketch.ts";
import { combineActivity, detectBeats } from "./detect-beats.ts";
import { findPWave, findPWaveNear } from "./find-p-wave.ts";
import { findQrsSpan } from "./find-qrs.ts";
import { findTWave } from "./find-t-wave.ts";
import { hideQrs } from "./hide-qrs.ts";
import { judgePWaves } from "./judge-p-waves.ts";
import type { PreparedLead } from "./prepare-leads.ts";
import { boxSmooth } from "./smooth-samples.ts";

/** A last beat is given this much room for its T wave (500 Hz samples). */
const ROOM_AFTER_LAST = 500;

/** Find the beats (or take `beats`, 500 Hz samples) and sketch their waves. Empty without leads or beats. */
export function sketchBeats(
  leads: readonly PreparedLead[],
  beats: readonly number[] = detectBeats(leads),
): Sketch {
  const activity = boxSmooth(combineActivity(leads), 2);
  const spans = beats.map((beat) => findQrsSpan(activity, beat));
  const quiet = hideQrs(leads, spans);
  const sketches: BeatSketch[] = [];
  for (const [i, qrs] of spans.entries()) {
    const next = spans[i + 1]?.onset ?? Math.min(activity.length - 1, qrs.onset + ROOM_AFTER_LAST);
    const before = sketches[i - 1]?.t ?? null;
    sketches.push({
      beat: beats[i]!,
      qrs,
      p: findPWave(quiet, qrs, before && { tPeak: before.peak, tOffset: before.offset }),
      t: findTWave(quiet, qrs, next),
    });
  }
  const { present, expectedPeak, likeness } = judgePWaves(quiet, sketches);
  const judged = sketches.map((sketch, i): BeatSketch => {
    if (!present[i]) return { ...sketch, p: null };
    const expected = expectedPeak[i];
    return expected == null ? sketch : { ...sketch, p: findPWaveNear(quiet, sketch.qrs, expected) };
  });
  return { beats: judged, activity, quiet, pLikeness: likeness };
}
