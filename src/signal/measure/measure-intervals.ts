// Heart rate, intervals, axes and the shape of every lead of a recording.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { type PlacedInLeads, placeWaves, viewSketch } from "../delineate/place-waves.ts";
import { type PreparedRecord, prepareRecord, WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import { sketchBeats } from "../delineate/sketch-beats.ts";
import { median, quantile } from "../delineate/smooth-samples.ts";
import type { WaveBoundaries } from "../delineate/wave-boundaries.ts";
import { type AverageBeat, averageBeat } from "./average-beat.ts";
import { classifyBeats } from "./classify-beats.ts";
import { correctQt } from "./correct-qt.ts";
import { detectFlutter } from "./detect-flutter.ts";
import { frontalAxis } from "./frontal-axis.ts";
import { areaOf, measureLeadShape } from "./measure-lead-shape.ts";
import { listBeats, measurePacing, measureRhythm, rrStatistics } from "./measure-rhythm.ts";
import type { LeadShape, Measurements } from "./measurements.ts";

export type { Measurements } from "./measurements.ts";

/** Onsets are taken at this quantile of the leads and ends at one minus it: early and late, but not one stray lead. */
const EXTENT_QUANTILE = 0.1;
/** Shortest vectors that have a direction, mV ms. */
const LEAST_AREA = { p: 0.3, qrs: 1, t: 2 } as const;
const TO_MS = 1000 / WORKING_RATE_HZ;

/**
 * Measure a recording.
 *
 * The dominant beats are averaged (median), the average is delineated in every lead, and intervals run from the early
 * onsets to the late ends over the leads (10% quantiles; T ends at the median, since late stray ends are U waves). PR runs from P onset to
 * QRS onset. Heart rate and RR count all beats.
 *
 * Never throws on samples: what cannot be measured is null and named in `notes`. Needs signals that have not been low-passed
 * for the QRS amplitudes to be true; wander is removed here. About 10 ms for 10 s of 12 leads.
 */
export function measureIntervals(record: EcgRecord): Measurements {
  const prepared = prepareRecord(record);
  const sketch = sketchBeats(prepared.leads);
  const classes = classifyBeats(prepared.leads, sketch.beats);
  const beats = listBeats(sketch, classes, prepared.toRecordRate);
  const intervals = beats.flatMap(({ rrMs }) => (rrMs === null ? [] : [rrMs]));
  const rr = rrStatistics(intervals);
  const usual = Math.round((intervals.length > 0 ? median(intervals) : 1000) / TO_MS);
  const steady = sketch.beats.filter((_, i) => classes[i]!.dominant && !classes[i]!.premature);
  const average =
    averageBeat(prepared.leads, sketch, steady, usual) ??
    averageBeat(
      prepared.leads,
      sketch,
      sketch.beats.filter((_, i) => classes[i]!.dominant),
      usual,
    );
  const waves = average && measureAverage(average, record.provenance.amplitudeUnit === "z");
  return {
    heartRateBpm: rr && 60000 / rr.meanMs,
    rr,
    pDurationMs: waves?.pDurationMs ?? null,
    prMs: waves?.prMs ?? null,
    qrsMs: waves?.qrsMs ?? null,
    qtMs: waves?.qtMs ?? null,
    qtc: waves?.qtMs && rr ? correctQt(waves.qtMs, rr.meanMs) : null,
    axisDegrees: waves?.axisDegrees ?? { p: null, qrs: null, t: null },
    leads: waves?.leads ?? {},
    beats,
    rhythm: measureRhythm(
      beats,
      sketch.pLikeness,
      beats.length > 0 ? detectFlutter(prepared.leads, sketch) : null,
    ),
    pacing: measurePacing(sketch, prepared.spikes),
    quality: {
      usableLeadCount: prepared.leads.length,
      leadCount: record.leads.length,
      beatCount: beats.length,
      averagedBeatCount: average?.beatCount ?? 0,
      residualMv: average?.residualMv ?? null,
    },
    notes: [...prepared.notes, ...explain(prepared, beats.length, waves), ...(waves?.notes ?? [])],
  };
}

type AverageMeasurements = Pick<
  Measurements,
  "pDurationMs" | "prMs" | "qrsMs" | "qtMs" | "axisDegrees" | "leads" | "notes"
>;

function measureAverage(average: AverageBeat, voltagesLost: boolean): AverageMeasurements {
  const bounds = boundsOverLeads(average);
  const { p, qrs, t } = bounds;
  return {
    pDurationMs: p && (p.offset - p.onset) * TO_MS,
    prMs: p && (qrs.onset - p.onset) * TO_MS,
    qrsMs: (qrs.offset - qrs.onset) * TO_MS,
    qtMs: t && (t.offset - qrs.onset) * TO_MS,
    axisDegrees: voltagesLost ? { p: null, qrs: null, t: null } : measureAxes(average, bounds),
    leads: voltagesLost ? {} : measureLeads(average, bounds),
    notes: voltagesLost ? ["the file keeps z-scores: amplitudes and axes are not known"] : [],
  };
}

/** Boundaries of the average beat that hold for all leads. */
function boundsOverLeads({ leads, sketch }: AverageBeat): WaveBoundaries {
  const placed = placeWaves(sketch, viewSketch(leads, sketch), 1);
  const early = (boundary: PlacedInLeads): number => quantile(boundary.leads, EXTENT_QUANTILE);
  const late = (boundary: PlacedInLeads): number => quantile(boundary.leads, 1 - EXTENT_QUANTILE);
  const { p, t, beat } = sketch.beats[1]!;
  const qrs = { onset: early(placed.qrsOnset!), peak: beat, offset: late(placed.qrsOffset!) };
  const pOffset = p ? Math.min(late(placed.pOffset!), qrs.onset) : 0;
  return {
    p: p && { onset: Math.min(early(placed.pOnset!), pOffset), peak: p.peak, offset: pOffset },
    qrs,
    t: t && {
      onset: Math.max(qrs.offset, placed.tOnset!.consensus),
      peak: t.peak,
      offset: Math.max(t.peak, placed.tOffset!.consensus),
    },
  };
}

function measureLeads({ leads, sketch }: AverageBeat, bounds: WaveBoundaries): Record<string, LeadShape> {
  return Object.fromEntries(
    leads.map(({ name, samples }, l) => [
      name,
      measureLeadShape({ samples, wave: sketch.quiet.waves[l]! }, bounds),
    ]),
  );
}

/** Axes from the areas of I and aVF, each over the level at the wave's onset; aVF = II - I / 2 where only II is there. */
function measureAxes(
  { leads, sketch }: AverageBeat,
  { p, qrs, t }: WaveBoundaries,
): Measurements["axisDegrees"] {
  const indexOf = (name: string): number => leads.findIndex((lead) => lead.name === name);
  const [one, two, avf] = [indexOf("I"), indexOf("II"), indexOf("aVF")];
  if (one < 0 || (avf < 0 && two < 0)) return { p: null, qrs: null, t: null };
  const axis = (
    signalOf: (l: number) => Float64Array,
    from: number,
    to: number,
    least: number,
  ): number | null => {
    const area = (l: number): number => {
      const x = signalOf(l);
      const level = x[Math.min(x.length - 1, Math.max(0, Math.round(from)))]!;
      return areaOf(x, { onset: from, offset: to, baseline: level });
    };
    return frontalAxis(area(one), avf >= 0 ? area(avf) : area(two) - area(one) / 2, least);
  };
  const waves = sketch.quiet.waves;
  return {
    p: p && axis((l) => waves[l]!, p.onset, p.offset, LEAST_AREA.p),
    qrs: axis((l) => leads[l]!.samples, qrs.onset, qrs.offset, LEAST_AREA.qrs),
    t: t && axis((l) => waves[l]!, t.onset, t.offset, LEAST_AREA.t),
  };
}

function explain(prepared: PreparedRecord, beatCount: number, waves: AverageMeasurements | null): string[] {
  if (prepared.leads.length === 0) return ["no usable lead: nothing was measured"];
  if (beatCount === 0) return ["no QRS complex stands out: no rate and no intervals"];
  const notes: string[] = [];
  if (beatCount === 1) notes.push("one beat only: no heart rate and no corrected QT");
  if (waves === null) return [...notes, "no beat lies far enough inside the recording: no intervals"];
  if (waves.prMs === null) notes.push("no P wave repeats before QRS: no PR interval");
  if (waves.qtMs === null) notes.push("no T wave was found: no QT interval");
  return notes;
}
