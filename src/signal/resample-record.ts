// A record at another sampling rate, lead by lead.
import type { EcgRecord } from "../record/ecg-record.ts";
import { leadSamples, stackLeads } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { greatestCommonDivisor, resamplePoly } from "./resample-poly.ts";

export type ResampleOptions = {
  /** Rate of the result. */
  readonly toHz: number;
};

/** Largest up or down for which a filter is designed (20 taps each): keeps odd rates affordable. */
const LARGEST_FACTOR = 10_000;

/**
 * Resample every lead to `toHz` (see {@link resamplePoly}).
 *
 * Shape: (leads, samples) mV -> (leads, ceil(samples * toHz / rate)) mV. Missing samples (NaN) stay missing, widened
 * by the filter's reach: 10 samples of the slower rate on either side, as scipy has it; nothing is made up. The
 * record's provenance (and its window, in samples of the file) is untouched.
 * Rates need not be whole numbers; where their ratio has no terms up to 10,000, the nearest that has is used
 * (relative error usually below 1e-7, at worst 5e-5 right beside a simple ratio: half a millisecond in 10 s).
 * @throws EcgError INVALID_OPTION when toHz or the record's rate is not a finite number > 0.
 */
export function resampleRecord(record: EcgRecord, options: ResampleOptions): EcgRecord {
  const { up, down } = resamplingRatio(record.samplingRateHz, options.toHz);
  const leads = record.leads.map((_, lead) => resamplePoly(leadSamples(record.signal, lead), up, down));
  return { ...record, samplingRateHz: options.toHz, signal: stackLeads(leads) };
}

/**
 * `toHz / fromHz` as a fraction in lowest terms, each at most 10,000: 500 -> 250 is 1/2, 360 -> 250 is 25/36,
 * 62.475 -> 250 is 10000/2499.
 * @throws EcgError INVALID_OPTION unless both rates are finite, > 0 and within a factor of 10,000.
 */
export function resamplingRatio(fromHz: number, toHz: number): { up: number; down: number } {
  for (const [name, rate] of [
    ["the record's samplingRateHz", fromHz],
    ["toHz", toHz],
  ] as const) {
    if (!(rate > 0) || !Number.isFinite(rate)) {
      throw new EcgError("INVALID_OPTION", `resampleRecord: expected ${name} > 0, got ${rate}`, {
        details: { fromHz, toHz },
      });
    }
  }
  const ratio = toHz / fromHz;
  if (ratio > LARGEST_FACTOR || ratio < 1 / LARGEST_FACTOR) {
    throw new EcgError(
      "INVALID_OPTION",
      `resampleRecord: expected rates within a factor of ${LARGEST_FACTOR}, got ${fromHz} to ${toHz} Hz`,
      { details: { fromHz, toHz } },
    );
  }
  if (Number.isInteger(fromHz) && Number.isInteger(toHz)) {
    const divisor = greatestCommonDivisor(fromHz, toHz);
    if (Math.max(fromHz, toHz) / divisor <= LARGEST_FACTOR)
      return { up: toHz / divisor, down: fromHz / divisor };
  }
  return nearestFraction(ratio);
}

/** The best of the convergents and semiconvergents of `value` whose terms are small enough. */
function nearestFraction(value: number): { up: number; down: number } {
  let [up, down, upBefore, downBefore] = [Math.floor(value), 1, 1, 0];
  let rest = value - Math.floor(value);
  const errorOf = (p: number, q: number): number => (p === 0 ? 1 : Math.abs(p / q / value - 1));
  while (errorOf(up, down) > 1e-12) {
    const wanted = Math.floor(1 / rest);
    const room = Math.min((LARGEST_FACTOR - upBefore) / up, (LARGEST_FACTOR - downBefore) / down);
    const term = Math.min(wanted, Math.floor(room));
    const nextUp = term * up + upBefore;
    const nextDown = term * down + downBefore;
    if (term < 1 || errorOf(nextUp, nextDown) > errorOf(up, down)) break;
    [up, down, upBefore, downBefore] = [nextUp, nextDown, up, down];
    if (term < wanted) break;
    rest = 1 / rest - wanted;
  }
  return { up, down };
}
