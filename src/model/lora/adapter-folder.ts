// Adapter folders in PEFT's layout: adapter_config.json and adapter_model.safetensors.
import type { ParameterStore } from "../../graph/parameter-store.ts";
import { encodeStore } from "../../graph/store-file.ts";
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { openSafetensors, type SafetensorsFile } from "../../shared/safetensors.ts";
import { readFolderJson } from "../config/read-folder-json.ts";
import { adaptationOf, type LoraConfig, loraConfigJson, parseLoraConfig } from "./lora-config.ts";
import { isLoraName, loraModule } from "./lora-dense.ts";

export const ADAPTER_CONFIG_FILE = "adapter_config.json";
export const ADAPTER_MODEL_FILE = "adapter_model.safetensors";

/** A module's correction, scaling * B A. */
export type LoraMatrices = {
  readonly rank: number;
  readonly scaling: number;
  /** (rank, inputs). */
  readonly a: Float32Array;
  /** (outputs, rank). */
  readonly b: Float32Array;
};

export type LoraAdapter = {
  readonly config: LoraConfig;
  /** By full module name, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly modules: ReadonlyMap<string, LoraMatrices>;
};

/**
 * Read an adapter.
 * @throws EcgError NOT_FOUND without its files; INVALID_FILE for another kind of adapter, a tensor that is none of
 * LoRA's, or ranks that the config does not say.
 */
export async function readAdapter(files: FileStore, folder: string): Promise<LoraAdapter> {
  const json = await readFolderJson(files, folder, ADAPTER_CONFIG_FILE);
  const config = parseLoraConfig(json, joinPath(folder, ADAPTER_CONFIG_FILE));
  const path = joinPath(folder, ADAPTER_MODEL_FILE);
  return readAdapterTensors(config, await openSafetensors(await files.open(path), path), path);
}

/** The matrices of an open adapter file. @throws EcgError INVALID_FILE as {@link readAdapter}. */
export async function readAdapterTensors(
  config: LoraConfig,
  file: SafetensorsFile,
  where: string,
): Promise<LoraAdapter> {
  const modules = new Map<string, LoraMatrices>();
  const names = [...file.tensors.keys()];
  const odd = names.find((name) => loraModule(name) === undefined);
  if (odd !== undefined) {
    throw new EcgError("INVALID_FILE", `${where}: expected lora_A and lora_B weights only, found ${odd}`, {
      hint: "adapters with saved modules, embeddings or DoRA vectors are not built here",
    });
  }
  for (const module of new Set(names.map((name) => loraModule(name)!))) {
    const [nameA, nameB] = ["A", "B"].map((part) => `base_model.model.${module}.lora_${part}.weight`) as [
      string,
      string,
    ];
    const [shapeA, shapeB] = [file.tensors.get(nameA)?.shape, file.tensors.get(nameB)?.shape];
    const adaptation = adaptationOf(config, module);
    if (!adaptation || shapeA?.[0] !== adaptation.rank || shapeB?.[1] !== adaptation.rank) {
      throw new EcgError(
        "INVALID_FILE",
        `${where}: expected ${module} with A (${adaptation?.rank ?? "none"}, inputs) and B (outputs, rank), ` +
          `found (${shapeA?.join(", ") ?? "none"}) and (${shapeB?.join(", ") ?? "none"})`,
        { hint: "adapter_config.json and the weights belong to different adapters" },
      );
    }
    modules.set(module, { ...adaptation, a: await file.readFloats(nameA), b: await file.readFloats(nameB) });
  }
  return { config, modules };
}

/**
 * Put an adapter's numbers into a store whose graph was built with `loraDense` and the same config.
 * @throws EcgError NOT_FOUND or SHAPE_MISMATCH naming the tensor that does not fit the model.
 */
export function loadAdapter(store: ParameterStore, adapter: LoraAdapter): void {
  const wanted = [...store.tensors.keys()].filter(isLoraName);
  const missing = wanted.find((name) => !adapter.modules.has(loraModule(name)!));
  if (missing !== undefined) {
    throw new EcgError("NOT_FOUND", `adapter: expected ${missing}, found none`, {
      hint: "the adapter was made for other modules",
    });
  }
  for (const [module, { rank, a, b }] of adapter.modules) {
    store.set(`base_model.model.${module}.lora_A.weight`, a, [rank, a.length / rank]);
    store.set(`base_model.model.${module}.lora_B.weight`, b, [b.length / rank, rank]);
  }
}

/** The adapter that a store holds, its arrays shared with the store. */
export function adapterOfStore(store: ParameterStore, config: LoraConfig): LoraAdapter {
  const modules = new Map<string, LoraMatrices>();
  for (const name of store.tensors.keys()) {
    const module = loraModule(name);
    const adaptation = module === undefined ? undefined : adaptationOf(config, module);
    if (module === undefined || !adaptation || modules.has(module)) continue;
    const values = (part: string): Float32Array =>
      store.get(`base_model.model.${module}.lora_${part}.weight`).values as Float32Array;
    modules.set(module, { ...adaptation, a: values("A"), b: values("B") });
  }
  return { config, modules };
}

/** The two files of a store's adapter, as PEFT, vLLM and llama.cpp read them. */
export function encodeAdapter(
  store: ParameterStore,
  config: LoraConfig,
): { readonly config: string; readonly model: Uint8Array } {
  return {
    config: `${JSON.stringify(loraConfigJson(config), null, 2)}\n`,
    model: encodeStore(store, { includes: isLoraName }),
  };
}
