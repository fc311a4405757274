// openWeights: the tensors of a model folder as if they were one file, read one at a time.
// Layouts: model.safetensors, or model.safetensors.index.json with its shards (Hugging Face transformers).
import { z } from "zod";
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { openSafetensors, type SafetensorsFile, type TensorInfo } from "../../shared/safetensors.ts";
import { parseFile, readFolderJson } from "../config/read-folder-json.ts";

const SINGLE_FILE = "model.safetensors";
const INDEX_FILE = "model.safetensors.index.json";

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Open a folder's weights. Headers are read now, arrays on demand.
 * @throws EcgError NOT_FOUND when the folder has no safetensors or the index names a shard that is not there;
 * INVALID_FILE when a shard lacks a tensor that the index promises.
 */
export async function openWeights(files: FileStore, folder: string): Promise<SafetensorsFile> {
  const single = joinPath(folder, SINGLE_FILE);
  if (await files.exists(single)) return openSafetensors(await files.open(single), single);
  if (!(await files.exists(joinPath(folder, INDEX_FILE)))) throw await noWeights(files, folder);
  const index = joinPath(folder, INDEX_FILE);
  const { weight_map: map } = parseFile(indexSchema, await readFolderJson(files, folder, INDEX_FILE), index);
  const shards = new Map<string, SafetensorsFile>();
  for (const name of new Set(Object.values(map))) {
    const path = joinPath(folder, name);
    if (!(await files.exists(path))) {
      throw new EcgError("NOT_FOUND", `${index}: expected its shard ${name}, found no such file`, {
        hint: "fetch all shards of the folder",
      });
    }
    shards.set(name, await openSafetensors(await files.open(path), path));
  }
  return joinShards(map, shards, index);
}

function joinShards(
  map: Readonly<Record<string, string>>,
  shards: ReadonlyMap<string, SafetensorsFile>,
  where: string,
): SafetensorsFile {
  const tensors = new Map<string, TensorInfo>();
  for (const [name, shard] of Object.entries(map)) {
    const info = shards.get(shard)?.tensors.get(name);
    if (!info) {
      throw new EcgError("INVALID_FILE", `${where}: expected ${name} in ${shard}, found none`, {
        hint: "index and shards belong to different checkpoints",
      });
    }
    tensors.set(name, info);
  }
  const shardOf = (name: string): SafetensorsFile => {
    const shard = shards.get(map[name] ?? "");
    if (shard) return shard;
    throw new EcgError("NOT_FOUND", `${where}: expected one of its ${tensors.size} tensors, got "${name}"`);
  };
  return {
    metadata: {},
    tensors,
    readFloats: async (name) => shardOf(name).readFloats(name),
    readIntegers: async (name) => shardOf(name).readIntegers(name),
    readBytes: async (name) => shardOf(name).readBytes(name),
  };
}

async function noWeights(files: FileStore, folder: string): Promise<EcgError> {
  const names = await files.list(folder).catch(() => []);
  const others = names.filter((name) => /\.(bin|gguf|pth?|safetensors|onnx)$/.test(name));
  return new EcgError(
    "NOT_FOUND",
    `${folder}: expected ${SINGLE_FILE} or ${INDEX_FILE}, found ${others.join(", ") || "no weights"}`,
    others.length > 0
      ? { hint: "convert the weights to safetensors (save_pretrained with safe_serialization)" }
      : { hint: "fetch the weights of the folder" },
  );
}
