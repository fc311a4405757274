// Recordings of any sources for training and evaluation: one identity each, split by it, prepared once. Node only.
import { basename, join } from "node:path";
import { countPresentLeads, prepareRecording } from "../beat/prepare-recording.ts";
import { assignSplit, type Split } from "../dataset/assign-split.ts";
import { isDatasetFolder, readDatasetRecords, readSignal } from "../dataset/read-dataset.ts";
import type { EcgRecord, RecordIdentity } from "../record/ecg-record.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { EcgError, errorMessage } from "../shared/errors.ts";
import { openSource } from "../sources/open-source.ts";
import type { RecordReference, RecordSource } from "../sources/source.ts";
import {
  type LoadedRecording,
  type PackedRecording,
  packRecording,
  toLoadedRecording,
} from "./packed-recording.ts";
import { cacheKey, type LeftOut, type PreparedSource, readCache, writeCache } from "./recording-cache.ts";
import { superclassesOf } from "./superclasses.ts";

export type LoadOptions = {
  /** Rate of the recordings that come out. */
  readonly samplingRateHz: number;
  /** Shorter recordings are left out, in samples at that rate. */
  readonly minimumSamples: number;
  /** Recordings with fewer of the twelve leads are left out. Default 12. */
  readonly minimumLeads?: number;
  /** Prepared recordings are kept here for the next time; left out: no cache. */
  readonly cacheFolder?: string;
  /** Use folders that state no licence of their signals, too. Default false. */
  readonly includeUnlicensed?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, source: string) => void;
};

export type LoadedSource = {
  readonly source: string;
  readonly format: string;
  /** Recordings read, before those that another source has too were taken out. */
  readonly read: number;
  readonly leftOut: readonly LeftOut[];
};

export type LoadedRecordings = {
  readonly splits: Readonly<Record<Split, readonly LoadedRecording[]>>;
  readonly sources: readonly LoadedSource[];
  /** Recordings that came from several sources, counted once. */
  readonly duplicates: number;
};

/** Folders whose SOURCE.md states no licence of the signals: nothing is trained on them unless asked for. */
const UNLICENSED_FOLDERS: ReadonlySet<string> = new Set(["heartcare-suite", "mimic-iv-ecg"]);

/**
 * Read and prepare every recording of the sources.
 *
 * A source is anything that `openSource` opens, or a dataset folder of `data build` (its signals are cleaned
 * already). The same recording from several sources counts once: mV beats z-scores, a higher rate beats a lower one,
 * an earlier source a later one; a PTB-XL fold that any of them knows beats every other split (design 4.1).
 * Recordings are ordered by identity, so the order of sources does not matter for what a seed draws.
 * @throws EcgError INVALID_OPTION when no recording is left; ABORTED on the signal; as `openSource`.
 */
export async function loadRecordings(
  sources: readonly string[],
  options: LoadOptions,
): Promise<LoadedRecordings> {
  const loaded: LoadedSource[] = [];
  const all: PackedRecording[] = [];
  for (const source of sources) {
    const { prepared, format } = await prepareSource(source, options);
    loaded.push({ source, format, read: prepared.recordings.length, leftOut: prepared.leftOut });
    for (const recording of prepared.recordings) all.push(recording);
  }
  const unique = mergeByIdentity(all);
  if (unique.length === 0) throw noneLeft(sources, loaded);
  const splits: Record<Split, LoadedRecording[]> = { train: [], val: [], test: [] };
  for (const recording of unique) {
    const split = assignSplit(recording.identity);
    splits[split].push(toLoadedRecording(recording, split));
  }
  return { splits, sources: loaded, duplicates: all.length - unique.length };
}

/** One recording an identity, the best of each, sorted by identity. */
export function mergeByIdentity(recordings: readonly PackedRecording[]): PackedRecording[] {
  const best = new Map<string, PackedRecording>();
  for (const recording of recordings) {
    const id = recording.identity.recordingId;
    const other = best.get(id);
    if (!other) {
      best.set(id, recording);
      continue;
    }
    const winner = rank(recording) > rank(other) ? recording : other;
    best.set(id, {
      ...winner,
      superclasses: winner.superclasses ?? recording.superclasses ?? other.superclasses,
      identity: mergeIdentities(winner.identity, [recording.identity, other.identity]),
    });
  }
  return [...best.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, recording]) => recording);
}

function rank({ unit, nativeHz }: PackedRecording): number {
  return (unit === "mV" ? 1e9 : 0) + nativeHz;
}

function mergeIdentities(own: RecordIdentity, all: readonly RecordIdentity[]): RecordIdentity {
  const withFold = all.find(({ fold }) => fold !== undefined);
  const known = all.find(({ patientKnown }) => patientKnown);
  return {
    ...own,
    ...(known ? { patientId: known.patientId, patientKnown: true } : {}),
    ...(withFold?.fold === undefined ? {} : { fold: withFold.fold }),
  };
}

async function prepareSource(
  path: string,
  options: LoadOptions,
): Promise<{ prepared: PreparedSource; format: string }> {
  if (!options.includeUnlicensed && UNLICENSED_FOLDERS.has(basename(path.replace(/\/+$/, "")))) {
    const reason = "its folder states no licence of the signals";
    return { prepared: { recordings: [], leftOut: [{ id: path, reason }] }, format: "unlicensed" };
  }
  if (await isDatasetFolder(path)) {
    return { prepared: await readDatasetFolder(path, options), format: "dataset" };
  }
  const source = await openSource(diskFileStore, path);
  const { samplingRateHz, minimumSamples, minimumLeads = 12, cacheFolder } = options;
  const key = cacheFolder && (await cacheKey(source, [samplingRateHz, minimumSamples, minimumLeads]));
  const kept = cacheFolder && key ? await readCache(cacheFolder, key) : undefined;
  if (kept) return { prepared: kept, format: source.format };
  const prepared = await readWholeSource(source, options);
  if (cacheFolder && key) await writeCache(cacheFolder, key, prepared);
  return { prepared, format: source.format };
}

async function readWholeSource(source: RecordSource, options: LoadOptions): Promise<PreparedSource> {
  const references = await source.list();
  const gathered = startGathering(source.path, options);
  for (const [index, reference] of references.entries()) {
    checkAborted(options);
    await gathered.add(reference.id, () => readReference(source, reference));
    options.onProgress?.(index + 1, references.length, source.path);
    if (index % 8 === 7) await nextTurn();
  }
  return gathered;
}

async function readReference(source: RecordSource, reference: RecordReference): Promise<EcgRecord> {
  return source.read(reference);
}

async function readDatasetFolder(folder: string, options: LoadOptions): Promise<PreparedSource> {
  const gathered = startGathering(folder, options);
  let done = 0;
  for await (const record of readDatasetRecords(folder)) {
    checkAborted(options);
    await gathered.add(
      record.identity.recordingId,
      async () => ({
        id: record.identity.recordingId,
        samplingRateHz: record.samplingRateHz,
        leads: record.leads,
        signal: await readSignal(folder, record),
        patient: {},
        statements: record.statements,
        sourceLabels: record.sourceLabels,
        labelScope: [],
        identity: record.identity,
        // Stored signals are cleaned: like z-scores they are only brought to the rate.
        provenance: {
          format: "dataset",
          path: join(folder, record.files.signal),
          sha256: "",
          amplitudeUnit: "z",
        },
      }),
      { unit: "mV", nativeHz: record.original.samplingRateHz },
    );
    options.onProgress?.(++done, done, folder);
  }
  return gathered;
}

type Gathering = PreparedSource & {
  add(
    id: string,
    read: () => Promise<EcgRecord>,
    known?: { readonly unit: "mV" | "z"; readonly nativeHz: number },
  ): Promise<void>;
};

/** Collects what can be used; what cannot is noted with its reason instead of ending the load. */
function startGathering(where: string, options: LoadOptions): Gathering {
  const recordings: PackedRecording[] = [];
  const leftOut: LeftOut[] = [];
  const { samplingRateHz, minimumSamples, minimumLeads = 12 } = options;
  return {
    recordings,
    leftOut,
    async add(id, read, known) {
      let record: EcgRecord;
      try {
        record = await read();
      } catch (error) {
        if (!EcgError.isInstance(error)) throw error;
        leftOut.push({ id, reason: `${where}: ${errorMessage(error)}` });
        return;
      }
      const signal = prepareRecording(record, samplingRateHz);
      const leads = countPresentLeads(signal);
      if (leads < minimumLeads)
        leftOut.push({ id, reason: `expected ${minimumLeads} leads, found ${leads}` });
      else if (signal.sampleCount < minimumSamples) {
        const seconds = (count: number): string => `${(count / samplingRateHz).toFixed(1)} s`;
        leftOut.push({
          id,
          reason: `expected ${seconds(minimumSamples)}, found ${seconds(signal.sampleCount)}`,
        });
      } else {
        const unit = known?.unit ?? (record.provenance.amplitudeUnit === "z" ? "z" : "mV");
        const nativeHz = known?.nativeHz ?? record.samplingRateHz;
        recordings.push(
          packRecording(signal, {
            identity: record.identity,
            unit,
            nativeHz,
            superclasses: superclassesOf(record),
          }),
        );
      }
    },
  };
}

function checkAborted({ signal }: LoadOptions): void {
  if (signal?.aborted) throw new EcgError("ABORTED", "loading recordings: stopped by the user");
}

/** Lets messages of other threads in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function noneLeft(sources: readonly string[], loaded: readonly LoadedSource[]): EcgError {
  const reasons = loaded.flatMap(({ leftOut }) => leftOut.map(({ reason }) => reason));
  return new EcgError(
    "INVALID_OPTION",
    `${sources.join(", ") || "sources"}: expected recordings to use, found 0${reasons[0] ? `; first left out: ${reasons[0]}` : ""}`,
    { details: { leftOut: reasons.length } },
  );
}
