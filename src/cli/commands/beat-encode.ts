// heartcare beat encode: recordings to code pairs.
import type { Command } from "commander";
import { openBeat } from "../../beat/node/open-beat.ts";
import type { EncodedSegment } from "../../beat/tokenizer.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { toJsonLines } from "../../shared/json-lines.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { openSource } from "../../sources/open-source.ts";
import { BEAT_MODEL_HELP } from "../beat-model-help.ts";
import { finiteNumber, wholeNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";

type Flags = {
  readonly model?: string;
  readonly record?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
  readonly samplingRateHz?: number;
  readonly prepared?: boolean;
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerBeatEncode(parent: Command): void {
  parent
    .command("encode <path>")
    .description("code pairs of every 4 s of a recording, or of all recordings of a folder")
    .option("--model <dir>", BEAT_MODEL_HELP)
    .option("--record <id>", "one recording of a folder or stack")
    .option("--from <s>", "first second (one recording)", finiteNumber(0, true))
    .option("--to <s>", "second to stop at (one recording)", finiteNumber(0))
    .option("--limit <n>", "at most this many recordings", wholeNumber(1))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--prepared", "the signal is at the model's rate and cleaned already")
    .option("--threads <n>", "threads", wholeNumber(1))
    .option("--out <file>", "write JSON Lines, one recording a line")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat encode ludb/data/51 --json\n  window is in samples at the model's 250 Hz; a negative start is left padding. leadMeanMv and leadSdMv are in mV.",
    )
    .action(encode);
}

type EncodedRecord = {
  readonly id: string;
  readonly recordingId: string;
  readonly samplingRateHz: number;
  readonly segments: readonly Omit<EncodedSegment, "vectors">[];
};

async function encode(path: string, flags: Flags): Promise<void> {
  const { tokenizer } = await openBeat(flags.model, flags);
  const records: EncodedRecord[] = [];
  try {
    for await (const record of readRecords(path, flags)) {
      const segments = await tokenizer.encode(record, { prepared: flags.prepared === true });
      const { samplingRateHz } = tokenizer.config;
      const withoutVectors = segments.map(({ vectors: _vectors, ...codes }) => codes);
      const { recordingId } = record.identity;
      records.push({ id: record.id, recordingId, samplingRateHz, segments: withoutVectors });
    }
  } finally {
    await tokenizer.dispose();
  }
  if (flags.out) await writeFileAtomic(flags.out, toJsonLines(records));
  if (flags.json) printJson({ records });
  else if (flags.out) printLine(`${flags.out}: ${records.length} recordings`);
  else for (const record of records) printRecord(record);
}

async function* readRecords(path: string, flags: Flags): AsyncGenerator<EcgRecord> {
  const { samplingRateHz } = flags;
  const source = await openSource(
    diskFileStore,
    path,
    samplingRateHz === undefined ? {} : { samplingRateHz },
  );
  const references = await source.list();
  if (flags.record !== undefined || references.length === 1) return yield await readOneRecording(path, flags);
  for (const reference of references.slice(0, flags.limit)) yield source.read(reference);
}

function printRecord({ id, segments, samplingRateHz }: EncodedRecord): void {
  for (const { window, core, residual } of segments) {
    const second = (sample: number): string => (sample / samplingRateHz).toFixed(1);
    const pairs = core.map((code, index) =>
      residual.length > 0 ? `${code}.${residual[index]}` : String(code),
    );
    printLine(`${id}  ${second(window.startSample)}-${second(window.endSample)} s  ${pairs.join(" ")}`);
  }
}
