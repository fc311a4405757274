// Whether a folder may be built into: new, a finished dataset to replace, or an interrupted build to go on with.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EcgError } from "../shared/errors.ts";

/** What a build writes; anything else in the folder is somebody else's. */
const OWN_ENTRIES: ReadonlySet<string> = new Set([
  "manifest.json",
  "records.jsonl",
  "skipped.jsonl",
  "same-recording.jsonl",
  "audit.json",
  "README.md",
  "sunburst.svg",
  "items",
  "signals",
  "images",
  "work",
]);

/**
 * Make `out` ready. A finished dataset stays whole until its replacement is: its manifest goes first, so that a kill
 * in between leaves no folder that claims to be finished.
 * @throws EcgError INVALID_OPTION when the folder holds foreign files, or an interrupted build and no `resume`.
 */
export async function prepareOutput(
  out: string,
  options: { resume: boolean; fingerprint: string },
): Promise<void> {
  const entries = await readdir(out).catch(() => [] as string[]);
  const foreign = entries.find((entry) => !OWN_ENTRIES.has(entry) && !entry.endsWith(".partial"));
  if (foreign !== undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `${out}: expected a new folder or a dataset, found ${foreign} in it`,
      {
        hint: "choose another --out; nothing was changed",
      },
    );
  }
  const finished = entries.includes("manifest.json");
  const planned = (await readFile(join(out, "work", "plan.txt"), "utf8").catch(() => "")).trim();
  if (entries.includes("work") && !finished && !options.resume) {
    throw new EcgError("INVALID_OPTION", `${out}: expected a new folder, found an unfinished build`, {
      hint: "go on with --resume, or remove the folder",
    });
  }
  if (options.resume && planned !== "" && planned !== options.fingerprint) {
    throw new EcgError(
      "INVALID_OPTION",
      `${out}: expected the sources and options of the unfinished build, got others`,
      {
        hint: "resume with the same sources, --seed, --limit and image options",
      },
    );
  }
  await rm(join(out, "manifest.json"), { force: true });
  if (options.resume && planned === options.fingerprint) return;
  for (const entry of ["work", "items", "signals", "images"]) {
    await rm(join(out, entry), { recursive: true, force: true });
  }
}
