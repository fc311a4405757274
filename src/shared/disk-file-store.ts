// The file store of Node: paths on disk. Not for browsers.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import type { ByteSource, FileStore } from "./byte-source.ts";
import { EcgError } from "./errors.ts";

/**
 * Ranges up to this size are read at once: the three trips through Node's thread pool that an asynchronous read
 * takes cost more than the reading (0.2 ms a record on an idle machine, a millisecond on a busy one). Larger ones
 * leave the event loop free.
 */
const READ_AT_ONCE_BYTES = 4 * 1024 * 1024;

function statOf(path: string): { readonly folder: boolean; readonly size: number } | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && { folder: stats.isDirectory(), size: stats.size };
  } catch {
    return undefined;
  }
}

/** Node refuses to read 2 GiB or more at once; the tables of large language models are larger. */
const READ_LIMIT = 2 ** 30;

async function readRange(path: string, startByte: number, endByte: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, endByte - startByte));
  return bytes.subarray(0, await readInto(path, bytes, startByte));
}

async function readInto(path: string, target: Uint8Array, startByte: number): Promise<number> {
  if (target.length <= READ_AT_ONCE_BYTES) return readAtOnce(path, target, startByte);
  const handle = await open(path, "r");
  try {
    let filled = 0;
    while (filled < target.length) {
      const piece = Math.min(READ_LIMIT, target.length - filled);
      const { bytesRead } = await handle.read(target, filled, piece, startByte + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  } finally {
    await handle.close();
  }
}

function readAtOnce(path: string, target: Uint8Array, startByte: number): number {
  const file = openSync(path, "r");
  try {
    let filled = 0;
    while (filled < target.length) {
      const bytesRead = readSync(file, target, filled, target.length - filled, startByte + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  } finally {
    closeSync(file);
  }
}

/** Files of this machine; a handle is open only while a range is read, so nothing needs closing. */
export const diskFileStore: FileStore = {
  async open(path): Promise<ByteSource> {
    const found = statOf(path);
    if (!found || found.folder) {
      throw new EcgError("NOT_FOUND", `${path}: expected a file, found ${found ? "a folder" : "nothing"}`, {
        hint: "check the path",
      });
    }
    return {
      size: found.size,
      read: (start, end) => readRange(path, start, Math.min(end, found.size)),
      readInto: (target, start) => readInto(path, target, start),
    };
  },
  exists: async (path) => statOf(path) !== undefined,
  isDirectory: async (path) => statOf(path)?.folder === true,
  async list(path) {
    try {
      return (await readdir(path)).sort();
    } catch (cause) {
      throw new EcgError("NOT_FOUND", `${path}: expected a folder, found nothing that can be listed`, {
        cause,
      });
    }
  },
};
