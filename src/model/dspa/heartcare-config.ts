// HeartcareConfig: how signals and images enter a language model (paper 4.2, DSPA); heartcare.json of a model folder.
import { z } from "zod";
import type { AmplitudeUnit } from "../../images/default-gain.ts";
import { type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { parseFile } from "../config/read-folder-json.ts";

export const HEARTCARE_FILE = "heartcare.json";
export const PROJECTORS_FILE = "projectors.safetensors";
export const VISION_FOLDER = "vision";
/** Where a model carries the signal tokenizer that it was trained with. */
export const BEAT_FOLDER = "beat";

export type HeartcareConfig = {
  readonly formatVersion: 1;
  /** Sizes of the tokenizer whose vectors are read, and the checkpoint that was used. */
  readonly signal: {
    readonly tokenizer: string;
    readonly queryCount: number;
    readonly dimension: number;
    readonly inputSamples: number;
    readonly samplingRateHz: number;
    readonly leadCount: number;
    /** One more vector a segment, made from the log of each lead's SD: a z-score hides voltage. */
    readonly scaleToken: boolean;
  };
  readonly image: {
    /** True: twelve lead tiles, each encoded on its own. False: the page uncut, one tile and one vector. */
    readonly segmentation: boolean;
    /** Seconds and mV that a lead tile stands for. */
    readonly tileSeconds: number;
    readonly tileHeightMv: number;
    /** Standard deviations that it stands for where a recording is z-scored. Left out: as many as mV. */
    readonly tileHeightSd?: number | undefined;
    /** Seconds of one more tile behind the leads, a rhythm strip. Left out: there is none. */
    readonly rhythmSeconds?: number | undefined;
    /** What was measured on a page's traces goes in as text, as it does of a signal. Left out: it does not. */
    readonly measuredText?: boolean | undefined;
  };
  /** Measured intervals and their rule-based reading go in as text behind `<text>`. */
  readonly measuredText: boolean;
};

const positive = z.number().positive("a number above 0");
const count = z.int("a whole number").positive("a number above 0");

const schema: z.ZodType<HeartcareConfig> = z.strictObject({
  formatVersion: z.literal(1),
  signal: z.strictObject({
    tokenizer: z.string(),
    queryCount: count,
    dimension: count,
    inputSamples: count,
    samplingRateHz: positive,
    leadCount: count,
    scaleToken: z.boolean(),
  }),
  image: z.strictObject({
    segmentation: z.boolean(),
    tileSeconds: positive,
    tileHeightMv: positive,
    tileHeightSd: positive.optional(),
    rhythmSeconds: positive.optional(),
    measuredText: z.boolean().optional(),
  }),
  measuredText: z.boolean(),
});

/** Tiles that one picture gives: each lead and the rhythm strip, or the whole page. */
export function tilesPerImage(config: HeartcareConfig): number {
  return config.image.segmentation ? leadTilesPerImage(config) : 1;
}

/** Tiles that a picture gives where it is cut: each lead, and the rhythm strip where there is one. */
export function leadTilesPerImage({ image, signal }: HeartcareConfig): number {
  return signal.leadCount + (image.rhythmSeconds === undefined ? 0 : 1);
}

/** How many of a record's or page's units the height of a tile stands for. */
export function tileHeight({ image }: HeartcareConfig, unit: AmplitudeUnit): number {
  return unit === "SD" ? (image.tileHeightSd ?? image.tileHeightMv) : image.tileHeightMv;
}

/** Vectors that one segment gives. */
export function vectorsPerSegment({ signal }: HeartcareConfig): number {
  return signal.queryCount + (signal.scaleToken ? 1 : 0);
}

/**
 * Read heartcare.json of a folder.
 * @throws EcgError NOT_FOUND without it, INVALID_FILE for a field that does not fit.
 */
export async function readHeartcareConfig(files: FileStore, folder: string): Promise<HeartcareConfig> {
  const path = joinPath(folder, HEARTCARE_FILE);
  if (!(await files.exists(path))) {
    throw new EcgError(
      "NOT_FOUND",
      `${folder}: expected a HeartcareGPT folder with ${HEARTCARE_FILE}, found none`,
      {
        hint: "make one from a language model with: heartcare model train --stage warm-up --base <folder> --out <run>",
      },
    );
  }
  const text = await readText(files, path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, found ${text.slice(0, 40)}`, { cause });
  }
  return parseFile(schema, json, path);
}
