// StatementHead: the log odds of every statement, read linearly off the hidden state behind a recording (the paper's
// auxiliary labels, A); statements.safetensors of a model folder. What the language model learned to tell of a recording long
// before it learned to say it in words.
import type { StatementKey } from "../../record/statement.ts";
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { encodeSafetensors, openSafetensors, type SafetensorsFile } from "../../shared/safetensors.ts";

export const STATEMENTS_FILE = "statements.safetensors";

/** As what a recording is read: as a signal (with its picture or without), or as a picture alone. */
export const READING_PLACES = ["signal", "picture"] as const;
export type ReadingPlace = (typeof READING_PLACES)[number];

/** In training a present statement counts more, for most are absent from most recordings; its log stands in all log odds. */
export const PRESENT_WEIGHT = 3;

export type StatementHead = {
  /** Statements in the order of the rows. */
  readonly keys: readonly StatementKey[];
  /** The hidden state after so many layers is read. */
  readonly layerCount: number;
  /** (hidden): scale of the root-mean-square norm before. */
  readonly norm: Float32Array;
  /** (statements, hidden). */
  readonly weight: Float32Array;
  /** (statements). */
  readonly bias: Float32Array;
  /** (places, statements): log odds at which nothing speaks for or against; measured on training recordings. */
  readonly rest: Float32Array;
  /** (2, statements): how many of those recordings had a statement for certain, and how many surely had it not. */
  readonly recordings: Float32Array;
};

/** What is read of one statement. */
export type StatementReading = {
  /** Log odds for and against, 0 for neither; how frequent the statement is does not count. */
  readonly evidence: number;
  /** Log odds as the head was trained, frequency included. */
  readonly logOdds: number;
  /** Of how many recordings with it, or without it if those are fewer, the head was measured on. */
  readonly recordings: number;
};

/** Of Qwen2 and of the head in training. */
const EPSILON = 1e-6;

/** Log odds of each statement in a hidden state (hidden) as the head was trained, prevalence included. */
export function statementLogOdds(
  { keys, norm, weight, bias }: Pick<StatementHead, "keys" | "norm" | "weight" | "bias">,
  hidden: Float32Array,
): Float32Array {
  const size = norm.length;
  let squares = 0;
  for (const value of hidden) squares += value * value;
  const scale = 1 / Math.sqrt(squares / size + EPSILON);
  return Float32Array.from(keys, (_, row) => {
    let sum = bias[row]!;
    for (let i = 0; i < size; i++) sum += weight[row * size + i]! * hidden[i]! * scale * norm[i]!;
    return sum;
  });
}

/** {@link statementLogOdds}, and the same less those at which nothing speaks for or against. */
export function statementReadings(
  head: StatementHead,
  place: ReadingPlace,
  hidden: Float32Array,
): ReadonlyMap<StatementKey, StatementReading> {
  const { keys, rest, recordings } = head;
  const odds = statementLogOdds(head, hidden);
  const from = READING_PLACES.indexOf(place) * keys.length;
  return new Map(
    keys.map((key, row) => [
      key,
      {
        evidence: odds[row]! - rest[from + row]!,
        logOdds: odds[row]!,
        recordings: Math.min(recordings[row]!, recordings[keys.length + row]!),
      },
    ]),
  );
}

/** The bytes of statements.safetensors. */
export function encodeStatementHead(head: StatementHead, dtype: "F32" | "F16" = "F32"): Uint8Array {
  const { keys, norm, weight, bias, rest, recordings } = head;
  const rows = keys.length;
  return encodeSafetensors(
    {
      norm: { shape: [norm.length], data: norm, dtype },
      weight: { shape: [rows, norm.length], data: weight, dtype },
      bias: { shape: [rows], data: bias, dtype },
      rest: { shape: [READING_PLACES.length, rows], data: rest, dtype },
      recordings: { shape: [2, rows], data: recordings, dtype },
    },
    { format: "pt", layerCount: String(head.layerCount), statements: JSON.stringify(keys) },
  );
}

/**
 * The head of a folder; undefined for a model that has none.
 * @throws EcgError INVALID_FILE, SHAPE_MISMATCH naming what does not fit the language model.
 */
export async function readStatementHead(
  files: FileStore,
  folder: string,
  language: { readonly hiddenSize: number; readonly layerCount: number },
): Promise<StatementHead | undefined> {
  const path = joinPath(folder, STATEMENTS_FILE);
  if (!(await files.exists(path))) return undefined;
  const file = await openSafetensors(await files.open(path), path);
  const keys = JSON.parse(file.metadata["statements"] ?? "[]") as StatementKey[];
  const layerCount = Number(file.metadata["layerCount"]);
  if (keys.length === 0 || !(layerCount >= 1 && layerCount <= language.layerCount)) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}: expected statements and 1 to ${language.layerCount} layers in its metadata, found ${keys.length} statements and ${file.metadata["layerCount"]} layers`,
    );
  }
  const rows = keys.length;
  const tensor = (name: string, shape: readonly number[]): Promise<Float32Array> =>
    readShaped(file, name, shape, path);
  return {
    keys,
    layerCount,
    norm: await tensor("norm", [language.hiddenSize]),
    weight: await tensor("weight", [rows, language.hiddenSize]),
    bias: await tensor("bias", [rows]),
    rest: await tensor("rest", [READING_PLACES.length, rows]),
    recordings: await tensor("recordings", [2, rows]),
  };
}

async function readShaped(
  file: SafetensorsFile,
  name: string,
  shape: readonly number[],
  path: string,
): Promise<Float32Array> {
  const found = file.tensors.get(name)?.shape;
  if (found?.join() !== shape.join()) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `${path}: expected ${name} (${shape.join(", ")}), found ${found ? `(${found.join(", ")})` : "none"}`,
      { hint: "the file belongs to another model" },
    );
  }
  return file.readFloats(name);
}
