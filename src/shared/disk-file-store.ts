// The file store of Node: paths on disk. Not for browsers.
import { open, readdir, stat } from "node:fs/promises";
import type { ByteSource, FileStore } from "./byte-source.ts";
import { EcgError } from "./errors.ts";

async function statOf(
  path: string,
): Promise<{ readonly folder: boolean; readonly size: number } | undefined> {
  try {
    const stats = await stat(path);
    return { folder: stats.isDirectory(), size: stats.size };
  } catch {
    return undefined;
  }
}

async function readRange(path: string, startByte: number, endByte: number): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(Math.max(0, endByte - startByte));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, startByte + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** Files of this machine; a handle is open only while a range is read, so nothing needs closing. */
export const diskFileStore: FileStore = {
  async open(path): Promise<ByteSource> {
    const found = await statOf(path);
    if (!found || found.folder) {
      throw new EcgError("NOT_FOUND", `${path}: expected a file, found ${found ? "a folder" : "nothing"}`, {
        hint: "check the path",
      });
    }
    return { size: found.size, read: (start, end) => readRange(path, start, Math.min(end, found.size)) };
  },
  exists: async (path) => (await statOf(path)) !== undefined,
  isDirectory: async (path) => (await statOf(path))?.folder === true,
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
