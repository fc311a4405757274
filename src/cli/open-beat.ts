// The tokenizer that a command uses: a checkpoint folder, by default the one that ships.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BEAT_CONFIG_FILE } from "../beat/beat-checkpoint.ts";
import { type BeatTokenizer, loadBeat } from "../beat/tokenizer.ts";
import { loadNodeRuntime } from "../graph/node/load-node-runtime.ts";
import type { Runtime } from "../graph/runtime.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { EcgError } from "../shared/errors.ts";

/** Words for --model in every beat command. */
export const BEAT_MODEL_HELP = "checkpoint folder, or a run of `beat train` (default: the model that ships)";

/**
 * The folder of a checkpoint: the given one, `checkpoints/best` of a run, or the one that ships.
 * @throws EcgError NOT_FOUND when there is none.
 */
export function resolveBeatFolder(given: string | undefined): string {
  const shipped = fileURLToPath(new URL("../../models/beat-base", import.meta.url));
  const folder = given ?? shipped;
  const inRun = join(folder, "checkpoints", "best");
  const found = [inRun, folder].find((candidate) => existsSync(join(candidate, BEAT_CONFIG_FILE)));
  if (found !== undefined) return found;
  throw new EcgError(
    "NOT_FOUND",
    `${folder}: expected a Beat checkpoint with ${BEAT_CONFIG_FILE}, found none`,
    {
      hint: "train one with: heartcare beat train <sources...> --out <dir>",
    },
  );
}

/** Open it; the caller disposes. */
export async function openBeat(
  given: string | undefined,
  options: { readonly threads?: number | undefined } = {},
): Promise<{ tokenizer: BeatTokenizer; runtime: Runtime; folder: string }> {
  const folder = resolveBeatFolder(given);
  const runtime = await loadNodeRuntime();
  const session = options.threads === undefined ? {} : { threads: options.threads };
  const tokenizer = await loadBeat(folder, runtime, { files: diskFileStore, session });
  return { tokenizer, runtime, folder };
}
