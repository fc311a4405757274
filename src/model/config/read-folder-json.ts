// readFolderJson: a JSON file of a model folder, checked by a schema, with sentences that say which field is wrong.
import type { z } from "zod";
import { type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";

/**
 * A JSON file as an object.
 * @throws EcgError NOT_FOUND naming the file and the folder; INVALID_FILE when it is no JSON object.
 */
export async function readFolderJson(
  files: FileStore,
  folder: string,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const path = joinPath(folder, name);
  if (!(await files.exists(path))) {
    const found = (await files.isDirectory(folder)) ? "a folder without it" : "no such folder";
    throw new EcgError("NOT_FOUND", `${folder}: expected a model folder with ${name}, found ${found}`, {
      hint: "give the folder of a Hugging Face model: config.json, tokenizer.json and *.safetensors",
    });
  }
  const text = await readText(files, path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, found ${text.slice(0, 40)}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EcgError("INVALID_FILE", `${path}: expected a JSON object, found ${text.slice(0, 40)}`);
  }
  return value as Record<string, unknown>;
}

/**
 * Parse a value of a file at its edge.
 * @throws EcgError INVALID_FILE naming the first field that does not fit, with what was found there.
 */
export function parseFile<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>(
    (current, key) => (current as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const field = path.length > 0 ? `${where}: ${path.join(".")}` : where;
  throw new EcgError(
    "INVALID_FILE",
    `${field}: expected ${issue?.message ?? "another value"}, found ${JSON.stringify(found)}`,
  );
}
