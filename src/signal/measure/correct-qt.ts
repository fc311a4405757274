// The QT interval corrected for heart rate, by the four formulas in use.
import type { CorrectedQt } from "./measurements.ts";

/**
 * Corrected QT in ms from QT and RR in ms; null unless both are finite and above 0. At RR = 1,000 ms all equal QT.
 *
 * Bazett 1920: QT / sqrt(RR); Fridericia 1920: QT / cbrt(RR); Framingham (Sagie et al. 1992): QT + 154 (1 - RR);
 * Hodges 1983: QT + 1.75 (rate - 60), with RR in seconds and the rate in beats per minute.
 */
export function correctQt(qtMs: number, rrMs: number): CorrectedQt | null {
  if (!(qtMs > 0) || !(rrMs > 0) || !Number.isFinite(qtMs) || !Number.isFinite(rrMs)) return null;
  const rrSeconds = rrMs / 1000;
  return {
    bazettMs: qtMs / Math.sqrt(rrSeconds),
    fridericiaMs: qtMs / Math.cbrt(rrSeconds),
    framinghamMs: qtMs + 154 * (1 - rrSeconds),
    hodgesMs: qtMs + 1.75 * (60 / rrSeconds - 60),
  };
}
