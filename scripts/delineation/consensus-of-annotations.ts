// What the cardiologists' lead-wise boundaries say about a beat as a whole: the median over the leads.
import type { WaveBoundary } from "../../src/sources/ludb/group-wave-boundaries.ts";
import type { LeadBoundaries } from "../../src/sources/ludb/read-ludb-boundaries.ts";
import { medianOf } from "./match-waves.ts";

/** Waves whose peaks lie within this of each other in different leads are one wave. */
const SAME_WAVE_MS = 100;
/** A wave counts when at least this many leads show it. */
const LEAST_LEADS = 6;

/** One wave for each that at least six leads show, with the medians of its onsets, peaks and ends over the leads. */
export function consensusOfAnnotations(
  leads: readonly LeadBoundaries[],
  wave: WaveBoundary["wave"],
  samplingRateHz: number,
): WaveBoundary[] {
  const all = leads
    .flatMap(({ waves }) => waves.filter((found) => found.wave === wave))
    .sort((a, b) => a.peakSample - b.peakSample);
  const reach = (SAME_WAVE_MS * samplingRateHz) / 1000;
  const groups: WaveBoundary[][] = [];
  for (const found of all) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && found.peakSample - first.peakSample <= reach) group.push(found);
    else groups.push([found]);
  }
  return groups
    .filter((group) => group.length >= LEAST_LEADS)
    .map((group) => {
      const onsets = group.flatMap(({ onsetSample }) => onsetSample ?? []);
      const offsets = group.flatMap(({ offsetSample }) => offsetSample ?? []);
      return {
        wave,
        peakSample: medianOf(group.map(({ peakSample }) => peakSample)),
        ...(onsets.length > 0 && { onsetSample: medianOf(onsets) }),
        ...(offsets.length > 0 && { offsetSample: medianOf(offsets) }),
      };
    });
}
