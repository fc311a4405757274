// writeModelFolder: a model as a Hugging Face folder that transformers, vLLM and llama.cpp's converter read. Node only.
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ParameterStore } from "../../../graph/parameter-store.ts";
import { EcgError, errorMessage } from "../../../shared/errors.ts";
import { safetensorsParts, type TensorToWrite } from "../../../shared/safetensors.ts";
import { writeFileAtomic } from "../../../shared/write-file-atomic.ts";
import { isLoraName } from "../../lora/lora-dense.ts";
import type { TokenizerFiles } from "../../tokenizer/load-tokenizer.ts";

export type ModelFolderContent = {
  readonly store: ParameterStore;
  /** config.json, e.g. of `languageConfigJson`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer?: TokenizerFiles;
  /** How weights are stored. Default F32. */
  readonly dtype?: "F32" | "F16" | "BF16";
  /** Which tensors. Default: all but adapters, which have folders of their own. */
  readonly includes?: (name: string) => boolean;
  /** Further files by name: README.md, preprocessor_config.json, … */
  readonly files?: Readonly<Record<string, string>>;
};

/**
 * Write a folder. Weights go to disk one tensor at a time; every file is written aside and renamed.
 * @throws EcgError WRITE_FAILED for a full disk or a folder without permission.
 */
export async function writeModelFolder(folder: string, content: ModelFolderContent): Promise<void> {
  const {
    store,
    config,
    tokenizer,
    dtype = "F32",
    includes = (name) => !isLoraName(name),
    files = {},
  } = content;
  const chosen = [...store.tensors.values()].filter(
    ({ name, values }) => includes(name) && values.length > 0,
  );
  const tensors: Record<string, TensorToWrite> = {};
  for (const { name, shape, values } of chosen) {
    tensors[name] = { shape, data: values as Float32Array, dtype };
  }
  await writeParts(join(folder, "model.safetensors"), safetensorsParts(tensors, { format: "pt" }));
  const json: Record<string, unknown> = { "config.json": { ...config, torch_dtype: TORCH_NAMES[dtype] } };
  if (tokenizer) {
    json["tokenizer.json"] = tokenizer.tokenizer;
    json["tokenizer_config.json"] = tokenizer.config;
  }
  for (const [name, value] of Object.entries(json)) {
    await writeFileAtomic(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  }
  for (const [name, text] of Object.entries(files)) await writeFileAtomic(join(folder, name), text);
}

const TORCH_NAMES = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const;

async function writeParts(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const aside = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(aside, "w");
    try {
      for (const part of parts) await handle.writeFile(part);
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new EcgError("WRITE_FAILED", `${path}: expected to write a file, got ${errorMessage(cause)}`, {
      hint: "check free space and permissions",
      cause,
    });
  }
}
