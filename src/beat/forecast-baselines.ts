// Baselines of signal prediction: the mean, the last cycle repeated, and the same scaled by its correlation.
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import { momentsOf } from "../signal/moments.ts";

/** Shortest and longest cycle that is looked for: 200 to 30 beats a minute. */
const SHORTEST_CYCLE_SECONDS = 0.3;
const LONGEST_CYCLE_SECONDS = 2;

/** Always the mean of the input window: `zero` in z-scored units. */
export function forecastZero(input: LeadMatrix, sampleCount: number): LeadMatrix {
  const forecast = createLeadMatrix(input.leadCount, sampleCount, 0);
  for (let lead = 0; lead < input.leadCount; lead++)
    leadSamples(forecast, lead).fill(momentsOf(leadSamples(input, lead)).mean || 0);
  return forecast;
}

/** The cycle that the end of a signal repeats. */
export type LastCycle = {
  readonly lengthSamples: number;
  /** Normalised autocorrelation at that lag, over all leads; 0 where nothing repeats. */
  readonly correlation: number;
};

/**
 * Repeat the last cycle of the input, its length found by the autocorrelation summed over leads.
 * With `scaled` the deviation from the mean is multiplied by that correlation (the least-squares factor for a
 * stationary signal), so that an irregular rhythm is forecast with less conviction.
 */
export function forecastPersistence(
  input: LeadMatrix,
  sampleCount: number,
  options: { readonly samplingRateHz: number; readonly scaled: boolean },
): LeadMatrix {
  const cycle = findLastCycle(input, options.samplingRateHz);
  return repeatLastCycle(input, sampleCount, options.scaled ? cycle : { ...cycle, correlation: 1 });
}

/** The last cycle over and over, its deviation from each lead's mean times the correlation. */
export function repeatLastCycle(input: LeadMatrix, sampleCount: number, cycle: LastCycle): LeadMatrix {
  const forecast = createLeadMatrix(input.leadCount, sampleCount, 0);
  const factor = Math.max(0, cycle.correlation);
  for (let lead = 0; lead < input.leadCount; lead++) {
    const samples = leadSamples(input, lead);
    const mean = momentsOf(samples).mean || 0;
    const out = leadSamples(forecast, lead);
    for (let t = 0; t < sampleCount; t++) {
      const value = samples[samples.length - cycle.lengthSamples + (t % cycle.lengthSamples)] ?? mean;
      out[t] = mean + factor * ((Number.isNaN(value) ? mean : value) - mean);
    }
  }
  return forecast;
}

/** The lag of the highest normalised autocorrelation, summed over leads (each with the same weight). */
export function findLastCycle(input: LeadMatrix, samplingRateHz: number): LastCycle {
  const shortest = Math.round(SHORTEST_CYCLE_SECONDS * samplingRateHz);
  const longest = Math.min(
    Math.round(LONGEST_CYCLE_SECONDS * samplingRateHz),
    Math.floor(input.sampleCount / 2),
  );
  const centred = Array.from({ length: input.leadCount }, (_, lead) => standardise(leadSamples(input, lead)));
  const products = new Float64Array(longest + 1);
  const energies = new Float64Array(longest + 1);
  for (const samples of centred) addAutocorrelation(samples, shortest, products, energies);
  let best: LastCycle = { lengthSamples: Math.min(samplingRateHz, input.sampleCount) || 1, correlation: 0 };
  for (let lag = shortest; lag <= longest; lag++) {
    const correlation = energies[lag]! > 0 ? products[lag]! / energies[lag]! : 0;
    if (correlation > best.correlation) best = { lengthSamples: lag, correlation };
  }
  return best;
}

/** Adds sum x[t] x[t - lag] and the mean energy of both parts, for every lag from `shortest` on. */
function addAutocorrelation(
  samples: Float64Array,
  shortest: number,
  products: Float64Array,
  energies: Float64Array,
): void {
  const { length } = samples;
  const sums = new Float64Array(length + 1);
  for (let t = 0; t < length; t++) sums[t + 1] = sums[t]! + samples[t]! * samples[t]!;
  if (sums[length] === 0) return;
  for (let lag = shortest; lag < products.length; lag++) {
    let product = 0;
    for (let t = lag; t < length; t++) product += samples[t]! * samples[t - lag]!;
    products[lag]! += product;
    energies[lag]! += (sums[length]! - sums[lag]! + sums[length - lag]!) / 2;
  }
}

function standardise(samples: Float32Array): Float64Array {
  const { mean, sd } = momentsOf(samples);
  return Float64Array.from(samples, (value) => (Number.isNaN(value) ? 0 : (value - mean) / (sd || 1)));
}
