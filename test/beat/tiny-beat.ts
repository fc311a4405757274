// A Beat of a few thousand weights, at 50 Hz, for tests: the same parts, four seconds in, two seconds ahead.
import { BEAT_PRESETS, type BeatConfig } from "../../src/beat/beat-config.ts";
import { buildBeat } from "../../src/beat/build-beat.ts";
import { codebookTensorNames } from "../../src/beat/quantise.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { createRng } from "../../src/shared/rng.ts";

export const TINY_BEAT: BeatConfig = {
  ...BEAT_PRESETS.base,
  samplingRateHz: 50,
  inputSamples: 200,
  predictionSamples: 100,
  patchSamples: 10,
  dimension: 16,
  queryCount: 10,
  encoderLayers: 1,
  decoderLayers: 1,
  headCount: 2,
  headSize: 8,
  feedForwardFactor: 2,
  codebookSize: 16,
};

/** Weights and codes drawn by a seed; every code is somewhere else. */
export function tinyStore(config: BeatConfig = TINY_BEAT, seed = 3): ParameterStore {
  const store = createParameterStore(buildBeat(config, 1).graph, { seed });
  const rng = createRng(`codes/${seed}`);
  for (const name of ["core", "residual"] as const) {
    const tensor = codebookTensorNames(name).codes;
    if (!store.tensors.has(tensor)) continue;
    const values = store.get(tensor).values as Float32Array;
    for (let i = 0; i < values.length; i++) values[i] = (name === "core" ? 1 : 0.4) * rng.normal();
  }
  return store;
}

/** Twelve leads of bumps every `cycle` samples, each lead with its own shape, height and offset in mV. */
export function beatingSignal(
  sampleCount: number,
  options: { cycle?: number; seed?: number } = {},
): LeadMatrix {
  const { cycle = 40, seed = 1 } = options;
  const rng = createRng(seed);
  const signal = createLeadMatrix(STANDARD_LEADS.length, sampleCount);
  for (let lead = 0; lead < signal.leadCount; lead++) {
    const samples = leadSamples(signal, lead);
    const height = 0.5 + 0.1 * lead;
    for (let t = 0; t < sampleCount; t++) {
      const phase = (t % cycle) / cycle;
      const bump = Math.exp(-(((phase - 0.3) / 0.05) ** 2)) + 0.3 * Math.exp(-(((phase - 0.6) / 0.1) ** 2));
      samples[t] = 0.05 * lead + height * bump * (lead % 3 === 2 ? -1 : 1) + 0.01 * rng.normal();
    }
  }
  return signal;
}

/** A record over a signal whose leads are the standard ones unless named. */
export function recordOf(
  signal: LeadMatrix,
  options: { samplingRateHz?: number; leads?: readonly string[]; unit?: "z"; id?: string } = {},
): EcgRecord {
  const { id = "test:1" } = options;
  return {
    id,
    samplingRateHz: options.samplingRateHz ?? TINY_BEAT.samplingRateHz,
    leads: options.leads ?? STANDARD_LEADS,
    signal,
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: id, patientId: id, patientKnown: false },
    provenance: {
      format: "synthetic",
      path: "test",
      sha256: "",
      ...(options.unit === "z" ? { amplitudeUnit: "z" as const } : {}),
    },
  };
}
