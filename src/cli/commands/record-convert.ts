// heartcare record convert: a recording as WFDB, CSV or .npy.
import { type Command, Option } from "commander";
import { VOLTAGE_UNITS, type VoltageUnit } from "../../sources/inspect-recording.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";
import { RECORD_FORMATS, requireFormat, writeRecord } from "../write-record.ts";

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
    .requiredOption("--to <format>", RECORD_FORMATS.join(", "))
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
  const target = requireFormat(flags.to);
  const record = await readOneRecording(path, { ...flags, to: flags.until });
  const written = await writeRecord(record, target, flags.out);
  if (flags.json)
    return printJson({
      files: written,
      leads: record.leads,
      sampleCount: record.signal.sampleCount,
      samplingRateHz: record.samplingRateHz,
    });
  printLine(written.join("\n"));
}
