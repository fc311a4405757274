// HeartcareGPT on this machine: a folder on disk, by default the one that ships. Node only.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveBeatFolder } from "../../../beat/node/open-beat.ts";
import { loadNodeRuntime } from "../../../graph/node/load-node-runtime.ts";
import { diskFileStore } from "../../../shared/disk-file-store.ts";
import { EcgError } from "../../../shared/errors.ts";
import { BEAT_FOLDER, HEARTCARE_FILE, readHeartcareConfig } from "../heartcare-config.ts";
import type { HeartcareModel } from "../heartcare-model.ts";
import { loadHeartcareModel } from "../load-heartcare-model.ts";
import type { StatementHead } from "../statement-head.ts";

/**
 * The folder of a model: the given one, `checkpoints/best` of a run, or the one that ships.
 * @throws EcgError NOT_FOUND when there is none.
 */
export function resolveHeartcareFolder(given?: string): string {
  const shipped = fileURLToPath(new URL("../../../../models/heartcare-nano", import.meta.url));
  const folder = given ?? shipped;
  const inRun = join(folder, "checkpoints", "best");
  const found = [inRun, folder].find((candidate) => existsSync(join(candidate, HEARTCARE_FILE)));
  if (found !== undefined) return found;
  throw new EcgError(
    "NOT_FOUND",
    `${folder}: expected a HeartcareGPT folder with ${HEARTCARE_FILE}, found none`,
    {
      hint: "train one with: heartcare model train --stage warm-up --data <dataset> --out <run>",
    },
  );
}

/** The tokenizer that ships. */
const SHIPPED_TOKENIZER = "beat-base";

/** A model folder's Beat: `beat/` inside it, its namesake beside it, or the one that ships under that name. */
function beatFolderOf(folder: string, tokenizer: string): string {
  const candidates = [join(folder, BEAT_FOLDER), join(dirname(folder), tokenizer)];
  const found = candidates.find((candidate) => existsSync(join(candidate, "config.json")));
  if (found !== undefined || tokenizer === SHIPPED_TOKENIZER) return resolveBeatFolder(found);
  throw new EcgError(
    "NOT_FOUND",
    `${folder}: expected the tokenizer ${tokenizer} that it was trained with in ${BEAT_FOLDER}/, found none`,
    { hint: "codes of another tokenizer mean something else to it" },
  );
}

/**
 * Open a folder or run; without one the shipped heartcare-nano. The caller disposes it.
 * @throws EcgError as `loadHeartcareModel`; MISSING_DEPENDENCY without onnxruntime-node.
 */
export async function openHeartcare(
  given?: string,
  options: {
    readonly threads?: number | undefined;
    readonly fourBit?: boolean | undefined;
    readonly statementHead?: StatementHead | undefined;
  } = {},
): Promise<HeartcareModel> {
  const folder = resolveHeartcareFolder(given);
  const config = await readHeartcareConfig(diskFileStore, folder);
  return loadHeartcareModel({
    runtime: await loadNodeRuntime(),
    files: diskFileStore,
    folder,
    beatFolder: beatFolderOf(folder, config.signal.tokenizer),
    statementHead: options.statementHead,
    ...(options.threads === undefined ? {} : { session: { threads: options.threads } }),
    ...(options.fourBit ? { fourBit: true } : {}),
  });
}
