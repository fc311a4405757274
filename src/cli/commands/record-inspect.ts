// heartcare record inspect: what a file holds.
import { type Command, Option } from "commander";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { inspectRecording, VOLTAGE_UNITS, type VoltageUnit } from "../../sources/inspect-recording.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";

type Flags = {
  readonly json?: boolean;
  readonly samplingRateHz?: number;
  readonly unit: VoltageUnit | "raw";
  readonly fileUnit?: VoltageUnit;
};

/** Digits that show a tenth of a microvolt. */
const DIGITS = { mV: 4, uV: 1, V: 7, raw: 4 } as const;

/** Register the command. */
export function registerRecordInspect(parent: Command): void {
  parent
    .command("inspect <path>")
    .description("rate, channels, patient, statements and per-channel statistics of a recording")
    .option("--json", "print JSON")
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .addOption(
      new Option("--unit <unit>", "unit of the numbers shown; raw: each channel in its file's own")
        .choices([...VOLTAGE_UNITS, "raw"])
        .default("raw"),
    )
    .addOption(
      new Option("--file-unit <unit>", "unit of a file that does not state one (CSV, .npy)").choices(
        VOLTAGE_UNITS,
      ),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  heartcare record inspect records500/00000/00001_hr --json\n  heartcare record inspect records500/00000/00001_hr --unit uV\n  With --unit other than raw, a channel that is no voltage (mmHg, z-scores) is an error.",
    )
    .action(inspect);
}

async function inspect(path: string, flags: Flags): Promise<void> {
  const { samplingRateHz, unit, fileUnit } = flags;
  const found = await inspectRecording(diskFileStore, path, {
    ...(samplingRateHz === undefined ? {} : { samplingRateHz }),
    ...(unit === "raw" ? {} : { shownUnit: unit }),
    ...(fileUnit ? { unit: fileUnit } : {}),
  });
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
  const number = (value: number | null): string => (value === null ? "-" : value.toFixed(DIGITS[unit]));
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
