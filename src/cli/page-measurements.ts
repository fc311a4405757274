// Measurements in the few numbers that a page header prints.
import type { PageMeasurements } from "../images/page-header.ts";
import type { Measurements } from "../signal/measure/measurements.ts";

/** Rate, PR, QRS, QT, QTc (Bazett) and axes, null where the signal does not tell. */
export function pageMeasurements(measured: Measurements): PageMeasurements {
  return {
    heartRateBpm: measured.heartRateBpm,
    prMs: measured.prMs,
    qrsMs: measured.qrsMs,
    qtMs: measured.qtMs,
    qtcMs: measured.qtc?.bazettMs ?? null,
    pAxisDegrees: measured.axisDegrees.p,
    qrsAxisDegrees: measured.axisDegrees.qrs,
    tAxisDegrees: measured.axisDegrees.t,
  };
}
