// Recordings held in a sixth of the memory of a matrix of doubles: int16 with a scale for each lead.
import type { Split } from "../dataset/assign-split.ts";
import type { Superclass } from "../labels/statement-definition.ts";
import type { RecordIdentity } from "../record/ecg-record.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import type { TrainingRecording } from "./draw-segments.ts";

/** The integer that stands for a missing sample. */
const MISSING = -32_768;
const LARGEST = 32_767;

/** What is known of a recording beside its samples. Plain JSON. */
export type RecordingFacts = {
  readonly identity: RecordIdentity;
  readonly sampleCount: number;
  /** `z` where voltages are lost. */
  readonly unit: "mV" | "z";
  /** Rate of the file it was read from. */
  readonly nativeHz: number;
  /** PTB-XL's diagnostic superclasses, sorted; null where nobody looked for them. */
  readonly superclasses: readonly Superclass[] | null;
  /** mV (or z) of one step of each lead's integers; 0 for a lead that is missing throughout. */
  readonly steps: readonly number[];
};

export type PackedRecording = RecordingFacts & {
  /** (leads, sampleCount), lead-major. */
  readonly samples: Int16Array;
};

/** A recording to draw from, with its identity and split. `signal` is unpacked at every access. */
export type LoadedRecording = TrainingRecording & {
  readonly identity: RecordIdentity;
  readonly split: Split;
  readonly unit: "mV" | "z";
  readonly sampleCount: number;
  readonly superclasses: readonly Superclass[] | null;
};

/** Round to 1 / 32,767 of each lead's largest deflection: 0.3 uV for one of 10 mV. */
export function packRecording(
  signal: LeadMatrix,
  facts: Omit<RecordingFacts, "steps" | "sampleCount">,
): PackedRecording {
  const samples = new Int16Array(signal.data.length);
  const steps: number[] = [];
  for (let lead = 0; lead < signal.leadCount; lead++) {
    const values = leadSamples(signal, lead);
    let largest = 0;
    let present = false;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      present = true;
      if (Math.abs(value) > largest) largest = Math.abs(value);
    }
    const step = largest > 0 ? largest / LARGEST : present ? 1 : 0;
    steps.push(step);
    const out = samples.subarray(lead * signal.sampleCount, (lead + 1) * signal.sampleCount);
    for (let t = 0; t < values.length; t++) {
      out[t] = Number.isNaN(values[t]) ? MISSING : Math.round(values[t]! / step);
    }
  }
  return { ...facts, sampleCount: signal.sampleCount, steps, samples };
}

/** The matrix that was packed, within half a step. Shape: (leads, sampleCount). */
export function unpackSignal({ samples, steps, sampleCount }: PackedRecording): LeadMatrix {
  const signal = createLeadMatrix(steps.length, sampleCount);
  for (const [lead, step] of steps.entries()) {
    const out = leadSamples(signal, lead);
    const packed = samples.subarray(lead * sampleCount, (lead + 1) * sampleCount);
    for (let t = 0; t < sampleCount; t++) out[t] = packed[t] === MISSING ? Number.NaN : packed[t]! * step;
  }
  return signal;
}

/** As something to draw from. */
export function toLoadedRecording(packed: PackedRecording, split: Split): LoadedRecording {
  return {
    id: packed.identity.recordingId,
    patientId: packed.identity.patientId,
    identity: packed.identity,
    split,
    unit: packed.unit,
    sampleCount: packed.sampleCount,
    superclasses: packed.superclasses,
    get signal() {
      return unpackSignal(packed);
    },
  };
}
