// writeHeartcareFolder: a trained model as a folder that `openHeartcare` reads and whose language model is a Hugging Face folder. Node only.
import { join } from "node:path";
import type { ParameterStore } from "../../../graph/parameter-store.ts";
import { encodeStore } from "../../../graph/store-file.ts";
import { writeFileAtomic } from "../../../shared/write-file-atomic.ts";
import { type LanguageConfig, languageConfigJson } from "../../config/language-config.ts";
import { type ImagePreparation, type VisionConfig, visionConfigJson } from "../../config/vision-config.ts";
import { ADAPTER_CONFIG_FILE, ADAPTER_MODEL_FILE, encodeAdapter } from "../../lora/adapter-folder.ts";
import type { LoraConfig } from "../../lora/lora-config.ts";
import type { TextTokenizer } from "../../tokenizer/load-tokenizer.ts";
import { writeModelFolder } from "../../weights/node/write-model-folder.ts";
import { HEARTCARE_FILE, type HeartcareConfig, PROJECTORS_FILE, VISION_FOLDER } from "../heartcare-config.ts";
import { isProjectorName } from "../project-features.ts";

export type HeartcareFolderContent = {
  readonly store: ParameterStore;
  readonly heartcare: HeartcareConfig;
  readonly language: LanguageConfig;
  readonly tokenizer: TextTokenizer;
  readonly vision: VisionConfig | undefined;
  readonly preparation: ImagePreparation | undefined;
  readonly dtype?: "F32" | "F16";
  readonly card?: string;
  /** Of the low-rank adapter in the store; written in PEFT's layout beside its base. */
  readonly adapter?: LoraConfig;
};

/** Write all files. @throws EcgError WRITE_FAILED. */
export async function writeHeartcareFolder(folder: string, content: HeartcareFolderContent): Promise<void> {
  const { store, vision, preparation, dtype = "F32" } = content;
  await writeModelFolder(folder, {
    store,
    dtype,
    config: languageConfigJson(content.language),
    tokenizer: content.tokenizer.files,
    includes: (name) => name.startsWith("model.") || name.startsWith("lm_head."),
    ...(content.card === undefined ? {} : { files: { "README.md": content.card } }),
  });
  const includes = isProjectorName;
  await writeFileAtomic(join(folder, PROJECTORS_FILE), encodeStore(store, { dtype, includes }));
  if (vision) {
    await writeModelFolder(join(folder, VISION_FOLDER), {
      store,
      dtype,
      config: visionConfigJson(vision),
      includes: (name) => name.startsWith("vision_model."),
      files: preparation ? { "preprocessor_config.json": preparationJson(preparation) } : {},
    });
  }
  if (content.adapter) {
    const files = encodeAdapter(store, content.adapter);
    await writeFileAtomic(join(folder, ADAPTER_CONFIG_FILE), files.config);
    await writeFileAtomic(join(folder, ADAPTER_MODEL_FILE), files.model);
  }
  await writeFileAtomic(join(folder, HEARTCARE_FILE), `${JSON.stringify(content.heartcare, null, 2)}\n`);
}

/** preprocessor_config.json of SiglipImageProcessor. */
export function preparationJson({ width, height, rescaleFactor, mean, deviation }: ImagePreparation): string {
  const json = {
    image_processor_type: "SiglipImageProcessor",
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    resample: 3,
    rescale_factor: rescaleFactor,
    image_mean: mean,
    image_std: deviation,
    size: { width, height },
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
