// Tokens of a segment as data: code pairs, where they lie, and what turns z-scores back into mV.
import { z } from "zod";
import { EcgError } from "../shared/errors.ts";
import type { BeatConfig } from "./beat-config.ts";

/** Where a segment lies in the recording, in samples at the model's rate. A negative start is left padding. */
export type CodeWindow = { readonly startSample: number; readonly endSample: number };

/** Tokens of one segment: pair q is (core[q], residual[q]). */
export type BeatCodes = {
  readonly core: readonly number[];
  /** Empty for a model of one codebook. */
  readonly residual: readonly number[];
  readonly window: CodeWindow;
  /** Mean of each lead over the window, NaN for a missing lead; absent where voltages are unknown. */
  readonly leadMeanMv?: readonly number[];
  /** SD of each lead, 0 for a flat or missing lead. */
  readonly leadSdMv?: readonly number[];
};

const numberOrMissing = z.union([z.number(), z.null()]).transform((value) => value ?? Number.NaN);
const codesShape = z.strictObject({
  core: z.array(z.int().nonnegative()),
  residual: z.array(z.int().nonnegative()),
  window: z.strictObject({ startSample: z.int(), endSample: z.int() }),
  leadMeanMv: z.array(numberOrMissing).optional(),
  leadSdMv: z.array(numberOrMissing).optional(),
});

/** Codes from JSON, where NaN is null. @throws EcgError INVALID_FILE naming the field. */
export function parseBeatCodes(value: unknown, where: string): BeatCodes[] {
  const parsed = z.array(codesShape).safeParse(value);
  if (parsed.success) return parsed.data as BeatCodes[];
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${where}: ${issue?.path.join(".") || "codes"}: ${issue?.message}`);
}

/** @throws EcgError SHAPE_MISMATCH or INVALID_OPTION for codes that the model cannot have made. */
export function checkBeatCodes(codes: BeatCodes, config: BeatConfig, where: string): void {
  const { queryCount, codebookSize, codebookLevels, inputSamples, leadCount } = config;
  const expectLength = (name: string, got: number, expected: number): void => {
    if (got === expected) return;
    throw new EcgError("SHAPE_MISMATCH", `${where}: ${name}: expected ${expected}, got ${got}`);
  };
  expectLength("core codes", codes.core.length, queryCount);
  expectLength("residual codes", codes.residual.length, codebookLevels === 2 ? queryCount : 0);
  expectLength("samples of the window", codes.window.endSample - codes.window.startSample, inputSamples);
  if (codes.leadMeanMv) expectLength("leadMeanMv", codes.leadMeanMv.length, leadCount);
  if (codes.leadSdMv) expectLength("leadSdMv", codes.leadSdMv.length, leadCount);
  const outside = [...codes.core, ...codes.residual].find(
    (code) => !Number.isInteger(code) || code < 0 || code >= codebookSize,
  );
  if (outside === undefined) return;
  throw new EcgError(
    "INVALID_OPTION",
    `${where}: expected codes from 0 to ${codebookSize - 1}, got ${outside}`,
  );
}
