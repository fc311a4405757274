// How a recording of any length becomes segments: slices from right to left, the first one left-padded.

import type { CodeWindow } from "./beat-codes.ts";
import type { BeatConfig } from "./beat-config.ts";

/**
 * Windows of `inputSamples` that end at the last sample and go back to the first, in order of time. The first may
 * begin before sample 0: what is missing there is padded with zeros (paper, tokenization rules). Empty for no samples.
 */
export function sliceWindows(sampleCount: number, config: BeatConfig): CodeWindow[] {
  const windows: CodeWindow[] = [];
  for (let end = sampleCount; end > 0; end -= config.inputSamples) {
    windows.unshift({ startSample: end - config.inputSamples, endSample: end });
  }
  return windows;
}
