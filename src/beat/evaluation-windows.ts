// The windows that scores are computed on: input and future side by side, half an input apart.
import type { BeatConfig } from "./beat-config.ts";

/** A window of a recording: its input starts at `start`. */
export type EvaluationWindow = { readonly recording: number; readonly start: number };

/** Starts of all windows whose input and future fit: 0, 500 and 1,000 in 10 s at 250 Hz. */
export function windowStarts(sampleCount: number, config: BeatConfig): number[] {
  const length = config.inputSamples + config.predictionSamples;
  const starts: number[] = [];
  for (let start = 0; start + length <= sampleCount; start += config.inputSamples / 2)
    starts.push(Math.floor(start));
  return starts;
}

/** Windows of all recordings; with `limit`, that many at equal distances over all of them. */
export function listWindows(
  sampleCounts: readonly number[],
  config: BeatConfig,
  limit: number = Number.POSITIVE_INFINITY,
): EvaluationWindow[] {
  const all = sampleCounts.flatMap((count, recording) =>
    windowStarts(count, config).map((start) => ({ recording, start })),
  );
  if (all.length <= limit) return all;
  return Array.from({ length: limit }, (_, index) => all[Math.floor((index * all.length) / limit)]!);
}
