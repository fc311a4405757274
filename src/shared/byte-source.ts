// The ports through which readers get bytes: a file with ranges, and a place that holds files by path.

/** A file that can be read in parts. `end` is exclusive; reading past `size` returns fewer bytes. */
export type ByteSource = {
  readonly size: number;
  read(startByte: number, endByte: number): Promise<Uint8Array>;
  /** Read from `startByte` on into memory of the caller; gives how many bytes came. Only where it saves time. */
  readInto?(target: Uint8Array, startByte: number): Promise<number>;
};

/** Files by path with "/" separators: a disk folder in Node, a map of bytes in a browser or a test. */
export type FileStore = {
  /** @throws EcgError NOT_FOUND when there is no such file. */
  open(path: string): Promise<ByteSource>;
  exists(path: string): Promise<boolean>;
  isDirectory(path: string): Promise<boolean>;
  /** Names (not paths) of the entries of a folder, sorted. @throws EcgError NOT_FOUND. */
  list(path: string): Promise<string[]>;
};

/** Every byte of a file. */
export async function readAll(store: FileStore, path: string): Promise<Uint8Array> {
  const source = await store.open(path);
  return source.read(0, source.size);
}

/** A file's text as UTF-8, without a byte order mark. */
export async function readText(store: FileStore, path: string): Promise<string> {
  return new TextDecoder("utf-8").decode(await readAll(store, path));
}

/** Folder part of a path ("" when it has none). */
export function directoryOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** Last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Join with "/" and leave out empty parts; a second absolute path wins. */
export function joinPath(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .reduce(
      (joined, part) =>
        part.startsWith("/") || joined === "" ? part : `${joined.replace(/\/$/, "")}/${part}`,
      "",
    );
}
