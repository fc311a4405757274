// findTensorNames: what a file calls the tensors that a graph asks for. Checkpoints of one architecture differ in
// prefixes (a model saved alone or inside a task model) and, in the oldest ones, in the names of norms.
import { EcgError } from "../../shared/errors.ts";
import type { SafetensorsFile } from "../../shared/safetensors.ts";

export type NamingRule = {
  /** The prefix that the graph's names have. "" when none. */
  readonly ownPrefix: string;
  /** Prefixes that files have in its place, the most usual first. */
  readonly filePrefixes: readonly string[];
  /** A tensor that every file has, without prefix: it tells which prefix this file uses. */
  readonly probe: string;
};

/** Qwen2 and Phi-3: `model.` in task models, nothing in a bare decoder. */
export const LANGUAGE_NAMES: NamingRule = {
  ownPrefix: "model.",
  filePrefixes: ["model.", "", "language_model.model."],
  probe: "embed_tokens.weight",
};

/** SigLIP: `vision_model.` in every file that transformers writes; inside a multimodal model it sits deeper. */
export const VISION_NAMES: NamingRule = {
  ownPrefix: "vision_model.",
  filePrefixes: ["vision_model.", "", "vision_tower.vision_model.", "model.vision_tower.vision_model."],
  probe: "embeddings.patch_embedding.weight",
};

/** BERT: `bert.` in task models, nothing in a bare encoder. */
export const TEXT_ENCODER_NAMES: NamingRule = {
  ownPrefix: "",
  filePrefixes: ["", "bert."],
  probe: "embeddings.word_embeddings.weight",
};

/**
 * A function from a graph's name to the file's name.
 * @throws EcgError NOT_FOUND when no prefix fits: the file belongs to another architecture.
 */
export function findTensorNames(
  file: SafetensorsFile,
  rule: NamingRule,
  where: string,
): (name: string) => string {
  const prefix = rule.filePrefixes.find((candidate) => file.tensors.has(candidate + rule.probe));
  if (prefix === undefined) {
    const first = [...file.tensors.keys()].slice(0, 3).join(", ") || "no tensor";
    throw new EcgError(
      "NOT_FOUND",
      `${where}: expected the tensor ${rule.ownPrefix}${rule.probe}, found ${first}`,
      {
        hint: "the weights belong to another architecture than config.json says",
      },
    );
  }
  return (name) => {
    const found = name.startsWith(rule.ownPrefix) ? prefix + name.slice(rule.ownPrefix.length) : name;
    if (file.tensors.has(found)) return found;
    // TensorFlow's names for norms, kept by the first BERT checkpoints (BioBERT among them)
    const old = found
      .replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
      .replace(/LayerNorm\.bias$/, "LayerNorm.beta");
    return file.tensors.has(old) ? old : found;
  };
}
