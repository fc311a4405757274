// The tokenizer on this machine: a checkpoint folder on disk, by default the one that ships. Node only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNodeRuntime } from "../../graph/node/load-node-runtime.ts";
import type { Runtime } from "../../graph/runtime.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { EcgError } from "../../shared/errors.ts";
import { BEAT_CONFIG_FILE } from "../beat-checkpoint.ts";
import { type BeatTokenizer, loadBeat } from "../tokenizer.ts";

/**
 * The folder of a checkpoint: the given one, `checkpoints/best` of a run, or the one that ships.
 * @throws EcgError NOT_FOUND when there is none.
 */
export function resolveBeatFolder(given?: string): string {
  const shipped = fileURLToPath(new URL("../../../models/beat-base", import.meta.url));
  const folder = given ?? shipped;
  const inRun = join(folder, "checkpoints", "best");
  const found = [inRun, folder].find((candidate) => existsSync(join(candidate, BEAT_CONFIG_FILE)));
  if (found !== undefined) return found;
  throw new EcgError(
    "NOT_FOUND",
    `${folder}: expected a Beat checkpoint with ${BEAT_CONFIG_FILE}, found none`,
    { hint: "train one with: heartcare beat train <sources...> --out <dir>" },
  );
}

/** A tokenizer with the engine that it runs on. */
export type OpenBeat = {
  readonly tokenizer: BeatTokenizer;
  readonly runtime: Runtime;
  readonly folder: string;
};

/**
 * Open a checkpoint folder or run; without one the shipped model. The caller disposes the tokenizer.
 * @throws EcgError as `readBeat`; MISSING_DEPENDENCY without onnxruntime-node.
 */
export async function openBeat(
  given?: string,
  options: { readonly threads?: number | undefined } = {},
): Promise<OpenBeat> {
  const folder = resolveBeatFolder(given);
  const runtime = await loadNodeRuntime();
  const session = options.threads === undefined ? {} : { threads: options.threads };
  const tokenizer = await loadBeat(folder, runtime, { files: diskFileStore, session });
  return { tokenizer, runtime, folder };
}
