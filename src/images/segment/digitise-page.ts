// digitisePage: the traces of a segmented page as recordings: one for each stretch of time that some of its leads share.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { stackLeads } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { requireWithin } from "../page-options.ts";
import { medianHeight } from "./measure-trace.ts";
import type { PageSegmentation, SegmentedStrip } from "./page-segmentation.ts";

const RATES_HZ = [1, 10_000] as const;

export type DigitisePageOptions = {
  /** What the records are called. */
  readonly id: string;
  /** 1 to 10,000; default 250: a page at 150 dpi and 25 mm/s has 148 columns a second. */
  readonly samplingRateHz?: number;
};

/**
 * A page as one recording: each lead where it stands in time, columns one after another as pages print them, NaN where the
 * page does not show it; a lead with a rhythm strip for as long as that is. Leads in canonical order.
 * @throws EcgError INVALID_OPTION for a rate out of range.
 */
export function recordOfPage(segmentation: PageSegmentation, options: DigitisePageOptions): EcgRecord {
  const { samplingRateHz = 250 } = options;
  requireWithin("samplingRateHz", samplingRateHz, ...RATES_HZ);
  const stretches = stretchesOf(segmentation);
  const { columnSeconds, seconds } = timesOf(segmentation);
  const leads = STANDARD_LEADS.filter((lead) =>
    stretches.some(({ strips }) => strips.some((strip) => strip.lead === lead)),
  );
  const sampleCount = Math.floor(seconds * samplingRateHz);
  const rows = leads.map((lead) => {
    const samples = new Float32Array(sampleCount).fill(Number.NaN);
    const strip = stretches.flatMap(({ strips }) => strips).find((each) => each.lead === lead)!;
    const start = strip.kind === "rhythm" ? 0 : Math.round(strip.column * columnSeconds * samplingRateHz);
    const count = Math.min(
      sampleCount - start,
      Math.floor((strip.widthPx / strip.pxPerSecond) * samplingRateHz),
    );
    samples.set(samplesOf(strip, count, samplingRateHz), start);
    return samples;
  });
  return asRecord({ id: options.id, path: options.id }, segmentation, {
    samplingRateHz,
    leads,
    signal: stackLeads(rows),
  });
}

function timesOf({ strips, columns }: PageSegmentation): { columnSeconds: number; seconds: number } {
  const column = strips.find(({ kind }) => kind === "lead") ?? strips[0]!;
  const columnSeconds = column.widthPx / column.pxPerSecond;
  const longest = Math.max(...strips.map(({ widthPx, pxPerSecond }) => widthPx / pxPerSecond));
  return { columnSeconds, seconds: Math.max(longest, column.kind === "lead" ? columns * columnSeconds : 0) };
}

/** Strips of one column belong together; the rhythm strips of a page run under all columns. */
type Stretch = { readonly seconds: number; readonly strips: readonly SegmentedStrip[] };

/**
 * The longest stretch first, among equals that of more leads: of a 3x4 page its rhythm strips, then each column; of a 12x1
 * page one record with every lead. Samples in mV (in standard deviations on a page of z-scores) over the strip's median, NaN
 * where the trace could not be followed, drawn straight between the page's pixels. Nothing of the patient is known.
 * @throws EcgError INVALID_OPTION for a rate out of range.
 */
export function digitisePage(
  segmentation: PageSegmentation,
  { id, samplingRateHz = 250 }: DigitisePageOptions,
): EcgRecord[] {
  requireWithin("samplingRateHz", samplingRateHz, ...RATES_HZ);
  return stretchesOf(segmentation).map(({ seconds, strips }, index) => {
    const sampleCount = Math.floor(seconds * samplingRateHz);
    const name = `${id}#${index + 1}`;
    return asRecord({ id: name, path: id }, segmentation, {
      samplingRateHz,
      leads: strips.map(({ lead }) => lead),
      signal: stackLeads(strips.map((strip) => samplesOf(strip, sampleCount, samplingRateHz))),
    });
  });
}

function asRecord(
  { id, path }: { readonly id: string; readonly path: string },
  { amplitudeUnit }: PageSegmentation,
  traces: Pick<EcgRecord, "samplingRateHz" | "leads" | "signal">,
): EcgRecord {
  return {
    id,
    ...traces,
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: id, patientId: id, patientKnown: false },
    provenance: {
      format: "page",
      path,
      sha256: "",
      ...(amplitudeUnit === "SD" ? { amplitudeUnit: "z" as const } : {}),
    },
  };
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
