// The first estimate of a recording's beats and waves, before every lead is looked at by itself.
import type { Span } from "./find-qrs.ts";
import type { QuietLeads } from "./hide-qrs.ts";
import type { WaveBounds } from "./wave-boundaries.ts";

/** One beat in 500 Hz samples: its steepest place and the first estimates of its waves. */
export type BeatSketch = {
  readonly beat: number;
  readonly qrs: Span;
  /** Null also when the strongest bulge before QRS was judged to be none. */
  readonly p: WaveBounds | null;
  readonly t: WaveBounds | null;
};

export type Sketch = {
  readonly beats: readonly BeatSketch[];
  /** Combined steepness of all leads with their QRS complexes, unit free. */
  readonly activity: Float64Array;
  readonly quiet: QuietLeads;
  /** How alike the P waves of the beats are, -1 to 1; NaN with fewer than three (see `judgePWaves`). */
  readonly pLikeness: number;
};
