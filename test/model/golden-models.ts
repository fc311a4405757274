// Reference outputs of tiny checkpoints beside the repository: every folder with an expected.json becomes a case.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readNpy } from "../../src/shared/npy.ts";

export const GOLDEN_MODELS: string = fileURLToPath(
  new URL("../../../shared/golden/models/", import.meta.url),
);

/** Paths of the folders whose expected.json says `kind`; none where the goldens are absent. */
export function goldenFolders(kind: string): string[] {
  if (!existsSync(GOLDEN_MODELS)) return [];
  return readdirSync(GOLDEN_MODELS)
    .filter((name) => existsSync(`${GOLDEN_MODELS}${name}/expected.json`))
    .filter((name) => readExpected<{ kind?: string }>(name).kind === kind);
}

export function readExpected<T>(folder: string): T {
  return JSON.parse(readFileSync(`${GOLDEN_MODELS}${folder}/expected.json`, "utf8")) as T;
}

export function readArray(folder: string, file: string): { data: Float32Array; shape: readonly number[] } {
  const { data, shape } = readNpy(readFileSync(`${GOLDEN_MODELS}${folder}/${file}`));
  return { data: data as Float32Array, shape };
}

/** Largest absolute difference over the rows (all axes but the last) where the mask is 1. */
export function worstDifference(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  rowMask?: readonly number[],
): number {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY;
  const rows = rowMask?.length ?? 1;
  const width = want.length / rows;
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    if (rowMask && rowMask[Math.floor(i / width)] === 0) continue;
    const difference = Math.abs(got[i]! - want[i]!);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return worst;
}
