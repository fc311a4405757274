// exportHeartcare: a HeartcareGPT folder as a folder for other programs: its language model, and what turns signals and
// pictures into rows of a prompt. Node only.
import { join } from "node:path";
import { exportModel } from "../../../graph/export-model.ts";
import { inspectModel } from "../../../graph/onnx/inspect-model.ts";
import { type FileStore, joinPath, readAll } from "../../../shared/byte-source.ts";
import { diskFileStore } from "../../../shared/disk-file-store.ts";
import { writeFileAtomic } from "../../../shared/write-file-atomic.ts";
import { readLanguageConfig } from "../../config/read-model-config.ts";
import type { OnnxPort } from "../../export/encode-language-onnx.ts";
import {
  type ExportLanguageModelOptions,
  exportLanguageModel,
} from "../../export/node/export-language-model.ts";
import { loadTokenizer } from "../../tokenizer/load-tokenizer.ts";
import { promptFrame } from "../build-prompt.ts";
import { imageProgram, segmentProgram } from "../feature-encoder.ts";
import {
  BEAT_FOLDER,
  HEARTCARE_FILE,
  type HeartcareConfig,
  PROJECTORS_FILE,
  readHeartcareConfig,
  tilesPerImage,
  VISION_FOLDER,
  vectorsPerSegment,
} from "../heartcare-config.ts";
import { type LoadedFeatures, loadFeatures } from "../load-heartcare-model.ts";
import { STATEMENTS_FILE } from "../statement-head.ts";

export const SEGMENT_ONNX = "signal_projector.onnx";
export const IMAGE_ONNX = "image_encoder.onnx";
export const FEATURES_JSON = "features.json";

export type ExportedHeartcare = {
  readonly out: string;
  /** Paths of the files written, from `out`. */
  readonly files: readonly string[];
  /** Parameters of the language model. */
  readonly parameterCount: number;
  readonly mergedModules: number;
};

/** What `features.json` says: how rows for `inputs_embeds` are made, and where they stand. */
export type FeatureDescription = {
  readonly format: "heartcare-features-onnx";
  readonly version: 1;
  readonly heartcare: HeartcareConfig;
  readonly files: Readonly<
    Record<string, { readonly inputs: readonly OnnxPort[]; readonly outputs: readonly OnnxPort[] }>
  >;
  /** Ids that stand before a segment's rows, a picture's rows, the context, and for a forecast. */
  readonly tokens: {
    readonly sig: number;
    readonly img: number;
    readonly text: number;
    readonly pred: number;
  };
  readonly vectorsPerSegment: number;
  readonly vectorsPerImage: number;
  readonly image: LoadedFeatures["preparation"] | null;
  readonly notes: readonly string[];
};

const NOTES = [
  "Prompt: chat template's opening of the user's turn; for each segment <sig> and its rows; for each picture <img> and its rows; <text> and the context; a line end; the question; the template's closing. Two recordings: `First ECG:` and `Second ECG:` before theirs.",
  "vectors are the quantised query vectors of one segment of the signal tokenizer, as its encoder.onnx gives them (heartcare beat export --onnx).",
  "scales: log(SD in mV / 0.2), cut to -4 to 4, of each lead, then 1 for each lead that has one; zeros where voltages are unknown or a lead is flat or missing.",
  "rows take the place of as many rows of inputs_embeds in decoder.onnx.",
];

/** What `patches` are. */
function patchesNote({ image }: HeartcareConfig): string {
  const tiles = image.segmentation
    ? "lead tiles in canonical order"
    : "one tile, the whole page scaled to it: 255 paper, 0 ink, without the grid's tint, each pixel as dark as its darkest ink";
  return `patches: ${tiles}, (pixel * rescaleFactor - mean) / deviation, in rows of patchSize x patchSize pixels.`;
}

/**
 * `hf`: the Hugging Face folder of the language model, with projectors, vision encoder and heartcare.json beside it, so
 * that it is a HeartcareGPT folder again. `onnx`: decoder and embedder, the projector of segments, the encoder of pictures,
 * and features.json. An adapter is merged.
 * @throws EcgError as `exportLanguageModel` and `loadHeartcareModel`. What can be checked is checked before anything is written.
 */
export async function exportHeartcare(
  folder: string,
  out: string,
  options: ExportLanguageModelOptions,
): Promise<ExportedHeartcare> {
  const { files = diskFileStore, to } = options;
  const config = await readHeartcareConfig(files, folder);
  const { hiddenSize } = await readLanguageConfig(files, folder);
  const features = await loadFeatures(files, folder, { config, hiddenSize });
  const tokenizer = await loadTokenizer(files, folder);
  const frame = promptFrame(tokenizer, joinPath(folder, "tokenizer.json"));
  const parts =
    to === "onnx"
      ? encodeFeatures(config, features, { hiddenSize, frame })
      : await readParts(files, folder, features);
  const language = await exportLanguageModel(folder, out, options);
  for (const [name, content] of Object.entries(parts)) await writeFileAtomic(join(out, name), content);
  return { ...language, files: [...language.files, ...Object.keys(parts)].sort() };
}

async function readParts(
  files: FileStore,
  folder: string,
  { vision }: LoadedFeatures,
): Promise<Record<string, Uint8Array>> {
  const hasStatements = await files.exists(joinPath(folder, STATEMENTS_FILE));
  const names = [HEARTCARE_FILE, PROJECTORS_FILE, ...(hasStatements ? [STATEMENTS_FILE] : [])];
  const folders = [...(vision ? [VISION_FOLDER] : []), BEAT_FOLDER];
  for (const part of folders) {
    const path = joinPath(folder, part);
    if (!(await files.isDirectory(path))) continue;
    names.push(...(await files.list(path)).map((name) => `${part}/${name}`));
  }
  const parts: Record<string, Uint8Array> = {};
  for (const name of names) parts[name] = await readAll(files, joinPath(folder, name));
  return parts;
}

function encodeFeatures(
  heartcare: HeartcareConfig,
  { store, vision, preparation }: LoadedFeatures,
  { hiddenSize, frame }: { readonly hiddenSize: number; readonly frame: ReturnType<typeof promptFrame> },
): Record<string, Uint8Array | string> {
  const sizes = { heartcare, hiddenSize, standardOperators: true };
  const models: Record<string, Uint8Array> = {
    [SEGMENT_ONNX]: exportModel({ outputs: segmentProgram(sizes), store }),
    ...(vision ? { [IMAGE_ONNX]: exportModel({ outputs: imageProgram({ ...sizes, vision }), store }) } : {}),
  };
  const description: FeatureDescription = {
    format: "heartcare-features-onnx",
    version: 1,
    heartcare,
    files: Object.fromEntries(
      Object.entries(models).map(([name, bytes]) => {
        const { inputs, outputs } = inspectModel(bytes, name);
        return [name, { inputs, outputs }];
      }),
    ),
    tokens: { sig: frame.sig, img: frame.img, text: frame.text, pred: frame.pred },
    vectorsPerSegment: vectorsPerSegment(heartcare),
    vectorsPerImage: tilesPerImage(heartcare),
    image: preparation ?? null,
    notes: [...NOTES.slice(0, -1), patchesNote(heartcare), ...NOTES.slice(-1)],
  };
  return { ...models, [FEATURES_JSON]: `${JSON.stringify(description, null, 2)}\n` };
}
