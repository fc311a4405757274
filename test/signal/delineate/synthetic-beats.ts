// Hand-made beats with known boundaries: raised cosines for P and T, triangles for QRS.

export type MadeWave = {
  /** Seconds from the beat's R peak. */
  readonly start: number;
  readonly end: number;
  readonly amplitudeMv: number;
};

export type MadeBeat = {
  readonly p?: MadeWave;
  /** Straight lines through these points, seconds from R and mV; 0 before the first and after the last. */
  readonly qrs: readonly (readonly [number, number])[];
  readonly t?: MadeWave;
};

/** Sinus beat: P from -0.17 to -0.07 s, QRS from -0.04 to 0.05 s, T from 0.16 to 0.36 s. */
export const NORMAL_BEAT: MadeBeat = {
  p: { start: -0.17, end: -0.07, amplitudeMv: 0.15 },
  qrs: [
    [-0.04, 0],
    [-0.025, -0.1],
    [0, 1.2],
    [0.025, -0.3],
    [0.05, 0],
  ],
  t: { start: 0.16, end: 0.36, amplitudeMv: 0.35 },
};

/** A lead of `seconds` at `samplingRateHz` with a beat around each time (s), scaled by `gain`, mV. */
export function makeLead(
  beats: readonly { readonly at: number; readonly beat: MadeBeat }[],
  options: { readonly samplingRateHz: number; readonly seconds: number; readonly gain?: number },
): Float64Array {
  const { samplingRateHz, seconds, gain = 1 } = options;
  return Float64Array.from({ length: Math.round(seconds * samplingRateHz) }, (_, i) => {
    const time = i / samplingRateHz;
    let sum = 0;
    for (const { at, beat } of beats) {
      const since = time - at;
      sum += cosine(beat.p, since) + polyline(beat.qrs, since) + cosine(beat.t, since);
    }
    return gain * sum;
  });
}

/** Times from `first`, `interval` apart, that leave half a second at the end. */
export function regularTimes(first: number, interval: number, seconds: number): number[] {
  const times: number[] = [];
  for (let at = first; at < seconds - 0.5; at += interval) times.push(at);
  return times;
}

function cosine(wave: MadeWave | undefined, time: number): number {
  if (!wave || time <= wave.start || time >= wave.end) return 0;
  return (
    (wave.amplitudeMv / 2) * (1 - Math.cos((2 * Math.PI * (time - wave.start)) / (wave.end - wave.start)))
  );
}

function polyline(points: MadeBeat["qrs"], time: number): number {
  for (let i = 1; i < points.length; i++) {
    const [t0, v0] = points[i - 1]!;
    const [t1, v1] = points[i]!;
    if (time >= t0 && time < t1) return v0 + ((v1 - v0) * (time - t0)) / (t1 - t0);
  }
  return 0;
}
