// heartcare record inspect: what a file holds.
import type { Command } from "commander";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { inspectRecording } from "../../sources/inspect-recording.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";

type Flags = { readonly json?: boolean; readonly samplingRateHz?: number };

/** Register the command. */
export function registerRecordInspect(parent: Command): void {
  parent
    .command("inspect <path>")
    .description("rate, channels, patient, statements and per-channel statistics of a recording")
    .option("--json", "print JSON")
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .addHelpText(
      "after",
      "\nExample:\n  heartcare record inspect records500/00000/00001_hr --json\n  Statistics are in the unit of each channel (mV for voltages as stored).",
    )
    .action(inspect);
}

async function inspect(path: string, flags: Flags): Promise<void> {
  const found = await inspectRecording(diskFileStore, path, flags);
  if (flags.json) return printJson(found);
  const { patient } = found;
  printLine(`${path}  (${found.format})`);
  printLine(
    `${found.samplingRateHz} Hz, ${found.sampleCount} samples, ${found.durationSeconds.toFixed(2)} s, ${found.leads.length} channels`,
  );
  printLine(
    `patient: ${[patient.id, patient.ageYears === undefined ? undefined : `${patient.ageYears} years`, patient.sex].filter((part) => part !== undefined).join(", ") || "not stated"}`,
  );
  printLine(
    `statements: ${found.statements.map((statement) => `${statement.name}${statement.likelihood === null ? "" : ` (${statement.likelihood})`}`).join("; ") || "none"}`,
  );
  printLine("");
  const number = (value: number | null): string => (value === null ? "-" : value.toFixed(4));
  printTable(
    ["channel", "unit", "mean", "SD", "missing", "first samples"],
    found.leads.map((lead) => [
      lead.name,
      lead.unit,
      number(lead.mean),
      number(lead.std),
      lead.nanCount,
      lead.head.map(number).join(" "),
    ]),
  );
}
