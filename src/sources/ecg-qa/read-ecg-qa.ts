// Reads ECG-QA's JSON files into typed entries. Format: Jwoo5/ecg-qa v1.0.2.
import { z } from "zod";
import { type FileStore, readText } from "../../shared/byte-source.ts";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { walkFiles } from "../walk-files.ts";
import { ECG_QA_ATTRIBUTE_TYPES, ECG_QA_QUESTION_TYPES, type EcgQaEntry } from "./ecg-qa-entry.ts";

const id = z.int().nonnegative();

/** Unknown keys are let through: later releases add some (`attribute` itself came late). */
const entrySchema = z.object({
  template_id: z.int().min(1).max(70),
  question_id: id,
  sample_id: id,
  question_type: z.enum(ECG_QA_QUESTION_TYPES),
  attribute_type: z.enum(ECG_QA_ATTRIBUTE_TYPES),
  question: z.string().min(1),
  answer: z.array(z.string()).min(1),
  ecg_id: z.array(id).min(1).max(2),
  attribute: z.array(z.string()).nullish(),
});

/**
 * Every entry of one file.
 *
 * @throws EcgError INVALID_FILE for text that is no JSON list, or for an entry that is not as ECG-QA has it
 *   (names the entry, the field and what it found).
 */
export async function readEcgQaFile(store: FileStore, path: string): Promise<EcgQaEntry[]> {
  const place = placeOf(path);
  const dataSet = path.split("/").some((folder) => /^mimic/i.test(folder)) ? "mimic-iv-ecg" : "ptbxl";
  return parseList(await readText(store, path), path).map((value, index): EcgQaEntry => {
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) throw badEntry(path, index, parsed.error);
    const entry = parsed.data;
    return {
      templateId: entry.template_id,
      questionId: entry.question_id,
      sampleId: entry.sample_id,
      questionType: entry.question_type,
      attributeType: entry.attribute_type,
      question: entry.question,
      answers: entry.answer,
      ecgIds: entry.ecg_id,
      recordingIds: entry.ecg_id.map((ecgId) => `${dataSet}:${ecgId}`),
      ...(entry.attribute && { attributes: entry.attribute }),
      ...place,
      origin: { path, index },
    };
  });
}

/** The JSON files of an ECG-QA folder, in a stable order; a file stands for itself. */
export async function listEcgQaFiles(store: FileStore, path: string): Promise<string[]> {
  if (!(await store.isDirectory(path))) return [path];
  const files = await walkFiles(store, path, (name) => name.endsWith(".json"));
  const kept: string[] = [];
  for (const file of files) if (await isEcgQa(store, file)) kept.push(file);
  if (kept.length > 0) return kept;
  throw new EcgError("NOT_FOUND", `${path}: expected ECG-QA's JSON files, found none`, {
    hint: "give the folder that holds paraphrased/ and template/",
  });
}

/** Every entry of a file or folder, file by file, so that one file at a time is in memory. */
export async function* readEcgQa(store: FileStore, path: string): AsyncGenerator<EcgQaEntry> {
  for (const file of await listEcgQaFiles(store, path)) yield* await readEcgQaFile(store, file);
}

/** True for a JSON list whose first entry has ECG-QA's keys; only the beginning of the file is read. */
export async function isEcgQa(store: FileStore, path: string): Promise<boolean> {
  const source = await store.open(path);
  const head = new TextDecoder().decode(await source.read(0, 2048)).replace(/^\uFEFF/, "");
  const first = head.split("}")[0] ?? "";
  return (
    /^\s*\[\s*\{/.test(first) &&
    ["template_id", "question_type", "ecg_id"].every((key) => first.includes(`"${key}"`))
  );
}

function parseList(text: string, path: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, got ${errorMessage(cause)}`, {
      hint: "the file looks truncated; fetch it again",
      cause,
    });
  }
  if (Array.isArray(value)) return value;
  throw new EcgError("INVALID_FILE", `${path}: expected a list of questions, found ${typeof value}`);
}

function badEntry(path: string, index: number, error: z.ZodError): EcgError {
  const issue = error.issues[0];
  return new EcgError(
    "INVALID_FILE",
    `${path}, entry ${index}, ${issue?.path.join(".") || "entry"}: expected an ECG-QA question, ${issue?.message ?? ""}`,
    { hint: "see the keys of Jwoo5/ecg-qa v1.0.2", details: { index }, cause: error },
  );
}

function placeOf(path: string): Pick<EcgQaEntry, "split" | "wording"> {
  const folders = path.split("/");
  const split = (["train", "valid", "test"] as const).find((name) => folders.includes(name));
  const wording = (["template", "paraphrased"] as const).find((name) => folders.includes(name));
  return { ...(split && { split }), ...(wording && { wording }) };
}
