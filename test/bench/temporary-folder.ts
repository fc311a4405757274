// A folder that is gone when the test is over.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Path of a new empty folder. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heartcare-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
