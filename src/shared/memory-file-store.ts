// A file store in memory, for browsers (bytes of picked files) and tests.
import type { ByteSource, FileStore } from "./byte-source.ts";
import { EcgError } from "./errors.ts";

/** Files by path. Folders exist where a path passes through them. */
export function createMemoryFileStore(files: Readonly<Record<string, Uint8Array | string>>): FileStore {
  const paths = Object.keys(files);
  const bytesOf = (path: string): Uint8Array => {
    const content = files[bare(path)];
    if (content === undefined) throw new EcgError("NOT_FOUND", `${path}: expected a file, found nothing`);
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  };
  const folder = (path: string): string =>
    bare(path) === "" || path === "." ? "" : `${bare(path).replace(/\/$/, "")}/`;
  return {
    async open(path): Promise<ByteSource> {
      const bytes = bytesOf(path);
      return {
        size: bytes.length,
        read: async (start, end) => bytes.subarray(start, Math.min(end, bytes.length)),
      };
    },
    exists: async (path) => bare(path) in files || paths.some((name) => name.startsWith(folder(path))),
    isDirectory: async (path) =>
      !(bare(path) in files) && paths.some((name) => name.startsWith(folder(path))),
    async list(path) {
      const inside = paths.filter((name) => name.startsWith(folder(path)));
      if (inside.length === 0) throw new EcgError("NOT_FOUND", `${path}: expected a folder, found nothing`);
      const names = inside.map((name) => name.slice(folder(path).length).split("/")[0] ?? "");
      return [...new Set(names)].sort();
    },
  };
}

/** `./x` is `x`, as on a disk. */
function bare(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
