// What a machine's report would say of a recording, as numbers: the probe's hand-made rival.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { measureIntervals } from "../../signal/measure/measure-intervals.ts";
import type { LeadShape, Measurements } from "../../signal/measure/measurements.ts";

const SHAPE_FIELDS = [
  "qAmplitudeMv",
  "rAmplitudeMv",
  "sAmplitudeMv",
  "rPrimeAmplitudeMv",
  "qDurationMs",
  "rPeakTimeMs",
  "qrsTerminalMv",
  "stJMv",
  "stLevelMv",
  "tAmplitudeMv",
  "tNegativeMv",
  "pAmplitudeMv",
  "pTerminalMv",
] as const satisfies readonly (keyof LeadShape)[];

/** Rate, intervals, axes, rhythm, and the shape of every lead; NaN where a recording does not tell. */
export function measuredFeatures(record: EcgRecord): number[] {
  const found = measureIntervals(record);
  const shapes = STANDARD_LEADS.flatMap((lead) =>
    SHAPE_FIELDS.map((field) => found.leads[lead]?.[field] ?? Number.NaN),
  );
  return [...intervalFeatures(found), ...shapes].map((value) => value ?? Number.NaN);
}

function intervalFeatures(found: Measurements): (number | null | undefined)[] {
  const { axisDegrees, rhythm, rr, qtc } = found;
  const axis = (degrees: number | null): (number | null)[] => {
    if (degrees === null) return [null, null];
    const angle = (degrees * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  };
  return [
    found.heartRateBpm,
    rr?.sdMs,
    rr?.rmssdMs,
    found.pDurationMs,
    found.prMs,
    found.qrsMs,
    found.qtMs,
    qtc?.bazettMs,
    ...axis(axisDegrees.p),
    ...axis(axisDegrees.qrs),
    ...axis(axisDegrees.t),
    rhythm.rrVariation,
    rhythm.pShare,
    rhythm.pLikeness,
    rhythm.prSdMs,
    rhythm.prematureCount,
    rhythm.prematureWideCount,
    rhythm.flutter?.regularity,
    found.pacing.beatShare,
  ];
}
