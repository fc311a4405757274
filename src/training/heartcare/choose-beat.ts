// chooseBeat: the signal tokenizer of a stage: the one that was asked for, that of the stage before, or the one that ships;
// or one with first weights, to see what its own training is worth (the paper's ablation of stage 1). Node only.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { BEAT_CONFIG_FILE, BEAT_MODEL_FILE, encodeBeat, readBeatConfig } from "../../beat/beat-checkpoint.ts";
import { buildBeat } from "../../beat/build-beat.ts";
import { resolveBeatFolder } from "../../beat/node/open-beat.ts";
import { CODEBOOK_NAMES, codebookTensorNames } from "../../beat/quantise.ts";
import { createParameterStore } from "../../graph/parameter-store.ts";
import { BEAT_FOLDER } from "../../model/dspa/heartcare-config.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { createRng } from "../../shared/rng.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";

/** Instead of a folder: sizes of the tokenizer that ships, weights drawn from the run's seed. */
export const UNTRAINED_BEAT = "untrained";

/** Of the numbers of a code before training, as `quantise` has it for gradient codebooks. */
const CODE_SD = 0.5;

export type ChosenBeat = {
  readonly folder: string;
  /** What heartcare.json calls it; undefined where nothing was asked for: the stage before has named it. */
  readonly name: string | undefined;
  /** It does not ship, so that every model trained on its codes has to carry it. */
  readonly carried: boolean;
};

/** @throws EcgError NOT_FOUND for a folder without a checkpoint; INVALID_FILE for one of another kind. */
export async function chooseBeat(options: {
  /** A checkpoint, a run, or {@link UNTRAINED_BEAT}. */
  readonly beatFolder?: string | undefined;
  readonly base?: string | undefined;
  /** The run's folder: an untrained one is written into it. */
  readonly folder: string;
  readonly seed: number;
}): Promise<ChosenBeat> {
  const { beatFolder, base, folder, seed } = options;
  if (beatFolder === UNTRAINED_BEAT) {
    const path = join(folder, BEAT_FOLDER);
    await writeUntrainedBeat(path, seed);
    return { folder: path, name: `beat-untrained-${seed}`, carried: true };
  }
  const shipped = resolveBeatFolder();
  if (beatFolder !== undefined) {
    const found = resolveBeatFolder(beatFolder);
    const carried = resolve(found) !== resolve(shipped);
    return { folder: found, name: basename(carried ? resolve(beatFolder) : shipped), carried };
  }
  const inBase = base === undefined ? undefined : join(base, BEAT_FOLDER);
  if (inBase !== undefined && existsSync(join(inBase, BEAT_CONFIG_FILE))) {
    return { folder: inBase, name: undefined, carried: true };
  }
  return { folder: shipped, name: undefined, carried: false };
}

/** Put a carried tokenizer beside a model that reads its codes. */
export async function carryBeat({ folder, carried }: ChosenBeat, modelFolder: string): Promise<void> {
  if (!carried) return;
  for (const file of [BEAT_CONFIG_FILE, BEAT_MODEL_FILE]) {
    await writeFileAtomic(join(modelFolder, BEAT_FOLDER, file), await readFile(join(folder, file)));
  }
}

/** The same weights for the same seed, as a training run of Beat would begin with. */
async function writeUntrainedBeat(folder: string, seed: number): Promise<void> {
  const config = await readBeatConfig(diskFileStore, resolveBeatFolder());
  const store = createParameterStore(buildBeat(config, 1).graph, { seed });
  // Codebooks that follow means begin at 0, for training starts them from data: here they are drawn as gradient ones are.
  const rng = createRng(`untrained-codebooks/${seed}`);
  for (const { codes } of CODEBOOK_NAMES.map(codebookTensorNames)) {
    if (!store.tensors.has(codes)) continue;
    const values = store.get(codes).values as Float32Array;
    for (let i = 0; i < values.length; i++) values[i] = CODE_SD * rng.normal();
  }
  const files = encodeBeat(config, store, { about: { untrained: { seed } } });
  await writeFileAtomic(join(folder, BEAT_MODEL_FILE), files.model);
  await writeFileAtomic(join(folder, BEAT_CONFIG_FILE), files.config);
}
