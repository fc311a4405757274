// digitisePage: the traces of a segmented page as recordings: one for each stretch of time that some of its leads share.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { stackLeads } from "../../record/lead-matrix.ts";
import { medianHeight } from "./measure-trace.ts";
import type { PageSegmentation, SegmentedStrip } from "./page-segmentation.ts";

export type DigitisePageOptions = {
  /** What the records are called. */
  readonly id: string;
  /** Default 250: a page at 150 dpi and 25 mm/s has 148 columns a second. */
  readonly samplingRateHz?: number;
};

/** Strips of one column belong together; the rhythm strips of a page run under all columns. */
type Stretch = { readonly seconds: number; readonly strips: readonly SegmentedStrip[] };

/**
 * The longest stretch first, among equals that of more leads: of a 3x4 page its rhythm strips, then each column; of a 12x1
 * page one record with every lead. Samples in mV (in standard deviations on a page of z-scores) over the strip's median, NaN
 * where the trace could not be followed, drawn straight between the page's pixels. Nothing of the patient is known.
 */
export function digitisePage(
  segmentation: PageSegmentation,
  { id, samplingRateHz = 250 }: DigitisePageOptions,
): EcgRecord[] {
  return stretchesOf(segmentation).map(({ seconds, strips }, index) => {
    const sampleCount = Math.floor(seconds * samplingRateHz);
    const name = `${id}#${index + 1}`;
    return {
      id: name,
      samplingRateHz,
      leads: strips.map(({ lead }) => lead),
      signal: stackLeads(strips.map((strip) => samplesOf(strip, sampleCount, samplingRateHz))),
      patient: {},
      statements: [],
      sourceLabels: [],
      labelScope: [],
      identity: { recordingId: name, patientId: name, patientKnown: false },
      provenance: {
        format: "page",
        path: id,
        sha256: "",
        ...(segmentation.amplitudeUnit === "SD" ? { amplitudeUnit: "z" as const } : {}),
      },
    };
  });
}

function stretchesOf({ strips }: PageSegmentation): Stretch[] {
  const groups = new Map<string, SegmentedStrip[]>();
  for (const strip of strips) {
    if (strip.missing) continue;
    const key = strip.kind === "rhythm" ? "rhythm" : `column ${strip.column}`;
    const group = groups.get(key) ?? [];
    if (!group.some(({ lead }) => lead === strip.lead)) group.push(strip);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map((group) => ({
      seconds: Math.max(...group.map(({ widthPx, pxPerSecond }) => widthPx / pxPerSecond)),
      strips: group,
    }))
    .sort((a, b) => b.seconds - a.seconds || b.strips.length - a.strips.length);
}

/** The trace's height over its median at every sample. */
function samplesOf(strip: SegmentedStrip, sampleCount: number, samplingRateHz: number): Float32Array {
  const { tracePx, pxPerSecond, pxPerMv, inverted, startPx, box } = strip;
  const sign = inverted ? 1 : -1;
  const zeroPx = medianHeight(tracePx);
  const samples = new Float32Array(sampleCount).fill(Number.NaN);
  for (let sample = 0; sample < sampleCount; sample++) {
    // a column of pixels stands for the time at its middle
    const at = (sample / samplingRateHz) * pxPerSecond + startPx - box.fromX - 0.5;
    const before = Math.floor(at);
    const [from, to] = [tracePx[Math.max(0, before)], tracePx[Math.max(0, before + 1)]];
    if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) continue;
    samples[sample] = (sign * (from + (to - from) * (at - before) - zeroPx)) / pxPerMv;
  }
  return samples;
}
