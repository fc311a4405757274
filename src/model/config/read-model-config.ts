// readModelConfig: what kind of model a Hugging Face folder holds, and its sizes.
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { type LanguageConfig, parseLanguageConfig } from "./language-config.ts";
import { readFolderJson } from "./read-folder-json.ts";
import { parseTextEncoderConfig, type TextEncoderConfig } from "./text-encoder-config.ts";
import {
  type ImagePreparation,
  parseImagePreparation,
  parseVisionConfig,
  type VisionConfig,
} from "./vision-config.ts";

export type ModelConfig =
  | { readonly kind: "language"; readonly config: LanguageConfig }
  | { readonly kind: "vision"; readonly config: VisionConfig }
  | { readonly kind: "text-encoder"; readonly config: TextEncoderConfig };

type Kind = ModelConfig["kind"];

const KINDS: Readonly<Record<string, Kind>> = {
  qwen2: "language",
  phi3: "language",
  siglip: "vision",
  siglip_vision_model: "vision",
  bert: "text-encoder",
};

const CONFIG_FILE = "config.json";

/**
 * Read config.json and dispatch on its `model_type`.
 * @throws EcgError NOT_FOUND for a folder without config.json; UNSUPPORTED_FORMAT for an architecture that is not
 * built here; INVALID_FILE for a malformed field.
 */
export async function readModelConfig(files: FileStore, folder: string): Promise<ModelConfig> {
  const json = await readFolderJson(files, folder, CONFIG_FILE);
  const where = joinPath(folder, CONFIG_FILE);
  switch (kindOf(json, where)) {
    case "language":
      return { kind: "language", config: parseLanguageConfig(json, where) };
    case "vision":
      return { kind: "vision", config: parseVisionConfig(json, where) };
    case "text-encoder":
      return { kind: "text-encoder", config: parseTextEncoderConfig(json, where) };
  }
}

/** @throws EcgError as {@link readModelConfig}; INVALID_OPTION when the folder holds another kind of model. */
export async function readLanguageConfig(files: FileStore, folder: string): Promise<LanguageConfig> {
  const found = await readModelConfig(files, folder);
  if (found.kind === "language") return found.config;
  throw wrongKind(folder, "a language model (qwen2, phi3)", found.kind);
}

/** The encoder's sizes and how images are prepared for it. @throws EcgError as {@link readLanguageConfig}. */
export async function readVisionConfig(
  files: FileStore,
  folder: string,
): Promise<{ config: VisionConfig; preparation: ImagePreparation }> {
  const found = await readModelConfig(files, folder);
  if (found.kind !== "vision") throw wrongKind(folder, "a vision encoder (siglip)", found.kind);
  const name = "preprocessor_config.json";
  const path = joinPath(folder, name);
  const json = (await files.exists(path)) ? await readFolderJson(files, folder, name) : {};
  return { config: found.config, preparation: parseImagePreparation(json, found.config, path) };
}

/** @throws EcgError as {@link readLanguageConfig}. */
export async function readTextEncoderConfig(files: FileStore, folder: string): Promise<TextEncoderConfig> {
  const found = await readModelConfig(files, folder);
  if (found.kind === "text-encoder") return found.config;
  throw wrongKind(folder, "a text encoder (bert)", found.kind);
}

function kindOf(json: Readonly<Record<string, unknown>>, where: string): Kind {
  const type = json["model_type"];
  // the first BERT checkpoints (BioBERT among them) have no model_type
  if (type === undefined && "type_vocab_size" in json && "hidden_size" in json) return "text-encoder";
  const kind = typeof type === "string" ? KINDS[type] : undefined;
  if (kind) return kind;
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${where}: expected model_type ${Object.keys(KINDS).join(", ")}, found ${JSON.stringify(type) ?? "none"}`,
    { hint: "this architecture is not built here; export it to one of these or use a remote model" },
  );
}

function wrongKind(folder: string, expected: string, found: Kind): EcgError {
  return new EcgError("INVALID_OPTION", `${folder}: expected ${expected}, found a ${found} model`);
}
