// What one recording holds: every channel with its own unit, the patient, the statements.
import type { EcgRecord, Patient, Provenance } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { canonicalLead, type StandardLead } from "../record/lead-names.ts";
import type { Statement } from "../record/statement.ts";
import type { FileStore } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { momentsOf } from "../signal/moments.ts";
import { readCsvSignals } from "./csv/read-csv-signals.ts";
import { readNpySignals } from "./npy/read-npy-signals.ts";
import { type OpenOptions, openSource } from "./open-source.ts";
import type { RawChannel } from "./raw-recording.ts";
import type { RecordReference, RecordSource } from "./source.ts";
import { millivoltsPerUnit } from "./wfdb/millivolts-per-unit.ts";
import { readWfdbRecord } from "./wfdb/read-wfdb-record.ts";
import { readZscores } from "./zscore-shards/zscore-source.ts";

/** One channel as its file has it; numbers are null where they are NaN, so that JSON can hold them. */
export type InspectedLead = {
  /** The file's own name. */
  readonly name: string;
  /** Which of the twelve leads the name means. */
  readonly lead?: StandardLead;
  /** The file's own unit; "unknown" where it states none and mV is impossible. */
  readonly unit: string;
  /** Over the samples that are not missing. */
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly std: number | null;
  readonly nanCount: number;
  /** First five samples. */
  readonly head: readonly (number | null)[];
  /** Last three samples. */
  readonly tail: readonly (number | null)[];
};

/** What `heartcare record inspect --json` prints. */
export type Inspection = {
  readonly format: string;
  readonly samplingRateHz: number;
  readonly sampleCount: number;
  readonly durationSeconds: number;
  readonly leads: readonly InspectedLead[];
  readonly patient: Patient;
  readonly statements: readonly Statement[];
  readonly provenance: Provenance;
};

export type InspectOptions = OpenOptions & {
  /** Which recording of a folder or stack, by its id; needed where there are several. */
  readonly record?: string;
  /** Show every channel in this unit; default: each in the unit that its file has. `unit` is that of the file. */
  readonly shownUnit?: VoltageUnit;
};

/** Units of voltages that numbers can be shown in. */
export const VOLTAGE_UNITS = ["mV", "uV", "V"] as const;
export type VoltageUnit = (typeof VOLTAGE_UNITS)[number];

const HEAD_SAMPLES = 5;
const TAIL_SAMPLES = 3;

/**
 * Inspect one recording: `x/100`, `x/100.hea`, `x/100.dat`, a `.mat`, CSV or .npy file, or one of a folder.
 *
 * Channels keep the file's order, names and units, whatever they measure; only unstated units of text and arrays
 * are taken as mV where that can be. A recording without voltage leads has no record: it is shown with its
 * channels, without statements, and the reason stands in `provenance.leftOut`.
 * @throws EcgError as {@link openSource} and the readers do; INVALID_OPTION for a folder of several recordings
 *   without `options.record`, or for a channel that is no voltage with `options.shownUnit`.
 */
export async function inspectRecording(
  store: FileStore,
  path: string,
  options: InspectOptions = {},
): Promise<Inspection> {
  const source = await openSource(store, path, options);
  const reference = await chooseReference(source, path, options.record);
  const described = await readDescription(source, reference);
  const raw = described.record && isSynthetic(source) ? ofRecord(described.record) : undefined;
  const recording = raw ?? (await readChannels(store, source, reference, options));
  const { shownUnit } = options;
  const leads = recording.channels.map((channel) => inspectChannel(channel, described.unstatedUnit));
  return {
    format: source.format,
    samplingRateHz: recording.samplingRateHz,
    sampleCount: recording.sampleCount,
    durationSeconds: recording.sampleCount / recording.samplingRateHz,
    leads: shownUnit ? leads.map((lead) => inUnit(lead, shownUnit, path)) : leads,
    patient: described.record?.patient ?? {},
    statements: described.record?.statements ?? [],
    provenance: described.record?.provenance ?? {
      format: source.format,
      path: reference.path,
      sha256: recording.sha256,
      leftOut: [described.reason ?? ""],
    },
  };
}

async function chooseReference(
  source: RecordSource,
  path: string,
  wanted: string | undefined,
): Promise<RecordReference> {
  const references = await source.list();
  const chosen = references.find((reference) => reference.id === wanted);
  if (chosen) return chosen;
  const [only] = references;
  if (wanted === undefined && only && references.length === 1) return only;
  const some = references
    .slice(0, 3)
    .map((reference) => reference.id)
    .join(", ");
  const expected = wanted === undefined ? "one recording" : `a recording ${wanted}`;
  throw new EcgError(
    "INVALID_OPTION",
    `${path}: expected ${expected}, found ${references.length}: ${some}, ...`,
    {
      hint: "name one of them",
      details: { count: references.length },
    },
  );
}

type Description = {
  readonly record?: EcgRecord;
  /** Unit of channels that state none. */
  readonly unstatedUnit: string;
  /** Why there is no record. */
  readonly reason?: string;
};

/** The record for what it says about patient and findings; signals that make no record are no error here. */
async function readDescription(source: RecordSource, reference: RecordReference): Promise<Description> {
  try {
    const record = await source.read(reference);
    return { record, unstatedUnit: record.provenance.amplitudeUnit ?? "mV" };
  } catch (error) {
    if (!EcgError.isInstance(error) || error.code !== "INVALID_SIGNAL") throw error;
    return { unstatedUnit: "unknown", reason: error.message };
  }
}

type Channels = {
  readonly samplingRateHz: number;
  readonly sampleCount: number;
  readonly sha256: string;
  readonly channels: readonly Pick<RawChannel, "name" | "unit" | "samples">[];
};

function readChannels(
  store: FileStore,
  source: RecordSource,
  reference: RecordReference,
  options: OpenOptions,
): Promise<Channels> {
  const { path, row } = reference;
  if (source.format === "csv") return readCsvSignals(store, path, options);
  if (source.format === "npy")
    return readNpySignals(store, path, { ...options, ...(row !== undefined && { row }) });
  if (source.format === "zscore-shards") return readZscores(store, reference);
  return readWfdbRecord(store, path);
}

function isSynthetic(source: RecordSource): boolean {
  return source.format === "synthetic";
}

function ofRecord(record: EcgRecord): Channels {
  return {
    samplingRateHz: record.samplingRateHz,
    sampleCount: record.signal.sampleCount,
    sha256: record.provenance.sha256,
    channels: record.leads.map((name, lead) => ({
      name,
      unit: "mV",
      samples: Float64Array.from(leadSamples(record.signal, lead)),
    })),
  };
}

function inspectChannel(channel: Channels["channels"][number], unstatedUnit: string): InspectedLead {
  const { name, samples } = channel;
  const { mean, sd, missing } = momentsOf(samples);
  const lead = canonicalLead(name);
  return {
    name,
    ...(lead && { lead }),
    unit: channel.unit || unstatedUnit,
    mean: orNull(mean),
    std: orNull(sd),
    nanCount: missing,
    head: Array.from(samples.subarray(0, HEAD_SAMPLES), orNull),
    tail: Array.from(samples.subarray(-TAIL_SAMPLES), orNull),
  };
}

/** The same numbers in another unit. @throws EcgError INVALID_OPTION for a channel that is no voltage. */
function inUnit(lead: InspectedLead, unit: VoltageUnit, path: string): InspectedLead {
  const millivolts = millivoltsPerUnit(lead.unit);
  if (millivolts === undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `${path}: expected voltages to show in ${unit}, found channel ${lead.name} ${inWords(lead.unit)}`,
      {
        hint: "without --unit every channel is shown in its own; --file-unit says what a file without units is in",
        details: { channel: lead.name, unit: lead.unit },
      },
    );
  }
  const factor = millivolts / (millivoltsPerUnit(unit) ?? 1);
  const scale = (value: number | null): number | null => (value === null ? null : value * factor);
  return {
    ...lead,
    unit,
    mean: scale(lead.mean),
    std: scale(lead.std),
    head: lead.head.map(scale),
    tail: lead.tail.map(scale),
  };
}

function inWords(unit: string): string {
  if (unit === "unknown") return "without a unit";
  return unit === "z" ? "in z-scores, which have lost their voltage" : `in ${unit}`;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
