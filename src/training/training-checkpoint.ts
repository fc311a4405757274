// Checkpoints of a run on disk: checkpoints/last to go on from, checkpoints/best to use. Node only.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Optimizer } from "../graph/adam-w.ts";
import { checkpointParts, decodeCheckpoint, restoreCheckpoint } from "../graph/checkpoint.ts";
import { EcgError } from "../shared/errors.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";

/** What the loop itself must remember beside parameters, moments, states and step count. */
export type RunPosition = {
  /** Losses since the last log line. */
  readonly pending: PendingSums;
  readonly best: { readonly step: number; readonly score: number } | null;
  /** Evaluations since the best one. */
  readonly sinceBest: number;
  readonly seconds: number;
};

export type PendingSums = { readonly count: number; readonly sums: Readonly<Record<string, number>> };

/** Where a run begins. */
export const START: RunPosition = { pending: { count: 0, sums: {} }, best: null, sinceBest: 0, seconds: 0 };

export const CHECKPOINT_FILE = "training.safetensors";

/** Folder of a checkpoint. */
export function checkpointFolder(runFolder: string, name: "last" | "best"): string {
  return join(runFolder, "checkpoints", name);
}

/** Write everything that a resumed run needs, in one file, whole or not at all. */
export async function writeCheckpoint(
  folder: string,
  optimizer: Optimizer,
  position: RunPosition,
): Promise<void> {
  const parts = checkpointParts(optimizer, { position: JSON.stringify(position) });
  await writeFileAtomic(join(folder, CHECKPOINT_FILE), parts);
}

/**
 * Put a training back to its last checkpoint.
 * @throws EcgError NOT_FOUND without one; INVALID_FILE, SHAPE_MISMATCH when it is of another configuration.
 */
export async function readCheckpoint(folder: string, optimizer: Optimizer): Promise<RunPosition> {
  const path = join(folder, CHECKPOINT_FILE);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a checkpoint to resume from, found none`, {
      hint: "start the run without --resume",
      cause,
    });
  });
  const checkpoint = await decodeCheckpoint(bytes, path);
  restoreCheckpoint(checkpoint, optimizer);
  const { position } = checkpoint.metadata;
  return position === undefined ? START : (JSON.parse(position) as RunPosition);
}
