// heartcare beat forecast: what comes after a recording.
import type { Command } from "commander";
import { layoutForecast } from "../../beat/layout-forecast.ts";
import { openBeat } from "../../beat/node/open-beat.ts";
import { prepareRecording } from "../../beat/prepare-recording.ts";
import type { DecodedSignal } from "../../beat/tokenizer.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { BEAT_MODEL_HELP } from "../beat-model-help.ts";
import { finiteNumber, wholeNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";
import { writePicture } from "../write-picture.ts";
import { writeSignal } from "../write-signal.ts";

type Flags = {
  readonly seconds: number;
  readonly out?: string;
  readonly picture?: string;
  readonly model?: string;
  readonly record?: string;
  readonly from?: number;
  readonly to?: number;
  readonly samplingRateHz?: number;
  readonly threads?: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerBeatForecast(parent: Command): void {
  parent
    .command("forecast <path>")
    .description("predict what follows a recording (or follows second --to of it), 2 s at a time")
    .option("--seconds <s>", "how much", finiteNumber(0), 2)
    .option("--out <file>", "forecast.npy or forecast.csv")
    .option("--picture <file>", "page.svg or page.png of the end of the recording and the forecast")
    .option("--model <dir>", BEAT_MODEL_HELP)
    .option("--record <id>", "which recording of a folder or stack")
    .option("--from <s>", "first second that the forecast may see", finiteNumber(0, true))
    .option("--to <s>", "second at which the forecast begins", finiteNumber(0))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--threads <n>", "threads", wholeNumber(1))
    .option("--json", "print JSON with the samples")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat forecast ludb/data/51 --to 8 --seconds 2 --out forecast.csv\n  mV at 250 Hz of the cleaned signal (without what is slower than 0.5 Hz). A statistical continuation, no diagnosis.",
    )
    .action(forecast);
}

async function forecast(path: string, flags: Flags): Promise<void> {
  const record = await readOneRecording(path, flags);
  const { tokenizer } = await openBeat(flags.model, flags);
  let found: DecodedSignal;
  try {
    found = await tokenizer.forecast(record, flags.seconds);
  } finally {
    await tokenizer.dispose();
  }
  if (flags.out) await writeSignal(flags.out, STANDARD_LEADS, found);
  if (flags.picture) {
    await writePicture(flags.picture, layoutForecast(prepareRecording(record, found.samplingRateHz), found));
  }
  const { samplingRateHz, unit, startSample, signal } = found;
  const { sampleCount } = signal;
  if (flags.json) {
    const rows = STANDARD_LEADS.map((lead, index) => [
      lead,
      Array.from(signal.data.subarray(index * sampleCount, (index + 1) * sampleCount)),
    ]);
    return printJson({
      id: record.id,
      samplingRateHz,
      unit,
      startSample,
      sampleCount,
      leads: Object.fromEntries(rows),
    });
  }
  printLine(
    `${record.id}: ${sampleCount} samples at ${samplingRateHz} Hz, ${unit}, after sample ${startSample}`,
  );
  for (const file of [flags.out, flags.picture]) if (file) printLine(file);
}
