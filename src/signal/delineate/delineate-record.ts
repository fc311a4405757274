// Onset, peak and end of P, QRS and T of every beat of a recording: in each lead, and as all leads together see them.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { consensusWaves, leadWaves } from "./lead-waves.ts";
import { placeWaves, viewSketch } from "./place-waves.ts";
import { prepareRecord } from "./prepare-leads.ts";
import { sketchBeats } from "./sketch-beats.ts";
import { steadyWaves } from "./steady-waves.ts";
import type { WaveBoundaries, WaveBounds } from "./wave-boundaries.ts";

/** One beat. All positions in samples of the record (fractions are possible). */
export type BeatDelineation = {
  /** Steepest place of the QRS complex over all leads. */
  readonly beatSample: number;
  /** The weighted median of the leads' boundaries. */
  readonly consensus: WaveBoundaries;
  /** Row l of the record; null for a lead that could not be used. */
  readonly leads: readonly (WaveBoundaries | null)[];
};

export type RecordDelineation = {
  readonly beats: readonly BeatDelineation[];
  /** What could not be used or found, and why. */
  readonly notes: readonly string[];
};

/**
 * Delineate a recording of any length, rate and number of leads.
 *
 * QRS complexes, P and T waves are found in all leads together; then every boundary is placed in every lead by a
 * scorer fitted on LUDB (see `placeBoundary`). P is null for beats without one (atrial fibrillation, ventricular
 * beats). Never throws on samples: flat, missing or too noisy leads are named in `notes`; without a beat,
 * `beats` is empty and a note says so. Accuracy: `docs/delineation.md`.
 */
export function delineateRecord(record: EcgRecord): RecordDelineation {
  const prepared = prepareRecord(record);
  const sketch = sketchBeats(prepared.leads);
  const views = viewSketch(prepared.leads, sketch);
  const rate = prepared.toRecordRate;
  const waves = steadyWaves(
    sketch,
    sketch.beats.map((_, index) => placeWaves(sketch, views, index)),
  );
  const beats = sketch.beats.map((beat, index): BeatDelineation => {
    const placed = waves[index]!;
    const leads: (WaveBoundaries | null)[] = record.leads.map(() => null);
    for (const [l, lead] of prepared.leads.entries()) {
      leads[lead.leadIndex] = scaleWaves(leadWaves(lead, sketch.quiet.waves[l]!, placed, l), rate);
    }
    return { beatSample: beat.beat * rate, consensus: scaleWaves(consensusWaves(beat, placed), rate), leads };
  });
  const notes = beats.length > 0 ? prepared.notes : [...prepared.notes, "no QRS complex stands out"];
  return { beats, notes };
}

/** Bounds at another rate. */
export function scaleWaves({ p, qrs, t }: WaveBoundaries, factor: number): WaveBoundaries {
  const scale = ({ onset, peak, offset }: WaveBounds): WaveBounds => ({
    onset: onset * factor,
    peak: peak * factor,
    offset: offset * factor,
  });
  return { p: p && scale(p), qrs: scale(qrs), t: t && scale(t) };
}
