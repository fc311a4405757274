// heartcare signal measure: heart rate, intervals and axes of a recording.
import type { Command } from "commander";
import { measureIntervals } from "../../signal/measure/measure-intervals.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";

type Flags = {
  readonly from?: number;
  readonly to?: number;
  readonly samplingRateHz?: number;
  readonly record?: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerSignalMeasure(parent: Command): void {
  parent
    .command("measure <path>")
    .description("heart rate, RR, P, PR, QRS, QT, QTc and frontal axes; null where the signal does not tell")
    .option("--from <s>", "first second", finiteNumber(0, true))
    .option("--to <s>", "second to stop at", finiteNumber(0))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--record <id>", "which recording of a folder or stack")
    .option("--json", "print JSON, with every lead and beat")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare signal measure ludb/data/51 --json\n  Times in ms, amplitudes in mV, axes in degrees. Not a medical device.",
    )
    .action(measure);
}

async function measure(path: string, flags: Flags): Promise<void> {
  const record = await readOneRecording(path, flags);
  const measured = measureIntervals(record);
  if (flags.json) return printJson({ id: record.id, ...measured });
  printTable(["measurement", "value", "unit"], rowsOf(measured));
  for (const note of measured.notes) printLine(`note: ${note}`);
  printLine("not a medical device");
}

function rowsOf(measured: Measurements): (readonly [string, string, string])[] {
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? "-" : String(Math.round(value));
  return [
    ["heart rate", number(measured.heartRateBpm), "/min"],
    ["RR mean", number(measured.rr?.meanMs), "ms"],
    ["RR SD", number(measured.rr?.sdMs), "ms"],
    ["P duration", number(measured.pDurationMs), "ms"],
    ["PR interval", number(measured.prMs), "ms"],
    ["QRS duration", number(measured.qrsMs), "ms"],
    ["QT interval", number(measured.qtMs), "ms"],
    ["QTc Bazett", number(measured.qtc?.bazettMs), "ms"],
    ["QTc Fridericia", number(measured.qtc?.fridericiaMs), "ms"],
    ["QTc Framingham", number(measured.qtc?.framinghamMs), "ms"],
    ["QTc Hodges", number(measured.qtc?.hodgesMs), "ms"],
    ["P axis", number(measured.axisDegrees.p), "degrees"],
    ["QRS axis", number(measured.axisDegrees.qrs), "degrees"],
    ["T axis", number(measured.axisDegrees.t), "degrees"],
  ];
}
