// A random HeartcareGPT of a few thousand weights as a folder on disk, its signal tokenizer inside, and ECGs to show it.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBeat } from "../../src/beat/beat-checkpoint.ts";
import type { BeatConfig } from "../../src/beat/beat-config.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { layoutPage } from "../../src/images/build-page.ts";
import type { PagePicture } from "../../src/images/segment/read-ink.ts";
import type { ImagePreparation } from "../../src/model/config/vision-config.ts";
import { buildHeartcare } from "../../src/model/dspa/build-heartcare.ts";
import type { HeartcareConfig } from "../../src/model/dspa/heartcare-config.ts";
import type { HeartcareModel } from "../../src/model/dspa/heartcare-model.ts";
import { openHeartcare } from "../../src/model/dspa/node/open-heartcare.ts";
import { writeHeartcareFolder } from "../../src/model/dspa/node/write-heartcare-folder.ts";
import { addTokens, ECG_TOKENS } from "../../src/model/tokenizer/grow-vocabulary.ts";
import { createTokenizer } from "../../src/model/tokenizer/load-tokenizer.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { sliceSamples } from "../../src/record/lead-matrix.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { createRng } from "../../src/shared/rng.ts";
import { writeFileAtomic } from "../../src/shared/write-file-atomic.ts";
import { TINY_BEAT, tinyStore } from "../beat/tiny-beat.ts";
import { pictureOf } from "../images/segment/render-picture.ts";
import { TINY_QWEN2, TINY_VISION, tinyTokenizer } from "./tiny-models.ts";

/** The tiny tokenizer at the rate that signals are prepared at. */
const BEAT: BeatConfig = {
  ...TINY_BEAT,
  samplingRateHz: 250,
  inputSamples: 1000,
  predictionSamples: 500,
  patchSamples: 50,
};

export const TINY_HEARTCARE: HeartcareConfig = {
  formatVersion: 1,
  signal: {
    tokenizer: "tiny-beat",
    queryCount: BEAT.queryCount,
    dimension: BEAT.dimension,
    inputSamples: BEAT.inputSamples,
    samplingRateHz: BEAT.samplingRateHz,
    leadCount: BEAT.leadCount,
    scaleToken: true,
  },
  image: { segmentation: true, tileSeconds: 2.5, tileHeightMv: 4 },
  measuredText: true,
};

const PREPARATION: ImagePreparation = {
  width: TINY_VISION.imageSize,
  height: TINY_VISION.imageSize,
  rescaleFactor: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
};

export type TinyHeartcareOptions = {
  readonly seed?: string;
  readonly heartcare?: HeartcareConfig;
  /** False: signals only. */
  readonly vision?: boolean;
};

/** Write a folder and give its path. */
export async function writeTinyHeartcare(options: TinyHeartcareOptions = {}): Promise<string> {
  const { seed = "heartcare", heartcare = TINY_HEARTCARE } = options;
  const folder = join(mkdtempSync(join(tmpdir(), "heartcare-model-")), "tiny");
  const { tokenizer } = addTokens(createTokenizer(tinyTokenizer()), ECG_TOKENS);
  const language = {
    ...TINY_QWEN2,
    vocabularySize: tokenizer.size,
    maxPositions: 2048,
    endTokenIds: [tokenizer.idOf("<|im_end|>") ?? 0],
  };
  const vision = options.vision === false ? undefined : TINY_VISION;
  const graph = createGraph();
  const sizes = { batch: 1, tokens: 2, segments: 1, images: vision ? 1 : 0 };
  buildHeartcare(graph, { language, vision, heartcare }, sizes).targetLogits(1);
  const store = createParameterStore(graph, { seed });
  const preparation = vision ? PREPARATION : undefined;
  await writeHeartcareFolder(folder, { store, heartcare, language, tokenizer, vision, preparation });
  const beat = encodeBeat(BEAT, tinyStore(BEAT));
  await writeFileAtomic(join(folder, "beat", "model.safetensors"), beat.model);
  await writeFileAtomic(join(folder, "beat", "config.json"), beat.config);
  return folder;
}

/** Written and opened, on one thread. The caller disposes it. */
export async function openTinyHeartcare(options: TinyHeartcareOptions = {}): Promise<HeartcareModel> {
  return openHeartcare(await writeTinyHeartcare(options), { threads: 1 });
}

/** Ten seconds of sinus rhythm at 500 Hz of a man of 65. */
export function exampleEcg(seed: string, options: { seconds?: number; bpm?: number } = {}): EcgRecord {
  const { seconds = 10, bpm = 70 } = options;
  const whole = { seed, samplingRateHz: 500, durationSeconds: Math.max(10, seconds), heartRateBpm: bpm };
  const made = synthesizeEcg(whole);
  const signal = sliceSamples(made.signal, 0, Math.round(seconds * 500));
  return { ...made, id: seed, signal, patient: { ageYears: 65, sex: "male" } };
}

/** Its page at 100 dpi. */
export function examplePage(record: EcgRecord): PagePicture {
  return pictureOf(layoutPage(record, {}), 100);
}

/** A colourful picture of something else: bright blobs over a gradient. */
export function photograph(): PagePicture {
  const [widthPx, heightPx] = [320, 240];
  const rng = createRng("photograph");
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.floor(i / 3);
    const slope = (pixel % widthPx) / widthPx + Math.floor(pixel / widthPx) / heightPx;
    pixels[i] = Math.min(255, Math.max(0, 110 * slope + 25 * rng.normal() + 20 * (i % 3)));
  }
  return { widthPx, heightPx, channels: 3, pixels };
}
