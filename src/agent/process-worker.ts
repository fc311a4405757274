// The worker thread of `data build`: reads and processes one recording after another.
import { parentPort, workerData } from "node:worker_threads";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { EcgError, errorMessage } from "../shared/errors.ts";
import { type OpenOptions, openSource } from "../sources/open-source.ts";
import type { RecordReference, RecordSource } from "../sources/source.ts";
import { type ProcessOptions, processRecord } from "./process-record.ts";

export type WorkerSetup = ProcessOptions & {
  readonly sources: readonly { readonly path: string; readonly open: OpenOptions }[];
};

export type ProcessTask = {
  readonly sourceIndex: number;
  readonly reference: RecordReference;
  readonly stem: string;
};

/** A recording that is in, or one sentence why it is not. */
export type ProcessResult =
  | { readonly kind: "record"; readonly record: DatasetRecord }
  | { readonly kind: "skipped"; readonly code: string; readonly reason: string };

const setup = workerData as WorkerSetup;
const opened = new Map<number, Promise<RecordSource>>();

async function processTask(task: ProcessTask): Promise<ProcessResult> {
  try {
    const source = await sourceAt(task.sourceIndex);
    const record = await source.read(task.reference);
    return { kind: "record", record: await processRecord(record, task.stem, setup) };
  } catch (error) {
    // A full disk is no property of the recording: it must end the run, with everything so far kept.
    if (EcgError.isInstance(error) && error.code === "WRITE_FAILED") throw error;
    const code = EcgError.isInstance(error) ? error.code : "INVALID_FILE";
    return { kind: "skipped", code, reason: errorMessage(error) };
  }
}

function sourceAt(index: number): Promise<RecordSource> {
  const known = opened.get(index);
  if (known) return known;
  const entry = setup.sources[index];
  if (!entry)
    throw new EcgError("INVALID_OPTION", `source ${index}: expected one of ${setup.sources.length}`);
  const source = openSource(diskFileStore, entry.path, entry.open);
  opened.set(index, source);
  return source;
}

parentPort?.on("message", (message: { index: number; task: ProcessTask }) => {
  processTask(message.task).then(
    (result) => parentPort?.postMessage({ index: message.index, result }),
    (error: unknown) => {
      // Thrown outside the promise, it reaches the pool as the worker's error.
      setImmediate(() => {
        throw error;
      });
    },
  );
});
