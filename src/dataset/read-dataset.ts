// Reading a dataset folder back: manifest, records, items and signals.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type QaItem, qaItemSchema } from "../qa/qa-item.ts";
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { readJsonLines } from "../shared/json-lines.ts";
import { readNpy } from "../shared/npy.ts";
import { SPLITS, type Split } from "./assign-split.ts";
import type { DatasetRecord } from "./dataset-record.ts";
import { type DatasetManifest, manifestSchema } from "./manifest.ts";

/** `manifest.json` of a dataset folder. @throws EcgError NOT_FOUND, INVALID_FILE with the first bad field. */
export async function readManifest(folder: string): Promise<DatasetManifest> {
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${folder}: expected a dataset folder with manifest.json, found none`, {
      hint: "make one with: heartcare data build <sources...> --out <dir>",
      cause,
    });
  });
  const parsed = manifestSchema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** Every recording of a dataset, in id order. */
export async function* readDatasetRecords(folder: string): AsyncGenerator<DatasetRecord> {
  yield* readJsonLines<DatasetRecord>(join(folder, "records.jsonl"));
}

/** Items of one split or of all, one at a time, each checked. */
export async function* readItems(
  folder: string,
  split?: Split,
): AsyncGenerator<{ split: Split; item: QaItem }> {
  const manifest = await readManifest(folder);
  for (const name of split ? [split] : SPLITS) {
    for (const shard of manifest.shards.filter((entry) => entry.split === name)) {
      for await (const line of readJsonLines<unknown>(join(folder, shard.jsonl))) {
        const parsed = qaItemSchema.safeParse(line);
        if (!parsed.success) {
          const issue = parsed.error.issues[0];
          throw new EcgError("INVALID_FILE", `${shard.jsonl}: ${issue?.path.join(".")}: ${issue?.message}`);
        }
        yield { split: name, item: parsed.data };
      }
    }
  }
}

/** The cleaned signal of a recording in mV, (leads, samples), rows named by `record.leads`. */
export async function readSignal(folder: string, record: DatasetRecord): Promise<LeadMatrix> {
  const path = join(folder, record.files.signal);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EcgError(
      "NOT_FOUND",
      `${path}: expected the signal of ${record.identity.recordingId}, found nothing`,
      {
        hint: "build the dataset again with --resume",
        cause,
      },
    );
  });
  const array = readNpy(bytes, path);
  const [leadCount = 0, sampleCount = 0] = array.shape;
  if (array.shape.length !== 2 || leadCount !== record.leads.length) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}: expected ${record.leads.length} leads, found shape (${array.shape.join(", ")})`,
    );
  }
  return { data: Float32Array.from(array.data), leadCount, sampleCount };
}

/** True when the folder holds a finished dataset. */
export async function isDatasetFolder(folder: string): Promise<boolean> {
  return (await stat(join(folder, "manifest.json")).catch(() => undefined)) !== undefined;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, found ${text.slice(0, 40)}`, { cause });
  }
}
