// What delineation says about one beat: where its waves begin, peak and end.

/** Onset, peak and end of a wave, in samples of the signal that was delineated (fractions are possible). */
export type WaveBounds = { readonly onset: number; readonly peak: number; readonly offset: number };

/** The waves of one beat; null = not there, or not to be told from noise. */
export type WaveBoundaries = {
  readonly p: WaveBounds | null;
  readonly qrs: WaveBounds;
  readonly t: WaveBounds | null;
};
