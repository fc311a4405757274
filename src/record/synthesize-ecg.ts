// Seeded 12-lead ECGs with labelled findings: a heart vector in three dimensions, projected to the leads.
// Model: McSharry et al., IEEE TBME 50 (2003) 289-294; Sameni et al., EURASIP JASP (2007) 43407. Pictures: docs/synthetic.
import { EcgError } from "../shared/errors.ts";
import { createRng, type Rng } from "../shared/rng.ts";
import type { EcgRecord, Sex } from "./ecg-record.ts";
import { createLeadMatrix, type LeadMatrix } from "./lead-matrix.ts";
import { STANDARD_LEADS } from "./lead-names.ts";
import { addAmbientNoise, addNoises, type NoiseEffect } from "./synthesize/add-noise.ts";
import { buildHeart, type SyntheticHeart } from "./synthesize/build-heart.ts";
import { describeRecording } from "./synthesize/describe-recording.ts";
import { drawAnatomy, type SyntheticAnatomy } from "./synthesize/draw-anatomy.ts";
import {
  listSyntheticFindings,
  SYNTHETIC_FINDINGS,
  SYNTHETIC_NOISES,
  type SyntheticFinding,
  type SyntheticFindingInfo,
  type SyntheticNoise,
} from "./synthesize/finding-catalogue.ts";
import { hashBytes } from "./synthesize/hash-signal.ts";
import { LEAD_COUNT } from "./synthesize/lead-field.ts";
import { type BeatShape, measureBeatShape } from "./synthesize/measure-beat-shape.ts";
import { planRhythm } from "./synthesize/plan-rhythm.ts";
import { createEightLeads, type EightLeads } from "./synthesize/render-heart.ts";
import { renderRecording } from "./synthesize/render-recording.ts";
import { type HeartRequest, resolveFindings } from "./synthesize/resolve-findings.ts";
import { SYNTHETIC_SCOPE, stateFindings } from "./synthesize/state-findings.ts";
import { placeBeats, type SyntheticBeat, type SyntheticTruth, tellTruth } from "./synthesize/tell-truth.ts";

export {
  listSyntheticFindings,
  SYNTHETIC_FINDINGS,
  SYNTHETIC_NOISES,
  SYNTHETIC_SCOPE,
  type SyntheticBeat,
  type SyntheticFinding,
  type SyntheticFindingInfo,
  type SyntheticNoise,
  type SyntheticTruth,
};

export type SynthesizeOptions = {
  /** Everything that is not said below is drawn from it. */
  readonly seed: number | string;
  readonly samplingRateHz: number;
  readonly durationSeconds: number;
  /** Mean ventricular rate; drawn from what the rhythm usually has. */
  readonly heartRateBpm?: number;
  /** Default: sinus rhythm at the given (or a normal) rate, nothing abnormal. */
  readonly findings?: readonly SyntheticFinding[];
  /** Default: none, and then the leads are free of noise. */
  readonly noises?: readonly SyntheticNoise[];
  /** Size of unlabelled background noise in mV, 0 by default; 0.005 is a good recording. */
  readonly ambientNoiseMv?: number;
  /** `seed` keeps heart and torso the same over several recordings of a patient. Default: the record's seed. */
  readonly patient?: {
    readonly ageYears?: number;
    readonly sex?: Sex;
    readonly seed?: number | string;
  };
  /** Default `synthetic:<seed>`. */
  readonly id?: string;
  /** Namespaced; when given, the patient counts as known. */
  readonly patientId?: string;
  /** ISO 8601. */
  readonly acquiredAt?: string;
};

/** Samples are whole multiples of this (0.24 uV), so that Einthoven's and Goldberger's relations hold exactly. */
const RESOLUTION_MV = 2 ** -12;

/**
 * A 12-lead recording of a synthetic heart.
 *
 * Shape: (12, round(durationSeconds * samplingRateHz)) mV, canonical lead order, no NaN. Equal options give equal
 * bytes; another sampling rate gives the same waves (noise of muscles only the same statistics, and pacing spikes
 * below 500 Hz are lower). I + III = II, aVR = -(I + II) / 2, aVL = I - II / 2 and aVF = II - I / 2 hold exactly,
 * with any noise. `labelScope` is what the generator can produce, less what the recording's own findings hide.
 *
 * Limits: beats vary only with breathing and with the RR interval; there is no fusion, no aberrant conduction and
 * no recording filter.
 * @throws EcgError INVALID_OPTION for a rate or duration that is no positive number (10 Hz and a day at most), for
 * unknown findings, for findings that exclude each other, or a heart rate that the rhythm cannot have.
 */
export function synthesizeEcg(options: SynthesizeOptions): EcgRecord {
  return synthesizeEcgWithTruth(options).record;
}

/** {@link synthesizeEcg} with the truth about every wave. */
export function synthesizeEcgWithTruth(options: SynthesizeOptions): {
  readonly record: EcgRecord;
  readonly truth: SyntheticTruth;
} {
  checkOptions(options);
  const { samplingRateHz, durationSeconds } = options;
  const sampleCount = Math.round(durationSeconds * samplingRateHz);
  const rng = createRng(options.seed);
  const patientRng = createRng(`patient:${options.patient?.seed ?? options.seed}`);
  const anatomy = drawAnatomy(options.patient ?? {}, patientRng, rng);
  const request = resolveFindings(options.findings ?? [], options.heartRateBpm, rng.fork("findings"));
  const heart = buildHeart(request, anatomy, rng.fork("heart"));
  const timing = { prSeconds: heart.prSeconds, durationSeconds, anatomy };
  const plan = planRhythm(request, timing, rng.fork("rhythm"));
  const beats = placeBeats(plan, heart);

  const eight = createEightLeads(sampleCount, samplingRateHz);
  renderRecording(eight, { plan, beats, heart, anatomy, rng: rng.fork("render") });
  const noises = addNoise(eight, options, rng);

  const shape = dominantShape(request, heart);
  const truth = tellTruth(plan, beats, heart, {
    samplingRateHz,
    sampleCount,
    axisDegrees: frontalAxis(request, shape),
  });
  const facts = { request, shape, noises, qtcBazettSeconds: (truth.intervals.qtcBazettMs ?? 0) / 1000 };
  const record = toRecord(toTwelveLeads(eight), options, {
    anatomy,
    ...stateFindings(facts),
    truth,
    request,
  });
  return { record, truth };
}

function checkOptions({
  samplingRateHz,
  durationSeconds,
  ambientNoiseMv = 0,
  noises = [],
}: SynthesizeOptions): void {
  const check = (name: string, value: number, low: number, high: number): void => {
    if (value >= low && value <= high) return;
    throw new EcgError("INVALID_OPTION", `${name}: expected a number from ${low} to ${high}, got ${value}`, {
      details: { name, value, low, high },
    });
  };
  check("samplingRateHz", samplingRateHz, 10, 100_000);
  check("durationSeconds", durationSeconds, 1 / samplingRateHz, 86_400);
  check("ambientNoiseMv", ambientNoiseMv, 0, 1);
  for (const noise of noises) {
    if (SYNTHETIC_NOISES.includes(noise)) continue;
    throw new EcgError(
      "INVALID_OPTION",
      `noises: expected one of ${SYNTHETIC_NOISES.join(" ")}, got ${noise}`,
    );
  }
}

function addNoise(eight: EightLeads, options: SynthesizeOptions, rng: Rng): NoiseEffect[] {
  if (options.ambientNoiseMv) addAmbientNoise(eight, options.ambientNoiseMv, rng.fork("ambient"));
  return addNoises(eight, options.noises ?? [], rng.fork("noise"));
}

/** Shape of the beat that the recording consists of. */
function dominantShape(request: HeartRequest, heart: SyntheticHeart): BeatShape {
  if (request.rhythm === "PACE") return measureBeatShape(heart.beatOf("paced"));
  if (request.findings.includes("3AVB:ventricular"))
    return measureBeatShape(heart.beatOf("ventricular-escape"));
  return heart.conductedShape;
}

/** The axis before a blocked right ventricle turns it, where there is one. */
function frontalAxis(request: HeartRequest, shape: BeatShape): number {
  return request.conduction.startsWith("CRBBB") ? shape.initialAxisDegrees : shape.axisDegrees;
}

/** Round to the resolution and derive the four dependent limb leads. */
function toTwelveLeads({ data, sampleCount }: EightLeads): LeadMatrix {
  const matrix = createLeadMatrix(12, sampleCount, 0);
  const out = matrix.data;
  const width = LEAD_COUNT;
  const rounded = (at: number): number => Math.floor(data[at]! / RESOLUTION_MV + 0.5) * RESOLUTION_MV;
  for (let t = 0; t < sampleCount; t++) {
    const leadI = rounded(t * width);
    const leadII = rounded(t * width + 1);
    out[t] = leadI;
    out[sampleCount + t] = leadII;
    out[2 * sampleCount + t] = leadII - leadI;
    out[3 * sampleCount + t] = 0 - (leadI + leadII) / 2;
    out[4 * sampleCount + t] = leadI - leadII / 2;
    out[5 * sampleCount + t] = leadII - leadI / 2;
  }
  for (let chest = 2; chest < width; chest++) {
    const row = out.subarray((chest + 4) * sampleCount, (chest + 5) * sampleCount);
    for (let t = 0; t < sampleCount; t++) row[t] = rounded(t * width + chest);
  }
  return matrix;
}

type RecordContent = ReturnType<typeof stateFindings> & {
  readonly anatomy: SyntheticAnatomy;
  readonly truth: SyntheticTruth;
  readonly request: HeartRequest;
};

function toRecord(signal: LeadMatrix, options: SynthesizeOptions, content: RecordContent): EcgRecord {
  const { anatomy, statements, labelScope } = content;
  const id = options.id ?? `synthetic:${options.seed}`;
  const bytes = new Uint8Array(signal.data.buffer, signal.data.byteOffset, signal.data.byteLength);
  return {
    id,
    samplingRateHz: options.samplingRateHz,
    leads: STANDARD_LEADS,
    signal,
    patient: {
      ...(options.patientId === undefined ? {} : { id: options.patientId }),
      ageYears: anatomy.ageYears,
      sex: anatomy.sex,
    },
    ...(options.acquiredAt === undefined ? {} : { acquiredAt: options.acquiredAt }),
    statements,
    sourceLabels: statements
      .filter((statement) => statement.code.system === "scp")
      .map((statement) => ({ system: "scp", code: statement.code.value, likelihood: statement.likelihood })),
    labelScope,
    reportText: describeRecording(content.truth.intervals, statements),
    identity: {
      recordingId: id.startsWith("synthetic:") ? id : `synthetic:${id}`,
      patientId: options.patientId ?? (id.startsWith("synthetic:") ? id : `synthetic:${id}`),
      patientKnown: options.patientId !== undefined,
    },
    provenance: { format: "synthetic", path: id, sha256: hashBytes(bytes) },
  };
}
