// Baselines of signal prediction: the mean, the last cycle repeated, and the same scaled by its correlation.
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";

/** Shortest and longest cycle that is looked for: 200 to 30 beats a minute. */
const SHORTEST_CYCLE_SECONDS = 0.3;
const LONGEST_CYCLE_SECONDS = 2;

/** Always the mean of the input window: `zero` in z-scored units. */
export function forecastZero(input: LeadMatrix, sampleCount: number): LeadMatrix {
  const forecast = createLeadMatrix(input.leadCount, sampleCount, 0);
  for (let lead = 0; lead < input.leadCount; lead++)
    leadSamples(forecast, lead).fill(meanOf(leadSamples(input, lead)));
  return forecast;
}

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
  const forecast = createLeadMatrix(input.leadCount, sampleCount, 0);
  const cycle = lastCycle(input, options.samplingRateHz);
  for (let lead = 0; lead < input.leadCount; lead++) {
    const samples = leadSamples(input, lead);
    const mean = meanOf(samples);
    const factor = options.scaled ? Math.max(0, cycle.correlation) : 1;
    const out = leadSamples(forecast, lead);
    for (let t = 0; t < sampleCount; t++) {
      const value = samples[samples.length - cycle.lengthSamples + (t % cycle.lengthSamples)] ?? mean;
      out[t] = mean + factor * ((Number.isNaN(value) ? mean : value) - mean);
    }
  }
  return forecast;
}

/** Length of the cycle and the normalised autocorrelation there. */
function lastCycle(
  input: LeadMatrix,
  samplingRateHz: number,
): { lengthSamples: number; correlation: number } {
  const shortest = Math.round(SHORTEST_CYCLE_SECONDS * samplingRateHz);
  const longest = Math.min(
    Math.round(LONGEST_CYCLE_SECONDS * samplingRateHz),
    Math.floor(input.sampleCount / 2),
  );
  const centred = Array.from({ length: input.leadCount }, (_, lead) => standardise(leadSamples(input, lead)));
  let best = { lengthSamples: Math.min(samplingRateHz, input.sampleCount) || 1, correlation: 0 };
  for (let lag = shortest; lag <= longest; lag++) {
    let product = 0;
    let energy = 0;
    for (const samples of centred) {
      for (let t = lag; t < samples.length; t++) {
        const [now, before] = [samples[t] as number, samples[t - lag] as number];
        product += now * before;
        energy += (now * now + before * before) / 2;
      }
    }
    const correlation = energy > 0 ? product / energy : 0;
    if (correlation > best.correlation) best = { lengthSamples: lag, correlation };
  }
  return best;
}

function standardise(samples: Float32Array): Float32Array {
  const mean = meanOf(samples);
  let squares = 0;
  for (const value of samples) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / (samples.length || 1)) || 1;
  return samples.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
}

function meanOf(samples: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of samples) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
