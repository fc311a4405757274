// Regular atrial waves between the QRS complexes, in the band of atrial flutter.
import type { Sketch } from "../delineate/beat-sketch.ts";
import { type PreparedLead, WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import type { RhythmMeasurements } from "./measurements.ts";

/** Flutter waves come 220 to 350 times a minute. */
const FASTEST = 350;
const SLOWEST = 220;
/** Every fourth sample (125 Hz) is enough for waves of 6 Hz. */
const THIN = 4;
const LEADS: readonly string[] = ["II", "III", "aVF", "V1"];

/**
 * Autocorrelation of what is left between QRS complexes in II, III, aVF and V1 (whichever exist), its highest peak
 * between 220 and 350 a minute: about 1 for a saw-tooth, under 0.4 for fibrillation or a quiet baseline with
 * T waves (the T waves themselves repeat at the heart rate, which is outside the band). Null for under two seconds.
 */
export function detectFlutter(leads: readonly PreparedLead[], sketch: Sketch): RhythmMeasurements["flutter"] {
  const chosen = leads.flatMap(({ name }, l) => (LEADS.includes(name) ? [sketch.quiet.waves[l]!] : []));
  const length = Math.floor((sketch.activity.length - 1) / THIN);
  if (chosen.length === 0 || length < (2 * WORKING_RATE_HZ) / THIN) return null;
  const rate = WORKING_RATE_HZ / THIN;
  const first = Math.floor((60 / FASTEST) * rate);
  const last = Math.ceil((60 / SLOWEST) * rate);
  const total = new Float64Array(last + 2);
  for (const wave of chosen)
    addAutocorrelation(bandOf(wave, length), { first: first - 1, last: last + 1, total });
  let best = -1;
  for (let lag = first; lag <= last; lag++) {
    const isPeak = total[lag]! >= total[lag - 1]! && total[lag]! >= total[lag + 1]!;
    if (isPeak && (best < 0 || total[lag]! > total[best]!)) best = lag;
  }
  if (best < 0) return { regularity: 0, ratePerMinute: 0 };
  return { regularity: Math.max(0, total[best]! / chosen.length), ratePerMinute: (60 * rate) / best };
}

/** Thinned second difference over 100 ms: passes 3 to 8 Hz, takes away the baseline and most of T. */
function bandOf(wave: Float64Array, length: number): Float64Array {
  const reach = Math.round(WORKING_RATE_HZ * 0.1);
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = i * THIN;
    const left = wave[Math.max(0, at - reach)]!;
    const right = wave[Math.min(wave.length - 1, at + reach)]!;
    out[i] = wave[at]! - (left + right) / 2;
  }
  return out;
}

type LagSums = { readonly first: number; readonly last: number; readonly total: Float64Array };

function addAutocorrelation(x: Float64Array, { first, last, total }: LagSums): void {
  for (let lag = first; lag <= last; lag++) {
    let both = 0;
    let early = 0;
    let late = 0;
    for (let i = 0; i + lag < x.length; i++) {
      both += x[i]! * x[i + lag]!;
      early += x[i]! * x[i]!;
      late += x[i + lag]! * x[i + lag]!;
    }
    if (early > 0 && late > 0) total[lag]! += both / Math.sqrt(early * late);
  }
}
