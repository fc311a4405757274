// Noise as it arises: at the nine electrodes. Leads are differences of electrodes, so a loose left-arm electrode
// disturbs every limb lead but II, and Einthoven's law holds with any noise.
import type { Rng } from "../../shared/rng.ts";
import { STANDARD_LEADS, type StandardLead } from "../lead-names.ts";
import type { SyntheticNoise } from "./finding-catalogue.ts";
import { LEAD_COUNT } from "./lead-field.ts";
import { expandLeads } from "./measure-beat-shape.ts";
import type { EightLeads } from "./render-heart.ts";

/** Electrodes in the order of their rows: right arm, left arm, left leg, V1..V6. */
const ELECTRODES = ["RA", "LA", "LL", "V1", "V2", "V3", "V4", "V5", "V6"] as const;
const CHEST = [3, 4, 5, 6, 7, 8] as const;

/** What a noise did: the leads it can be seen in, and how, for the statement's text. */
export type NoiseEffect = {
  readonly noise: SyntheticNoise;
  readonly leads: readonly StandardLead[];
  readonly detail?: string;
  /** True when the leads no longer show the heart as it is (arm electrodes exchanged). */
  readonly isReversal: boolean;
};

/** A lead counts as disturbed from this root mean square on. */
const VISIBLE_RMS_MV: Readonly<Record<SyntheticNoise, number>> = {
  "baseline-drift": 0.06,
  "burst-noise": 0.02,
  "static-noise": 0.015,
  "electrode-problem": 0.05,
};

/** Add noises to the eight leads. Equal options give equal noise. */
export function addNoises(out: EightLeads, noises: readonly SyntheticNoise[], rng: Rng): NoiseEffect[] {
  return noises.map((noise) => {
    const random = rng.fork(noise);
    if (noise === "electrode-problem" && random.next() < 0.4) return reverseElectrodes(out, random);
    const electrodes = NOISE_MAKERS[noise](out, random);
    const { leads } = mixElectrodes(out, electrodes, VISIBLE_RMS_MV[noise]);
    const detail = noise === "electrode-problem" ? "poor contact" : undefined;
    return { noise, leads, isReversal: false, ...(detail === undefined ? {} : { detail }) };
  });
}

/** A little muscle, mains and baseline noise, as in every good recording; not labelled. */
export function addAmbientNoise(out: EightLeads, sizeMv: number, rng: Rng): void {
  const electrodes = createElectrodes(out.sampleCount);
  for (const electrode of electrodes) {
    addMuscle(electrode, { samplingRateHz: out.samplingRateHz, rmsMv: sizeMv * rng.uniform(0.5, 1), rng });
    addDrift(electrode, { samplingRateHz: out.samplingRateHz, sizeMv: sizeMv * 3, rng });
    addMains(electrode, {
      samplingRateHz: out.samplingRateHz,
      mainsHz: 50,
      sizeMv: sizeMv * 0.3 * rng.next(),
      rng,
    });
  }
  mixElectrodes(out, electrodes, 0);
}

const NOISE_MAKERS: Readonly<Record<SyntheticNoise, (out: EightLeads, rng: Rng) => Float64Array[]>> = {
  "baseline-drift": makeDrift,
  "burst-noise": makeBursts,
  "static-noise": makeStatic,
  "electrode-problem": makePoorContact,
};

function createElectrodes(sampleCount: number): Float64Array[] {
  return ELECTRODES.map(() => new Float64Array(sampleCount));
}

/** Some electrodes: all, the limbs, or a few of the chest. */
function chooseElectrodes(rng: Rng): readonly number[] {
  const draw = rng.next();
  if (draw < 0.4) return ELECTRODES.map((_, index) => index);
  if (draw < 0.7) return rng.shuffle([0, 1, 2]).slice(0, 1 + rng.integer(3));
  return rng.shuffle(CHEST).slice(0, 1 + rng.integer(3));
}

function makeDrift({ sampleCount, samplingRateHz }: EightLeads, rng: Rng): Float64Array[] {
  const electrodes = createElectrodes(sampleCount);
  const sizeMv = rng.uniform(0.28, 0.6);
  for (const index of chooseElectrodes(rng)) {
    addDrift(electrodes[index]!, { samplingRateHz, sizeMv: sizeMv * rng.uniform(0.7, 1.2), rng });
  }
  return electrodes;
}

function makeStatic({ sampleCount, samplingRateHz }: EightLeads, rng: Rng): Float64Array[] {
  const electrodes = createElectrodes(sampleCount);
  const mainsHz = rng.pick([50, 50, 60]);
  const mainsMv = rng.uniform(0.02, 0.09);
  const muscleMv = rng.uniform(0.025, 0.06);
  const kind = mainsHz < 0.5 * samplingRateHz ? rng.integer(3) : 1;
  for (const index of chooseElectrodes(rng)) {
    const scale = rng.uniform(0.7, 1.2);
    if (kind !== 1) addMains(electrodes[index]!, { samplingRateHz, mainsHz, sizeMv: mainsMv * scale, rng });
    if (kind !== 0) addMuscle(electrodes[index]!, { samplingRateHz, rmsMv: muscleMv * scale, rng });
  }
  return electrodes;
}

function makeBursts({ sampleCount, samplingRateHz }: EightLeads, rng: Rng): Float64Array[] {
  const electrodes = createElectrodes(sampleCount);
  const durationSeconds = sampleCount / samplingRateHz;
  const count = Math.max(1, Math.round((durationSeconds / 10) * rng.uniform(1, 3.4)));
  for (let burst = 0; burst < count; burst++) {
    const middle = rng.uniform(0.08, 0.92) * durationSeconds;
    const length = rng.uniform(0.25, 0.9);
    const rmsMv = rng.uniform(0.06, 0.24);
    for (const index of chooseElectrodes(rng)) {
      const samples = new Float64Array(sampleCount);
      addMuscle(samples, { samplingRateHz, rmsMv: rmsMv * rng.uniform(0.7, 1.2), rng });
      const swingMv = rng.uniform(-0.5, 0.5);
      const electrode = electrodes[index]!;
      for (let t = 0; t < sampleCount; t++) {
        const z = (t / samplingRateHz - middle) / (length / 2);
        const envelope = Math.exp(-(z ** 4));
        electrode[t]! += envelope * (samples[t]! + swingMv * Math.sin(2.4 * z));
      }
    }
  }
  return electrodes;
}

/** One electrode with poor contact: noise, mains, and jumps of the baseline that decay. */
function makePoorContact({ sampleCount, samplingRateHz }: EightLeads, rng: Rng): Float64Array[] {
  const electrodes = createElectrodes(sampleCount);
  const electrode = electrodes[rng.next() < 0.75 ? rng.pick(CHEST) : rng.integer(3)]!;
  addMuscle(electrode, { samplingRateHz, rmsMv: rng.uniform(0.04, 0.12), rng });
  addMains(electrode, { samplingRateHz, mainsHz: 50, sizeMv: rng.uniform(0.05, 0.2), rng });
  const jumps = Math.max(2, Math.round((sampleCount / samplingRateHz) * rng.uniform(0.25, 0.6)));
  for (let jump = 0; jump < jumps; jump++) {
    const start = rng.next() * sampleCount;
    const heightMv = rng.uniform(0.5, 2) * (rng.next() < 0.5 ? -1 : 1);
    const decay = samplingRateHz * rng.uniform(0.15, 0.7);
    for (let t = Math.ceil(start); t < Math.min(sampleCount, start + 8 * decay); t++) {
      electrode[t]! += heightMv * Math.exp((start - t) / decay);
    }
  }
  return electrodes;
}

/** Exchanged electrodes: both arms, or two neighbours of the chest. */
function reverseElectrodes(out: EightLeads, rng: Rng): NoiseEffect {
  const { data, sampleCount } = out;
  if (rng.next() < 0.5) {
    for (let at = 0; at < sampleCount * LEAD_COUNT; at += LEAD_COUNT) {
      const leadI = data[at]!;
      // LA - RA changes its sign; LL - (what is now called RA, the left arm) is lead III. Chest leads keep theirs.
      data[at + 1]! -= leadI;
      data[at] = -leadI;
    }
    return {
      noise: "electrode-problem",
      leads: ["I", "II", "III", "aVR", "aVL"],
      detail: "arm electrodes exchanged",
      isReversal: true,
    };
  }
  const first = rng.integer(4);
  const second = first + 2;
  for (let at = 0; at < sampleCount * LEAD_COUNT; at += LEAD_COUNT) {
    const swap = data[at + 2 + first]!;
    data[at + 2 + first] = data[at + 2 + second]!;
    data[at + 2 + second] = swap;
  }
  const leads = [STANDARD_LEADS[6 + first]!, STANDARD_LEADS[6 + second]!];
  return {
    noise: "electrode-problem",
    leads,
    detail: `electrodes ${leads.join(" and ")} exchanged`,
    isReversal: true,
  };
}

/** Add electrode potentials to the leads; names the leads whose added root mean square is visible. */
function mixElectrodes(
  { data, sampleCount }: EightLeads,
  electrodes: readonly Float64Array[],
  visibleRmsMv: number,
): { readonly leads: StandardLead[] } {
  const [ra, la, ll] = electrodes as [Float64Array, Float64Array, Float64Array];
  const eight = new Float64Array(LEAD_COUNT);
  const twelve = new Float64Array(12);
  const squares = new Float64Array(12);
  const leadCount = eight.length;
  for (let t = 0; t < sampleCount; t++) {
    const wilson = (ra[t]! + la[t]! + ll[t]!) / 3;
    eight[0] = la[t]! - ra[t]!;
    eight[1] = ll[t]! - ra[t]!;
    for (let chest = 0; chest < 6; chest++) eight[2 + chest] = electrodes[3 + chest]![t]! - wilson;
    for (let lead = 0; lead < leadCount; lead++) data[t * leadCount + lead]! += eight[lead]!;
    expandLeads(eight, twelve);
    for (let lead = 0; lead < 12; lead++) squares[lead]! += twelve[lead]! ** 2;
  }
  const rms = (lead: number): number => Math.sqrt(squares[lead]! / sampleCount);
  const visible = STANDARD_LEADS.filter((_, lead) => rms(lead) > visibleRmsMv);
  const worst = STANDARD_LEADS.reduce((most, _, lead) => (rms(lead) > rms(most) ? lead : most), 0);
  return { leads: visible.length > 0 ? visible : [STANDARD_LEADS[worst]!] };
}

/** Add sizeMv sin(step t + phase), by turning a vector: a sine for every sample would cost most of the time. */
function addTone(
  samples: Float64Array,
  { step, phase, sizeMv }: { readonly step: number; readonly phase: number; readonly sizeMv: number },
): void {
  const turnCosine = Math.cos(step);
  const turnSine = Math.sin(step);
  let cosine = sizeMv * Math.cos(phase);
  let sine = sizeMv * Math.sin(phase);
  for (let t = 0; t < samples.length; t++) {
    samples[t]! += sine;
    const next = cosine * turnCosine - sine * turnSine;
    sine = sine * turnCosine + cosine * turnSine;
    cosine = next;
  }
}

type NoiseOptions = { readonly samplingRateHz: number; readonly rng: Rng };

/** Slow movement: breathing and electrode-skin potentials, 0.05 to 0.5 Hz. Equal at every sampling rate. */
function addDrift(
  samples: Float64Array,
  { samplingRateHz, sizeMv, rng }: NoiseOptions & { readonly sizeMv: number },
): void {
  const tones = Array.from({ length: 5 }, (_, k) => ({
    step: (2 * Math.PI * (k === 0 ? rng.uniform(0.2, 0.35) : rng.uniform(0.04, 0.45))) / samplingRateHz,
    phase: rng.uniform(0, 2 * Math.PI),
    sizeMv: sizeMv * (k === 0 ? 0.4 : rng.uniform(0.15, 0.5)),
  }));
  for (const tone of tones) addTone(samples, tone);
}

/** Mains hum with a third harmonic; nothing above half the sampling rate. */
function addMains(
  samples: Float64Array,
  {
    samplingRateHz,
    mainsHz,
    sizeMv,
    rng,
  }: NoiseOptions & { readonly mainsHz: number; readonly sizeMv: number },
): void {
  const phase = rng.uniform(0, 2 * Math.PI);
  for (const [harmonic, part] of [
    [1, 1],
    [3, 0.25],
  ] as const) {
    if (harmonic * mainsHz >= 0.5 * samplingRateHz) continue;
    const step = (2 * Math.PI * harmonic * mainsHz) / samplingRateHz;
    addTone(samples, { step, phase: harmonic * phase, sizeMv: sizeMv * part });
  }
}

/** Muscle noise: white noise above about 15 Hz with the given root mean square. */
function addMuscle(
  samples: Float64Array,
  { samplingRateHz, rmsMv, rng }: NoiseOptions & { readonly rmsMv: number },
): void {
  const keep = Math.exp((-2 * Math.PI * 15) / samplingRateHz);
  // y[t] = keep (y[t-1] + x[t] - x[t-1]) has variance 2 keep^2 / (1 + keep) times that of x.
  const scale = rmsMv / Math.sqrt((2 * keep * keep) / (1 + keep));
  let last = 0;
  let filtered = 0;
  for (let t = 0; t < samples.length; t++) {
    // The sum of three uniform numbers is near enough to normal and cheaper.
    const white = 2 * (rng.next() + rng.next() + rng.next() - 1.5);
    filtered = keep * (filtered + white - last);
    last = white;
    samples[t]! += scale * filtered;
  }
}
