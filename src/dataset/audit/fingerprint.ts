// A waveform's fingerprint: four leads at 50 Hz, and a descriptor that does not change with shift or scale.

import { type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { canonicalLead } from "../../record/lead-names.ts";
import { momentsOf } from "../../signal/moments.ts";
import { resamplePoly } from "../../signal/resample-poly.ts";

/** Rate at which waveforms are compared: fine enough for the place of a QRS, coarse enough to be quick. */
export const FINGERPRINT_HZ = 50;

/** Leads that are compared: two limb leads and two chest leads far apart. */
export const FINGERPRINT_LEADS = ["I", "II", "V1", "V5"] as const;

/** Lags of the autocorrelation that the descriptor keeps: 2 s in steps of 40 ms. */
const DESCRIPTOR_LAGS = Array.from({ length: 50 }, (_, index) => index * 2 + 2);

/** Slower than this is taken out: the ends of a crop are cleaned differently from the middle of the original. */
const BASELINE_SECONDS = 0.4;

/** Left off at both ends, where cleaning and resampling ring. */
const EDGE_SECONDS = 0.8;

export type Fingerprint = {
  /** Per lead of {@link FINGERPRINT_LEADS}: samples at 50 Hz, z-scored; undefined where the lead is missing or flat. */
  readonly leads: readonly (Float32Array | undefined)[];
  /** Autocorrelations of the leads and correlations between them; unit length. Similar for shifted copies. */
  readonly descriptor: Float32Array;
};

/**
 * Fingerprint of a cleaned recording.
 *
 * Shape: (leads, samples) mV at `samplingRateHz` (a multiple of 50) -> four leads at 50 Hz.
 */
export function fingerprint(
  signal: LeadMatrix,
  leadNames: readonly string[],
  samplingRateHz: number,
): Fingerprint {
  const leads = FINGERPRINT_LEADS.map((wanted) => {
    const index = leadNames.findIndex((name) => canonicalLead(name) === wanted);
    if (index < 0) return undefined;
    const coarse = resamplePoly(fillGaps(leadSamples(signal, index)), FINGERPRINT_HZ, samplingRateHz);
    return zScore(trimEdges(smooth(removeSlowParts(coarse))));
  });
  return { leads, descriptor: describe(leads) };
}

/** Cosine of two descriptors: 1 for the same rhythm and shape whatever the shift, scale or crop. */
export function descriptorSimilarity(a: Fingerprint, b: Fingerprint): number {
  let sum = 0;
  for (let i = 0; i < a.descriptor.length; i++) sum += (a.descriptor[i] ?? 0) * (b.descriptor[i] ?? 0);
  return sum;
}

function fillGaps(samples: Float32Array): Float64Array {
  const filled = new Float64Array(samples.length);
  let last = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? Number.NaN;
    if (!Number.isNaN(value)) last = value;
    filled[i] = last;
  }
  return filled;
}

/** Subtract the moving average. */
function removeSlowParts(samples: Float64Array): Float64Array {
  const half = Math.round((BASELINE_SECONDS * FINGERPRINT_HZ) / 2);
  const sums = new Float64Array(samples.length + 1);
  for (let t = 0; t < samples.length; t++) sums[t + 1] = (sums[t] ?? 0) + (samples[t] ?? 0);
  return samples.map((value, t) => {
    const from = Math.max(0, t - half);
    const to = Math.min(samples.length, t + half + 1);
    return value - ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}

/** [1 2 1] / 4: what lies near half the rate cannot be shifted by parts of a sample. */
function smooth(samples: Float64Array): Float64Array {
  const last = samples.length - 1;
  return samples.map(
    (value, t) =>
      value / 2 + ((samples[Math.max(0, t - 1)] ?? 0) + (samples[Math.min(last, t + 1)] ?? 0)) / 4,
  );
}

function trimEdges(samples: Float64Array): Float64Array {
  const edge = Math.round(EDGE_SECONDS * FINGERPRINT_HZ);
  return samples.length > 4 * edge ? samples.subarray(edge, samples.length - edge) : samples;
}

function zScore(samples: Float64Array): Float32Array | undefined {
  const { mean, sd } = momentsOf(samples);
  if (!(sd > 1e-4)) return undefined;
  return Float32Array.from(samples, (value) => (value - mean) / sd);
}

function describe(leads: readonly (Float32Array | undefined)[]): Float32Array {
  const values: number[] = [];
  for (const lead of leads) {
    for (const lag of DESCRIPTOR_LAGS) values.push(lead ? meanProduct(lead, lead, lag) : 0);
  }
  for (let a = 0; a < leads.length; a++) {
    for (let b = a + 1; b < leads.length; b++) {
      const [first, second] = [leads[a], leads[b]];
      // Correlations between leads tell people apart better than rhythm does; weigh them up.
      values.push(first && second ? 3 * meanProduct(first, second, 0) : 0);
    }
  }
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

function meanProduct(a: Float32Array, b: Float32Array, lag: number): number {
  const count = Math.min(a.length, b.length) - lag;
  if (count <= 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[i] ?? 0) * (b[i + lag] ?? 0);
  return sum / count;
}
