// What `measureIntervals` says about a recording: plain JSON, null wherever the signal does not tell.

export type RrStatistics = {
  readonly meanMs: number;
  /** Sample standard deviation (n - 1); 0 for a single interval. */
  readonly sdMs: number;
  /** Root mean square of the differences between successive intervals; 0 for a single interval. */
  readonly rmssdMs: number;
  readonly minMs: number;
  readonly maxMs: number;
};

export type CorrectedQt = {
  readonly bazettMs: number;
  readonly fridericiaMs: number;
  readonly framinghamMs: number;
  readonly hodgesMs: number;
};

/**
 * One lead of the averaged beat. Amplitudes in mV against the level just before QRS, signed (downward is negative);
 * null = no such deflection.
 */
export type LeadShape = {
  /** First downward deflection of QRS before any upward one; all of QRS when there is no upward one (QS). */
  readonly qAmplitudeMv: number | null;
  readonly qDurationMs: number | null;
  readonly rAmplitudeMv: number | null;
  readonly sAmplitudeMv: number | null;
  readonly rPrimeAmplitudeMv: number | null;
  /** From QRS onset to the top of the last upward deflection (R or R'). */
  readonly rPeakTimeMs: number | null;
  /** Area between QRS and the level before it, mV ms, downward negative. */
  readonly qrsAreaMvMs: number;
  /** Mean of the last 40 ms of QRS. */
  readonly qrsTerminalMv: number;
  /** At the end of QRS (J). */
  readonly stJMv: number;
  /** 60 ms after it, mean of 16 ms. */
  readonly stLevelMv: number;
  /** Highest or lowest point of the T wave, whichever is further from the level before QRS. */
  readonly tAmplitudeMv: number | null;
  /** Lowest point of T where that is below the level before QRS, else 0. */
  readonly tNegativeMv: number | null;
  /** Against the level at the onset of P; the larger of its two directions. */
  readonly pAmplitudeMv: number | null;
  /** Lowest point of the second half of P where that is below the level at its onset, else 0. */
  readonly pTerminalMv: number | null;
};

export type BeatMeasurement = {
  /** Steepest place of QRS, in samples of the record. */
  readonly sample: number;
  /** Interval from the beat before, null for the first. */
  readonly rrMs: number | null;
  /** PR interval by the first estimates, null without a P wave. */
  readonly prMs: number | null;
  readonly qrsMs: number;
  /** Looks like the beats that the averages are made of. */
  readonly dominant: boolean;
  /** Came early: under 0.85 of the usual interval. */
  readonly premature: boolean;
  /** Of another shape and at least 120 ms wide. */
  readonly wide: boolean;
};

export type RhythmMeasurements = {
  /** Standard deviation over mean of the intervals between dominant beats; null with fewer than three. */
  readonly rrVariation: number | null;
  /** Share of the beats that have a P wave, 0 to 1; null without beats. */
  readonly pShare: number | null;
  /** Median likeness of the P waves to each other, -1 to 1; null with fewer than three beats. */
  readonly pLikeness: number | null;
  /** Standard deviation of the PR interval over the beats with a P wave, ms. */
  readonly prSdMs: number | null;
  readonly prematureCount: number;
  readonly prematureWideCount: number;
  /** Height (0 to 1) and rate of the regular waves between QRS complexes in the band of atrial flutter. */
  readonly flutter: { readonly regularity: number; readonly ratePerMinute: number } | null;
};

export type PacingMeasurements = {
  readonly spikeCount: number;
  /** Share of the beats with a spike at the usual time before them. */
  readonly beatShare: number;
  /** At least two beats and a quarter of all follow a spike. */
  readonly likely: boolean;
};

export type MeasurementQuality = {
  readonly usableLeadCount: number;
  readonly leadCount: number;
  readonly beatCount: number;
  /** Beats that the average is made of. */
  readonly averagedBeatCount: number;
  /** Median over leads of the typical difference between a beat and the average, mV; null without an average. */
  readonly residualMv: number | null;
};

/** All that is measured on a recording. Intervals are those of the averaged dominant beat over all leads. */
export type Measurements = {
  readonly heartRateBpm: number | null;
  readonly rr: RrStatistics | null;
  readonly pDurationMs: number | null;
  readonly prMs: number | null;
  readonly qrsMs: number | null;
  readonly qtMs: number | null;
  readonly qtc: CorrectedQt | null;
  /**
   * Frontal axes, -180 to 180 degrees, from the areas of I and aVF (see `frontalAxis`); null without both leads or
   * where the wave is too small to have a direction.
   */
  readonly axisDegrees: { readonly p: number | null; readonly qrs: number | null; readonly t: number | null };
  /** By lead name; empty without beats, or where the file keeps no voltages. */
  readonly leads: Readonly<Record<string, LeadShape>>;
  readonly beats: readonly BeatMeasurement[];
  readonly rhythm: RhythmMeasurements;
  readonly pacing: PacingMeasurements;
  readonly quality: MeasurementQuality;
  /** What could not be measured and why, one sentence each. */
  readonly notes: readonly string[];
};
