// exportLanguageModel: a model folder as a folder for other programs, its adapter worked into the weights. Node only.
import { join, resolve } from "node:path";
import { loadNodeRuntime } from "../../../graph/node/load-node-runtime.ts";
import type { ParameterStore } from "../../../graph/parameter-store.ts";
import type { Runtime } from "../../../graph/runtime.ts";
import { type FileStore, joinPath, readAll } from "../../../shared/byte-source.ts";
import { diskFileStore } from "../../../shared/disk-file-store.ts";
import { EcgError } from "../../../shared/errors.ts";
import { writeFileAtomic } from "../../../shared/write-file-atomic.ts";
import { type LanguageConfig, languageConfigJson } from "../../config/language-config.ts";
import { readFolderJson } from "../../config/read-folder-json.ts";
import { readLanguageConfig } from "../../config/read-model-config.ts";
import { languageStore } from "../../generate/load-language-model.ts";
import { ADAPTER_CONFIG_FILE, readAdapter } from "../../lora/adapter-folder.ts";
import { mergeAdapter } from "../../lora/merge-adapter.ts";
import { LANGUAGE_NAMES } from "../../weights/find-tensor-names.ts";
import { loadWeights } from "../../weights/load-weights.ts";
import { writeModelFolder } from "../../weights/node/write-model-folder.ts";
import type { ExportPrecision } from "../build-decoder-file.ts";
import { checkFitsHalf } from "../check-fits-half.ts";
import { encodeLanguageOnnx } from "../encode-language-onnx.ts";

export type ExportLanguageModelOptions = {
  /**
   * `hf`: config.json, generation_config.json, tokenizer files, model.safetensors. `onnx`: decoder.onnx,
   * embed_tokens.onnx, onnx.json, and the same configuration and tokenizer files.
   */
  readonly to: "hf" | "onnx";
  /** How weights are stored; what ONNX files compute is float32 in any case. Default fp32. */
  readonly precision?: ExportPrecision;
  /** Where the folder is read. Default: the disk. */
  readonly files?: FileStore;
  /** What merges an adapter. Default: ONNX Runtime in Node, loaded when there is one to merge. */
  readonly runtime?: Runtime;
};

export type ExportedLanguageModel = {
  readonly out: string;
  /** Names of the files written. */
  readonly files: readonly string[];
  readonly parameterCount: number;
  /** Modules of the adapter that was merged; 0 without one. */
  readonly mergedModules: number;
};

/** Copied as they are when the folder has them. */
const COPIED_FILES = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
  "chat_template.jinja",
];

/**
 * Export a Qwen2 or Phi-3 folder. With `adapter_config.json` in it, the LoRA adapter is merged first.
 * @throws EcgError NOT_FOUND, INVALID_FILE, UNSUPPORTED_FORMAT, SHAPE_MISMATCH for a folder that cannot be loaded;
 * INVALID_OPTION for an unknown format, the folder itself as `out`, or a weight beyond fp16; UNSUPPORTED_FORMAT for ONNX files
 * above 2 GiB; WRITE_FAILED. Weights are checked before anything is written.
 */
export async function exportLanguageModel(
  folder: string,
  out: string,
  options: ExportLanguageModelOptions,
): Promise<ExportedLanguageModel> {
  const { to, precision = "fp32", files = diskFileStore } = options;
  checkOptions(folder, out, to, precision);
  const config = await readLanguageConfig(files, folder);
  const copied = await readCopiedFiles(files, folder, config);
  const store = languageStore(config);
  await loadWeights(store, files, folder, { rule: LANGUAGE_NAMES });
  const mergedModules = await mergeFolderAdapter(store, files, folder, options.runtime);
  const json = await exportedConfig(files, folder, config);
  const written =
    to === "hf"
      ? await writeHuggingFace(out, store, json, precision)
      : await writeOnnx(out, store, config, { json, precision });
  for (const [name, bytes] of Object.entries(copied)) await writeFileAtomic(join(out, name), bytes);
  return {
    out,
    files: [...written, ...Object.keys(copied)].sort(),
    parameterCount: [...store.tensors.values()].reduce((sum, { values }) => sum + values.length, 0),
    mergedModules,
  };
}

function checkOptions(folder: string, out: string, to: string, precision: string): void {
  if (to !== "hf" && to !== "onnx") {
    throw new EcgError("INVALID_OPTION", `export: expected the format hf or onnx, got ${to}`);
  }
  if (precision !== "fp32" && precision !== "fp16") {
    throw new EcgError("INVALID_OPTION", `export: expected the precision fp32 or fp16, got ${precision}`);
  }
  if (resolve(folder) !== resolve(out)) return;
  throw new EcgError("INVALID_OPTION", `export: expected another folder than the model's, got ${out}`, {
    hint: "an export does not replace what it was made from",
  });
}

async function readCopiedFiles(
  files: FileStore,
  folder: string,
  config: LanguageConfig,
): Promise<Record<string, Uint8Array | string>> {
  const found: Record<string, Uint8Array | string> = {};
  for (const name of COPIED_FILES) {
    const path = joinPath(folder, name);
    if (await files.exists(path)) found[name] = await readAll(files, path);
  }
  const { bos_token_id, eos_token_id, pad_token_id } = languageConfigJson(config);
  const generation = { _from_model_config: true, bos_token_id, eos_token_id, pad_token_id };
  found["generation_config.json"] ??= `${JSON.stringify(generation, null, 2)}\n`;
  return found;
}

/** The folder's config.json with the type that tools look for in a whole model. */
async function exportedConfig(
  files: FileStore,
  folder: string,
  config: LanguageConfig,
): Promise<Record<string, unknown>> {
  const own = languageConfigJson(config);
  const { dtype: _, ...given } = await readFolderJson(files, folder, "config.json");
  return { ...own, ...given, architectures: own["architectures"] };
}

async function mergeFolderAdapter(
  store: ParameterStore,
  files: FileStore,
  folder: string,
  runtime: Runtime | undefined,
): Promise<number> {
  if (!(await files.exists(joinPath(folder, ADAPTER_CONFIG_FILE)))) return 0;
  const adapter = await readAdapter(files, folder);
  await mergeAdapter(store, adapter, runtime ?? (await loadNodeRuntime()));
  return adapter.modules.size;
}

async function writeHuggingFace(
  out: string,
  store: ParameterStore,
  config: Readonly<Record<string, unknown>>,
  precision: ExportPrecision,
): Promise<string[]> {
  if (precision === "fp16") {
    for (const { name, values } of store.tensors.values()) checkFitsHalf(name, values as Float32Array);
  }
  await writeModelFolder(out, { store, config, dtype: precision === "fp16" ? "F16" : "F32" });
  return ["config.json", "model.safetensors"];
}

async function writeOnnx(
  out: string,
  store: ParameterStore,
  config: LanguageConfig,
  { json, precision }: { readonly json: Record<string, unknown>; readonly precision: ExportPrecision },
): Promise<string[]> {
  const { files, description } = encodeLanguageOnnx(config, store, precision);
  for (const [name, bytes] of Object.entries(files)) await writeFileAtomic(join(out, name), bytes);
  const texts = { "onnx.json": description, "config.json": json };
  for (const [name, value] of Object.entries(texts)) {
    await writeFileAtomic(join(out, name), `${JSON.stringify(value, null, 2)}\n`);
  }
  return [...Object.keys(files), ...Object.keys(texts)];
}
