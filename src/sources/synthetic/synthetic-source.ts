// Synthetic patients as a source: what the suite shows where there is no data, and what tests build on.
import { synthesizeEcg } from "../../record/synthesize-ecg.ts";
import { EcgError } from "../../shared/errors.ts";
import { selectPart } from "../select-part.ts";
import type { RecordSource } from "../source.ts";
import { planSyntheticPatients } from "./plan-synthetic-patients.ts";

export type SyntheticOptions = {
  /** Recordings; patients are fewer, for some have two or three. */
  readonly count: number;
  readonly seed: number | string;
  /** Default 500 Hz: the generator's own choice, not a guess about a file. */
  readonly samplingRateHz?: number;
  /** Default 10 s. */
  readonly durationSeconds?: number;
};

const DEFAULT_SEED = 1;
const MOST_RECORDINGS = 100_000;
/** Muscle and amplifier noise of a good recording. */
const AMBIENT_NOISE_MV = 0.005;

/**
 * Open `count` recordings of synthetic patients. Equal options give equal recordings; nothing is kept in memory.
 * @throws EcgError INVALID_OPTION for a count that is no integer from 1 to 100,000.
 */
export function openSyntheticSource(options: SyntheticOptions): RecordSource {
  const { count, seed, samplingRateHz = 500, durationSeconds = 10 } = options;
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_RECORDINGS)) {
    throw new EcgError(
      "INVALID_OPTION",
      `synthetic source: expected a count from 1 to ${MOST_RECORDINGS}, got ${count}`,
    );
  }
  const path = `synthetic:${count}:${seed}`;
  const plans = planSyntheticPatients(count, seed);
  const planById = new Map(plans.map((plan) => [plan.id, plan]));
  return {
    format: "synthetic",
    path,
    list: async () => plans.map(({ id }) => ({ id, path: `synthetic:${id}` })),
    async read(reference, readOptions) {
      const plan = planById.get(reference.id);
      if (!plan) {
        throw new EcgError(
          "NOT_FOUND",
          `${path}: expected one of its ${count} recordings, got ${reference.id}`,
        );
      }
      const { id, patientId, findings, noises, acquiredAt } = plan;
      const record = synthesizeEcg({
        seed: id,
        id,
        patientId,
        patient: { seed: patientId },
        samplingRateHz,
        durationSeconds,
        findings,
        noises,
        acquiredAt,
        ambientNoiseMv: AMBIENT_NOISE_MV,
      });
      return selectPart(
        { ...record, provenance: { ...record.provenance, path: reference.path } },
        readOptions,
      );
    },
  };
}

/** `synthetic:<count>[:<seed>]` as options. @throws EcgError INVALID_OPTION for anything else. */
export function parseSyntheticPath(path: string): SyntheticOptions {
  const match = /^synthetic:(\d+)(?::([\w-]+))?$/.exec(path);
  if (match) return { count: Number(match[1]), seed: match[2] ?? DEFAULT_SEED };
  throw new EcgError("INVALID_OPTION", `${path}: expected synthetic:<count>[:<seed>], got another form`, {
    hint: "e.g. synthetic:60 or synthetic:60:7",
  });
}
