// heartcare signal clean: resampled and cleaned signals, quality and R peaks as files.
import { join } from "node:path";
import type { Command } from "commander";
import { writeNpy } from "../../shared/npy.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { type CleanResult, cleanRecord } from "../../signal/clean-record.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";

type Flags = {
  readonly toHz: number;
  readonly from?: number;
  readonly to?: number;
  readonly mains: string;
  readonly out: string;
  readonly samplingRateHz?: number;
  readonly record?: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerSignalClean(parent: Command): void {
  parent
    .command("clean <path>")
    .description(
      "resample, clean, rate and find R peaks: resampled.npy, cleaned.npy, quality.npy, peaks.json",
    )
    .requiredOption("--to-hz <hz>", "sampling rate of the result", finiteNumber(0))
    .requiredOption("--out <dir>", "folder for the four files")
    .option("--from <s>", "first second; filters see only the chosen part", finiteNumber(0, true))
    .option("--to <s>", "second to stop at", finiteNumber(0))
    .option("--mains <hz>", "power line frequency, 50 or 60", "50")
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--record <id>", "which recording of a folder or stack")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare signal clean ludb/data/51 --to-hz 250 --from 0 --to 10 --out cleaned\n  Arrays are float32, leads x samples in the file's order; mV, quality 0-1 (NaN where it cannot be told).",
    )
    .action(clean);
}

async function clean(path: string, flags: Flags): Promise<void> {
  const record = await readOneRecording(path, { ...flags, leadOrder: "file" });
  const result = cleanRecord(record, { toHz: flags.toHz, mainsHz: flags.mains === "60" ? 60 : 50 });
  await writeResult(result, flags.out);
  const { leads, signal } = result.cleaned;
  if (flags.json) {
    return printJson({
      out: flags.out,
      samplingRateHz: flags.toHz,
      leads,
      sampleCount: signal.sampleCount,
      peaks: peaksByLead(result),
      failures: result.failures,
    });
  }
  printLine(`${flags.out}: ${leads.length} leads x ${signal.sampleCount} samples at ${flags.toHz} Hz`);
  for (const { lead, reason } of result.failures) printLine(`  ${lead}: no quality: ${reason}`);
}

async function writeResult(result: CleanResult, out: string): Promise<void> {
  const { leadCount, sampleCount } = result.cleaned.signal;
  const shape = [leadCount, sampleCount];
  await writeFileAtomic(join(out, "resampled.npy"), writeNpy(result.resampled.signal.data, shape));
  await writeFileAtomic(join(out, "cleaned.npy"), writeNpy(result.cleaned.signal.data, shape));
  await writeFileAtomic(join(out, "quality.npy"), writeNpy(result.quality.data, shape));
  await writeFileAtomic(join(out, "peaks.json"), `${JSON.stringify(peaksByLead(result))}\n`);
}

function peaksByLead(result: CleanResult): Record<string, number[]> {
  return Object.fromEntries(
    result.cleaned.leads.map((lead, index) => [lead, [...(result.peaks[index] ?? [])]]),
  );
}
