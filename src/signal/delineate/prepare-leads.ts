// From a recording to what delineation works on: leads at 500 Hz without wander, with their slopes.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { leadSamples } from "../../record/lead-matrix.ts";
import { resamplePoly } from "../resample-poly.ts";
import { bridgeSpikes, findPacingSpikes, type PacingSpike } from "./find-pacing-spikes.ts";
import { removeWander } from "./remove-wander.ts";
import { gaussianSmooth, quantile, slopePerSecond } from "./smooth-samples.ts";

/** All boundaries are searched at this rate: 2 ms steps, and one set of constants for every source. */
export const WORKING_RATE_HZ = 500;

/** Corner of the zero-phase high-pass. */
const WANDER_CORNER_HZ = 0.5;
/** A lead with more samples missing than this is left out. */
const MAX_MISSING_SHARE = 0.5;
/** Below this peak-to-peak amplitude (mV) a lead is called flat: half the step of a 10-bit electrocardiograph. */
const FLAT_MV = 0.005;
/** Below this (mV/s) a lead has no QRS complexes: a complex of 0.02 mV in 40 ms is steeper. */
const LEAST_STEEPNESS = 0.5;

/** One usable lead at 500 Hz. */
export type PreparedLead = {
  readonly name: string;
  /** Row of the record that it came from. */
  readonly leadIndex: number;
  /** mV, wander removed, otherwise unfiltered. */
  readonly samples: Float64Array;
  /** mV, smoothed with a standard deviation of 5 ms: QRS shapes. */
  readonly fine: Float64Array;
  /** Slope of `fine`, mV/s. */
  readonly fineSlope: Float64Array;
  /** Typical steepness of its QRS complexes, mV/s; the unit in which leads are compared. */
  readonly steepness: number;
  /** Typical steepness between them, mV/s. */
  readonly noise: number;
};

export type PreparedRecord = {
  readonly leads: readonly PreparedLead[];
  /** Samples at 500 Hz. */
  readonly sampleCount: number;
  /** Multiply a 500 Hz sample index by this to get one of the record. */
  readonly toRecordRate: number;
  /** Pacemaker spikes, as 500 Hz samples; they are bridged in every signal of `leads`. */
  readonly spikes: readonly PacingSpike[];
  /** What was left out and why, one sentence each. */
  readonly notes: readonly string[];
};

type BareLead = { readonly name: string; readonly leadIndex: number; readonly samples: Float64Array };

/** Prepare every usable lead of a record. Never throws on samples: unusable leads are named in `notes`. */
export function prepareRecord(record: EcgRecord): PreparedRecord {
  const leads = record.leads.map((name, leadIndex) => ({
    name,
    x: leadSamples(record.signal, leadIndex),
  }));
  return prepareLeads(leads, record.samplingRateHz);
}

/** Prepare leads (mV) of equal length, at any rate. */
export function prepareLeads(
  leads: readonly { readonly name: string; readonly x: Float32Array | Float64Array }[],
  samplingRateHz: number,
): PreparedRecord {
  const bare: BareLead[] = [];
  const notes: string[] = [];
  for (const [leadIndex, { name, x }] of leads.entries()) {
    const filled = fillMissing(x);
    if (typeof filled === "string") notes.push(`lead ${name}: ${filled}`);
    else bare.push({ name, leadIndex, samples: toWorkingRate(filled, samplingRateHz) });
  }
  const spikes = findPacingSpikes(bare.map((lead) => lead.samples));
  const usable: PreparedLead[] = [];
  for (const lead of bare.map((each) => finishLead(each, spikes))) {
    if (lead.steepness >= LEAST_STEEPNESS) usable.push(lead);
    else notes.push(`lead ${lead.name}: no steep deflection (${lead.steepness.toFixed(2)} mV/s at most)`);
  }
  return {
    leads: usable,
    sampleCount: usable[0]?.samples.length ?? 0,
    toRecordRate: samplingRateHz / WORKING_RATE_HZ,
    spikes,
    notes,
  };
}

function finishLead(
  { name, leadIndex, samples: raw }: BareLead,
  spikes: readonly PacingSpike[],
): PreparedLead {
  const samples = removeWander(bridgeSpikes(raw, spikes), WORKING_RATE_HZ, WANDER_CORNER_HZ);
  const fine = gaussianSmooth(samples, 2);
  const fineSlope = slopePerSecond(fine, WORKING_RATE_HZ);
  return { name, leadIndex, samples, fine, fineSlope, ...measureSteepness(fineSlope) };
}

/** Gaps are bridged by straight lines (constant at the ends); a mostly missing or flat lead is refused. */
function fillMissing(x: Float32Array | Float64Array): Float64Array | string {
  const n = x.length;
  const out = new Float64Array(n);
  let missing = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let last = -1;
  for (let i = 0; i < n; i++) {
    const value = x[i]!;
    if (!Number.isFinite(value)) {
      missing++;
      continue;
    }
    if (value < low) low = value;
    if (value > high) high = value;
    if (last < i - 1) bridge(out, last, i, value);
    out[i] = value;
    last = i;
  }
  if (n === 0 || last < 0) return "no samples";
  if (missing > MAX_MISSING_SHARE * n) return `${missing} of ${n} samples are missing`;
  if (high - low < FLAT_MV) return `flat (range ${(high - low).toFixed(4)} mV)`;
  out.fill(out[last]!, last + 1);
  return out;
}

function bridge(out: Float64Array, from: number, to: number, value: number): void {
  const start = from < 0 ? value : out[from]!;
  for (let i = from + 1; i < to; i++) out[i] = start + ((value - start) * (i - from)) / (to - from);
}

/** Band-limited where the rates are whole numbers, straight lines between samples otherwise. */
function toWorkingRate(x: Float64Array, samplingRateHz: number): Float64Array {
  if (samplingRateHz === WORKING_RATE_HZ) return x;
  const offset = x[0]!;
  if (Number.isInteger(samplingRateHz)) {
    // the filter pads with zeros: start from the first value, so that no step rings at the beginning
    const centred = x.map((value) => value - offset);
    return resamplePoly(centred, WORKING_RATE_HZ, samplingRateHz);
  }
  const count = Math.max(1, Math.ceil((x.length * WORKING_RATE_HZ) / samplingRateHz));
  return Float64Array.from({ length: count }, (_, i) => {
    const at = Math.min(x.length - 1, (i * samplingRateHz) / WORKING_RATE_HZ);
    const low = Math.floor(at);
    const high = Math.min(x.length - 1, low + 1);
    return x[low]! + (x[high]! - x[low]!) * (at - low) - offset;
  });
}

/** Steepness: median over seconds of the steepest slope; noise: median of |slope| (every sixteenth sample). */
function measureSteepness(slope: Float64Array): { steepness: number; noise: number } {
  const second = WORKING_RATE_HZ;
  const margin = second / 50; // recordings often begin and end with a step of their own
  const peaks: number[] = [];
  for (let start = 0; start + second / 2 <= slope.length || start === 0; start += second) {
    let peak = 0;
    for (let i = start + margin; i < Math.min(slope.length, start + second) - margin; i++)
      peak = Math.max(peak, Math.abs(slope[i]!));
    peaks.push(peak);
  }
  const sparse = new Float64Array(Math.ceil(slope.length / 16));
  for (let i = 0; i < sparse.length; i++) sparse[i] = Math.abs(slope[16 * i]!);
  return { steepness: quantile(peaks, 0.6), noise: quantile(sparse, 0.5) };
}
