// Whole files or none: written aside, then renamed. Node only.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { EcgError, errorMessage } from "./errors.ts";

/**
 * Write a file, whole or part by part, so that a reader sees the old content or the new, never a part; makes its folder.
 * @throws EcgError WRITE_FAILED (a full disk, no permission); the partial file is removed.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array>,
): Promise<void> {
  const aside = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(aside, content);
    await rename(aside, path);
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new EcgError("WRITE_FAILED", `${path}: expected to write a file, got ${errorMessage(cause)}`, {
      hint: "check free space and permissions",
      cause,
    });
  }
}
