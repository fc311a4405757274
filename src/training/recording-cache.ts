// Prepared recordings on disk, so that the second training does not resample and clean them again. Node only.
import { createHash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import type { RecordSource } from "../sources/source.ts";
import type { PackedRecording, RecordingFacts } from "./packed-recording.ts";

/** Raise when preparation changes: older caches are then ignored. */
const CACHE_VERSION = 3;

/** A recording that was left out, and why. */
export type LeftOut = { readonly id: string; readonly reason: string };

/** What one source gave. */
export type PreparedSource = {
  readonly recordings: readonly PackedRecording[];
  readonly leftOut: readonly LeftOut[];
};

type CacheIndex = { readonly recordings: readonly RecordingFacts[]; readonly leftOut: readonly LeftOut[] };

/**
 * The name under which a source's prepared recordings are kept: changes with its files' sizes and times, its tables'
 * too (they lie in the source's folder), and with `settings`.
 */
export async function cacheKey(source: RecordSource, settings: unknown): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([CACHE_VERSION, source.format, resolve(source.path), settings]));
  const seen = new Set<string>();
  const note = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const stats = await stat(path).catch(() => undefined);
    hash.update(`${path}:${stats?.size ?? -1}:${stats?.mtimeMs ?? -1}\n`);
  };
  await note(source.path);
  for (const { id, path } of await source.list()) {
    hash.update(`${id}\n`);
    await note(path);
  }
  return hash.digest("hex").slice(0, 24);
}

/** Recordings kept under a key, or undefined. A cache that was cut counts as none. */
export async function readCache(folder: string, key: string): Promise<PreparedSource | undefined> {
  const text = await readFile(join(folder, `${key}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const index = JSON.parse(text) as CacheIndex;
  const total = index.recordings.reduce((sum, { steps, sampleCount }) => sum + steps.length * sampleCount, 0);
  const samples = await readInt16(join(folder, `${key}.int16`), total);
  if (!samples) return undefined;
  let at = 0;
  const recordings = index.recordings.map((facts) => {
    const count = facts.steps.length * facts.sampleCount;
    at += count;
    return { ...facts, samples: samples.subarray(at - count, at) };
  });
  return { recordings, leftOut: index.leftOut };
}

/** Keep recordings under a key: samples first, so that an index is only there with them. */
export async function writeCache(folder: string, key: string, prepared: PreparedSource): Promise<void> {
  const parts = prepared.recordings.map(
    ({ samples }) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  );
  await writeFileAtomic(join(folder, `${key}.int16`), parts);
  const recordings = prepared.recordings.map(({ samples: _samples, ...facts }) => facts);
  await writeFileAtomic(
    join(folder, `${key}.json`),
    JSON.stringify({ recordings, leftOut: prepared.leftOut } satisfies CacheIndex),
  );
}

async function readInt16(path: string, count: number): Promise<Int16Array | undefined> {
  const handle = await open(path, "r").catch(() => undefined);
  if (!handle) return undefined;
  try {
    const samples = new Int16Array(count);
    const bytes = new Uint8Array(samples.buffer);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) return undefined;
      filled += bytesRead;
    }
    return samples;
  } finally {
    await handle.close();
  }
}
