// One lead without baseline wander and mains hum, as NeuroKit2's ecg_clean(method="neurokit").
import { averageZeroPhase } from "./average-zero-phase.ts";
import { butterworthHighpass, type SecondOrderSection } from "./butterworth-highpass.ts";
import { fillMissing } from "./fill-missing.ts";
import { filterSectionsZeroPhase } from "./filter-sections-zero-phase.ts";

/** Frequency of the power line. */
export type MainsHz = 50 | 60;

export type CleanLeadOptions = {
  /** Mains frequency whose period the moving average spans. Default 50, NeuroKit2's. */
  readonly mainsHz?: MainsHz;
};

const BASELINE_CUTOFF_HZ = 0.5;
const BASELINE_ORDER = 5;

const baselineFilters = new Map<number, readonly SecondOrderSection[]>();

/**
 * Remove what is slower than 0.5 Hz (5th-order Butterworth, zero phase) and the mains (moving average over one
 * period of it, zero phase).
 *
 * Shape: (samples) mV -> (samples) mV. The average is a strong low-pass too: at 250 Hz and 50 Hz mains it passes
 * 0.88 at 10 Hz, 0.42 at 25 Hz, 0.06 at 40 Hz. Missing samples are filled with the last value before them (the
 * result has no gaps); a lead without any finite sample stays NaN throughout; a flat one becomes 0.
 * Signals too short for the reference's edge extension (under 19 samples) get a shorter one.
 * @throws EcgError INVALID_OPTION when samplingRateHz is not above 1 Hz.
 * Source: NeuroKit2 `ecg_clean(x, sampling_rate, method="neurokit")`, development head of March 2026: the `pad`
 * method and order 5 (older releases: `gust`, other orders). Golden: test/fixtures/signal/clean-*.
 */
export function cleanLead(
  x: Float64Array | Float32Array,
  samplingRateHz: number,
  options: CleanLeadOptions = {},
): Float64Array {
  const baselineFilter = baselineFilterFor(samplingRateHz);
  const filled = fillMissing(x);
  if (!filled) return new Float64Array(x.length).fill(Number.NaN);
  const level = filterSectionsZeroPhase(baselineFilter, filled);
  return averageZeroPhase(level, mainsPeriodSamples(samplingRateHz, options.mainsHz ?? 50));
}

/** Length of the moving average: one mains period, rounded down; 2 below 100 Hz, as the reference has it. */
function mainsPeriodSamples(samplingRateHz: number, mainsHz: MainsHz): number {
  return samplingRateHz >= 100 ? Math.floor(samplingRateHz / mainsHz) : 2;
}

function baselineFilterFor(samplingRateHz: number): readonly SecondOrderSection[] {
  const known = baselineFilters.get(samplingRateHz);
  if (known) return known;
  const options = { order: BASELINE_ORDER, cutoffHz: BASELINE_CUTOFF_HZ, samplingRateHz };
  const sections = butterworthHighpass(options);
  baselineFilters.set(samplingRateHz, sections);
  return sections;
}
