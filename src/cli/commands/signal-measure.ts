// heartcare signal measure: heart rate, intervals and axes of a recording.
import type { Command } from "commander";
import { measurePage } from "../../images/segment/measure-page.ts";
import { segmentNamedPage } from "../../images/segment/segment-named-page.ts";
import { isPagePath, readPage } from "../../model/dspa/node/read-page.ts";
import { EcgError } from "../../shared/errors.ts";
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
    .description(
      "heart rate, RR, P, PR, QRS, QT, QTc and frontal axes of a recording or of a page's traces (PNG, PDF); null where it does not tell",
    )
    .option("--from <s>", "first second", finiteNumber(0, true))
    .option("--to <s>", "second to stop at", finiteNumber(0))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--record <id>", "which recording of a folder or stack")
    .option("--json", "print JSON, with every lead and beat")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare signal measure ludb/data/51 --json\n  heartcare signal measure report.pdf#page=2\n  Times in ms, amplitudes in mV, axes in degrees. Not a medical device.",
    )
    .action(measure);
}

async function measure(path: string, flags: Flags): Promise<void> {
  const { id, measured } = isPagePath(path)
    ? await measureFilePage(path, flags)
    : await measureFile(path, flags);
  if (flags.json) return printJson({ id, ...measured });
  printTable(["measurement", "value", "unit"], rowsOf(measured));
  for (const note of measured.notes) printLine(`note: ${note}`);
  printLine("not a medical device");
}

type Measured = { readonly id: string; readonly measured: Measurements };

async function measureFile(path: string, flags: Flags): Promise<Measured> {
  const record = await readOneRecording(path, flags);
  return { id: record.id, measured: measureIntervals(record) };
}

async function measureFilePage(path: string, flags: Flags): Promise<Measured> {
  const part = (["from", "to", "samplingRateHz", "record"] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (part !== undefined) {
    throw new EcgError(
      "USAGE",
      `${path}: expected a recording for the options of one, got the picture of a page`,
      {
        hint: "leave --from, --to, --sampling-rate-hz and --record out for pages",
      },
    );
  }
  const page = await readPage(path);
  const measured = measurePage(segmentNamedPage(page, page));
  if (measured === null) {
    throw new EcgError("INVALID_SIGNAL", `${page.id}: expected traces with beats to measure, found none`);
  }
  return { id: page.id, measured };
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
