// heartcare beat decode: code pairs back to a signal.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { type BeatCodes, parseBeatCodes } from "../../beat/beat-codes.ts";
import { openBeat } from "../../beat/node/open-beat.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { BEAT_MODEL_HELP } from "../beat-model-help.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { writeSignal } from "../write-signal.ts";

type Flags = {
  readonly model?: string;
  readonly out: string;
  readonly threads?: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerBeatDecode(parent: Command): void {
  parent
    .command("decode <codes>")
    .description("the signal that codes stand for; <codes> is JSON or JSON Lines as `beat encode` writes it")
    .requiredOption("--out <file>", "signal.npy or signal.csv; a folder of .npy files for several recordings")
    .option("--model <dir>", BEAT_MODEL_HELP)
    .option("--threads <n>", "threads", wholeNumber(1))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat encode ludb/data/51 --out codes.jsonl\n  heartcare beat decode codes.jsonl --out decoded.csv\n  mV where the codes carry leadMeanMv and leadSdMv, z-scores otherwise; 250 Hz.",
    )
    .action(decode);
}

async function decode(path: string, flags: Flags): Promise<void> {
  const records = await readCodes(path);
  const { tokenizer } = await openBeat(flags.model, flags);
  const written = [];
  try {
    for (const { id, codes } of records) {
      const decoded = await tokenizer.decode(codes);
      const several = records.length > 1;
      const file = several ? join(flags.out, `${id.replace(/[^A-Za-z0-9_-]+/g, "-")}.npy`) : flags.out;
      await writeSignal(file, STANDARD_LEADS, decoded);
      const { unit, samplingRateHz, signal, startSample } = decoded;
      written.push({ id, file, unit, samplingRateHz, sampleCount: signal.sampleCount, startSample });
    }
  } finally {
    await tokenizer.dispose();
  }
  if (flags.json) return printJson({ leads: STANDARD_LEADS, written });
  for (const { file, unit, samplingRateHz, sampleCount } of written) {
    printLine(
      `${file}: ${STANDARD_LEADS.length} leads x ${sampleCount} samples at ${samplingRateHz} Hz, ${unit}`,
    );
  }
}

async function readCodes(path: string): Promise<{ id: string; codes: BeatCodes[] }[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a file of codes, found none`, { cause });
  });
  return toRecords(parseText(text, path)).map((record, index) => {
    const { id, segments } = (record ?? {}) as { id?: unknown; segments?: unknown };
    return { id: String(id ?? index), codes: parseBeatCodes(segments, `${path}: record ${index}: segments`) };
  });
}

function parseText(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return {
        records: text
          .trim()
          .split("\n")
          .map((line): unknown => JSON.parse(line)),
      };
    } catch (error) {
      throw new EcgError("INVALID_FILE", `${path}: expected JSON or JSON Lines, got ${errorMessage(error)}`, {
        cause: error,
      });
    }
  }
}

/** A document of records, one record, or bare segments. */
function toRecords(value: unknown): unknown[] {
  if (Array.isArray(value)) return [{ segments: value }];
  const { records } = (value ?? {}) as { records?: unknown };
  return Array.isArray(records) ? records : [value];
}
