// A Beat checkpoint folder: model.safetensors with the weights and codebooks, config.json with the sizes, README.md.
import type { ParameterStore } from "../graph/parameter-store.ts";
import { createParameterStore } from "../graph/parameter-store.ts";
import { encodeStore, loadStore } from "../graph/store-file.ts";
import { type FileStore, joinPath, readText } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { openSafetensors } from "../shared/safetensors.ts";
import { type BeatConfig, parseBeatConfig } from "./beat-config.ts";
import { buildBeat } from "./build-beat.ts";

export const BEAT_MODEL_FILE = "model.safetensors";
export const BEAT_CONFIG_FILE = "config.json";
export const BEAT_CARD_FILE = "README.md";

const MODEL_TYPE = "heartcare-beat";

export type EncodeBeatOptions = {
  /** F16 halves the file; codes and weights are rounded to 11 bits. Default F32. */
  readonly dtype?: "F32" | "F16";
  /** What config.json says beside the model: training, scores. Plain JSON. */
  readonly about?: Readonly<Record<string, unknown>>;
};

/** The bytes of `model.safetensors` and the text of `config.json`. Running means of EMA codebooks are left out. */
export function encodeBeat(
  config: BeatConfig,
  store: ParameterStore,
  options: EncodeBeatOptions = {},
): { model: Uint8Array; config: string } {
  const { dtype = "F32", about = {} } = options;
  const model = encodeStore(store, {
    dtype,
    includes: isModelTensor,
    metadata: { format: "pt", model_type: MODEL_TYPE },
  });
  const text = JSON.stringify({ model_type: MODEL_TYPE, version: 1, beat: config, ...about }, null, 2);
  return { model, config: `${text}\n` };
}

/**
 * Read a checkpoint folder into a store.
 * @throws EcgError NOT_FOUND without its files; INVALID_FILE for a config that is none of ours; SHAPE_MISMATCH or
 * NOT_FOUND for a tensor that does not fit the config, naming it with expected and found shape.
 */
export async function readBeat(
  files: FileStore,
  folder: string,
): Promise<{ config: BeatConfig; store: ParameterStore }> {
  const config = await readBeatConfig(files, folder);
  const store = createParameterStore(buildBeat(config, 1).graph, { seed: 0, initialize: false });
  const path = joinPath(folder, BEAT_MODEL_FILE);
  const file = await openSafetensors(await files.open(path), path);
  await loadStore(store, file, { includes: isModelTensor });
  return { config, store };
}

/** The sizes in a checkpoint's config.json. @throws EcgError as {@link readBeat}. */
export async function readBeatConfig(files: FileStore, folder: string): Promise<BeatConfig> {
  const path = joinPath(folder, BEAT_CONFIG_FILE);
  const text = await readText(files, path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, found ${text.slice(0, 40)}`, { cause });
  }
  const { model_type: type, beat } = (value ?? {}) as Record<string, unknown>;
  if (type !== MODEL_TYPE) {
    throw new EcgError("INVALID_FILE", `${path}: expected model_type ${MODEL_TYPE}, found ${String(type)}`, {
      hint: "give the folder of a Beat checkpoint",
    });
  }
  return parseBeatConfig(beat, `${path}: beat`);
}

function isModelTensor(name: string): boolean {
  return !/^codebook\.\w+\.(counts|sums)$/.test(name);
}
