// heartcare record convert: a recording as WFDB, CSV or .npy.
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { leadSamples } from "../../record/lead-matrix.ts";
import { EcgError } from "../../shared/errors.ts";
import { writeNpy } from "../../shared/npy.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { VOLTAGE_UNITS, type VoltageUnit } from "../../sources/inspect-recording.ts";
import { ecgRecordToWfdb } from "../../sources/wfdb/ecg-record-to-wfdb.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";

const TARGETS = ["wfdb", "csv", "npy"] as const;

type Flags = {
  readonly to: string;
  readonly out: string;
  readonly from?: number;
  readonly until?: number;
  readonly samplingRateHz?: number;
  readonly fileUnit?: VoltageUnit;
  readonly record?: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerRecordConvert(parent: Command): void {
  parent
    .command("convert <path>")
    .description("write the voltage leads of a recording in another format")
    .requiredOption("--to <format>", TARGETS.join(", "))
    .requiredOption("--out <dir>", "folder for the new files")
    .option("--from <s>", "first second", finiteNumber(0, true))
    .option("--until <s>", "second to stop at", finiteNumber(0))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .addOption(
      new Option("--file-unit <unit>", "unit of a file that does not state one (CSV, .npy)").choices(
        VOLTAGE_UNITS,
      ),
    )
    .option("--record <id>", "which recording of a folder or stack")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare record convert mitdb/100 --to csv --from 0 --until 10 --out converted\n  WFDB: format 16, gain chosen to keep 1 uV or finer. CSV: time in s, leads in mV. npy: float32, leads x samples, mV.",
    )
    .action(convert);
}

async function convert(path: string, flags: Flags): Promise<void> {
  const target = TARGETS.find((candidate) => candidate === flags.to);
  if (!target) throw new EcgError("USAGE", `--to: expected ${TARGETS.join(", ")}, got ${flags.to}`);
  const record = await readOneRecording(path, { ...flags, to: flags.until });
  const name = record.id.replace(/[^A-Za-z0-9_-]+/g, "-");
  const files = filesOf(record, name, target);
  for (const [file, content] of Object.entries(files)) await writeFileAtomic(join(flags.out, file), content);
  const written = Object.keys(files).map((file) => join(flags.out, file));
  if (flags.json)
    return printJson({
      files: written,
      leads: record.leads,
      sampleCount: record.signal.sampleCount,
      samplingRateHz: record.samplingRateHz,
    });
  printLine(written.join("\n"));
}

function filesOf(
  record: EcgRecord,
  name: string,
  target: (typeof TARGETS)[number],
): Record<string, Uint8Array | string> {
  const { signal } = record;
  switch (target) {
    case "wfdb":
      return ecgRecordToWfdb(record, name);
    case "csv":
      return { [`${name}.csv`]: toCsv(record) };
    case "npy":
      return {
        [`${name}.npy`]: writeNpy(signal.data, [signal.leadCount, signal.sampleCount]),
        [`${name}.json`]: `${JSON.stringify({ samplingRateHz: record.samplingRateHz, leads: record.leads, unit: "mV" })}\n`,
      };
  }
}

/** Time in seconds and one column a lead in mV; a missing sample is an empty cell. */
function toCsv(record: EcgRecord): string {
  const { signal, samplingRateHz } = record;
  const leads = record.leads.map((_, index) => leadSamples(signal, index));
  const lines = [["time (s)", ...record.leads.map((lead) => `${lead} (mV)`)].join(",")];
  for (let t = 0; t < signal.sampleCount; t++) {
    const cells = leads.map((samples) => {
      const value = samples[t] ?? Number.NaN;
      return Number.isNaN(value) ? "" : String(Number(value.toPrecision(7)));
    });
    lines.push([String(Number((t / samplingRateHz).toFixed(6))), ...cells].join(","));
  }
  return `${lines.join("\n")}\n`;
}
