// SHA256SUMS.txt: which files a data set has, and the SHA-256 of each.
import { EcgError } from "../../shared/errors.ts";

export const CHECKSUM_LIST = "SHA256SUMS.txt";

export type ListedFile = {
  /** Path below the folder of the list, with `/`; never leaves that folder. */
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
};

const LINE = /^([0-9a-f]{64}) [ *]?(?:\.\/)?(\S.*)$/i;

/**
 * The files of a list as `sha256sum` writes it.
 * @throws EcgError INVALID_FILE for a line of another form, a path that leaves the folder, or an empty list.
 */
export function parseChecksumList(text: string, where: string): ListedFile[] {
  const files = text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }): ListedFile => {
      const [, sha256, name] = LINE.exec(line) ?? [];
      if (sha256 === undefined || name === undefined || !staysInside(name)) {
        throw new EcgError(
          "INVALID_FILE",
          `${where} line ${number}: expected a SHA-256 and a path inside the data set, found ${JSON.stringify(line.slice(0, 80))}`,
          { hint: "is this the address of the data set's own files?" },
        );
      }
      return { name, sha256: sha256.toLowerCase() };
    });
  if (files.length === 0)
    throw new EcgError("INVALID_FILE", `${where}: expected a list of files, found none`);
  return files;
}

/** No root, no drive, no step up: what a list says must not be written anywhere else. */
function staysInside(name: string): boolean {
  return (
    !/[\\:\0]/.test(name) && name.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

/**
 * The files that are wanted: those named, and those below the folders named. Everything without names.
 * @throws EcgError INVALID_OPTION for a name that is not in the list.
 */
export function selectFiles(
  files: readonly ListedFile[],
  only: readonly string[] | undefined,
  where: string,
): ListedFile[] {
  if (!only || only.length === 0) return [...files];
  const wanted = only.map((name) => name.replace(/\/+$/, ""));
  const isIn = (name: string, part: string): boolean => name === part || name.startsWith(`${part}/`);
  const missing = wanted.find((part) => !files.some(({ name }) => isIn(name, part)));
  if (missing !== undefined) {
    const top = [...new Set(files.map(({ name }) => name.split("/")[0]))];
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected a file or folder of the data set, got ${missing}`,
      { hint: `it has ${top.slice(0, 8).join(", ")}${top.length > 8 ? ", ..." : ""}` },
    );
  }
  return files.filter(({ name }) => wanted.some((part) => isIn(name, part)));
}
