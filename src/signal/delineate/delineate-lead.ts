// Onset, peak and end of P, QRS and T of every beat of one lead, from its R peaks.
import { scaleWaves } from "./delineate-record.ts";
import { leadWaves } from "./lead-waves.ts";
import { placeWaves, viewSketch } from "./place-waves.ts";
import { prepareLeads, WORKING_RATE_HZ } from "./prepare-leads.ts";
import { sketchBeats } from "./sketch-beats.ts";
import type { WaveBoundaries } from "./wave-boundaries.ts";

/**
 * Delineate one lead (mV) around given R peaks, as `cleanLead` and `detectRPeaks` give them.
 *
 * Returns one entry an R peak inside the signal, in samples of `cleaned`; empty for a flat or missing lead. With
 * several leads use `delineateRecord`: they help each other, most of all with P waves. The moving average of `cleanLead`
 * widens QRS by a few ms; a lead without it is the better input.
 */
export function delineateLead(
  cleaned: Float64Array | Float32Array,
  rPeaks: ArrayLike<number>,
  samplingRateHz: number,
): WaveBoundaries[] {
  const { leads, sampleCount, toRecordRate } = prepareLeads([{ name: "lead", x: cleaned }], samplingRateHz);
  const lead = leads[0];
  if (lead === undefined) return [];
  const beats = Array.from(rPeaks, (peak) => Math.round((peak * WORKING_RATE_HZ) / samplingRateHz)).filter(
    (beat) => beat >= 0 && beat < sampleCount,
  );
  const sketch = sketchBeats(leads, beats);
  const views = viewSketch(leads, sketch);
  return beats.map((_, index) => {
    const placed = placeWaves(sketch, views, index);
    return scaleWaves(leadWaves(lead, sketch.quiet.waves[0]!, placed, 0), toRecordRate);
  });
}
