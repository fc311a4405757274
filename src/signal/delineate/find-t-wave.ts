// The T wave of a beat, seen in all leads together.
import type { Span } from "./find-qrs.ts";
import { bumpAt, type QuietLeads } from "./hide-qrs.ts";
import { WORKING_RATE_HZ } from "./prepare-leads.ts";
import { quantile } from "./smooth-samples.ts";
import type { WaveBounds } from "./wave-boundaries.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

const REACH = ms(120);
/** The T wave peaks after this time from the end of QRS, at the earliest. */
const EARLIEST_PEAK = ms(50);
/** Latest peak after QRS onset at an RR interval of one second; grows with its square root (Bazett). */
const LATEST_PEAK = ms(520);
const LATEST_PEAK_CONSTANT = ms(60);
const END_SHARE = 0.12;
const ONSET_SHARE = 0.15;
const QUIET_TIME = ms(20);

/**
 * Peak: where the leads bulge most between the end of QRS and the next beat. End: where the steepness, after the
 * steepest place of the way down, has fallen to a share of it above the level of the rest that follows.
 * Null when there is no room before the next complex or the signal ends first.
 */
export function findTWave(quiet: QuietLeads, qrs: Span, nextOnset: number): WaveBounds | null {
  const { steepness } = quiet;
  const end = Math.min(steepness.length - 1, nextOnset);
  const interval = (nextOnset - qrs.onset) / WORKING_RATE_HZ;
  const first = qrs.offset + EARLIEST_PEAK;
  const last = Math.min(qrs.onset + LATEST_PEAK * Math.sqrt(interval) + LATEST_PEAK_CONSTANT, end - ms(40));
  let peak = -1;
  let highest = 0;
  for (let at = first; at <= last; at++) {
    const bump = bumpAt(quiet.waves, at, { reach: REACH, start: qrs.offset, end });
    if (bump > highest) {
      highest = bump;
      peak = at;
    }
  }
  if (peak < 0) return null;
  const offset = walkDown(steepness, peak, { step: 1, share: END_SHARE, limit: end });
  const onset = walkDown(steepness, peak, { step: -1, share: ONSET_SHARE, limit: qrs.offset });
  return { onset: Math.max(qrs.offset, onset), peak, offset: Math.min(end, offset) };
}

type Descent = { readonly step: 1 | -1; readonly share: number; readonly limit: number };

/** From the peak to the steepest place within 140 ms, then on to where the steepness has died down. */
function walkDown(steepness: Float64Array, peak: number, { step, share, limit }: Descent): number {
  let steepest = peak;
  for (let i = 0; i < ms(140); i++) {
    const at = peak + step * i;
    if ((limit - at) * step <= 0) break;
    if (steepness[at]! > steepness[steepest]!) steepest = at;
  }
  const restStart = peak + step * ms(140);
  const restEnd = peak + step * ms(300);
  const rest = steepness.subarray(
    Math.max(0, Math.min(restStart, restEnd)),
    Math.min(steepness.length, Math.max(restStart, restEnd)),
  );
  const level = rest.length < 10 ? 0 : quantile(rest, 0.2);
  const height = steepness[steepest]!;
  const threshold = Math.min(0.5 * height, level + share * (height - level));
  let quietFor = 0;
  let at = steepest;
  for (; (limit - at) * step > 0; at += step) {
    quietFor = steepness[at]! < threshold ? quietFor + 1 : 0;
    if (quietFor >= QUIET_TIME) break;
  }
  return at - step * quietFor;
}
