// heartcare beat probe: what of the diagnosis and of the measurements the codes keep.
import { join } from "node:path";
import type { Command } from "commander";
import { openBeat } from "../../beat/node/open-beat.ts";
import { SUPERCLASSES } from "../../labels/statement-definition.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { loadRecordings } from "../../training/load-recordings.ts";
import { type ProbeReport, probeBeat } from "../../training/probe/probe-beat.ts";
import { BEAT_MODEL_HELP } from "../beat-model-help.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { showSteps } from "../progress.ts";

type Flags = {
  readonly model?: string;
  readonly resnetSteps: number;
  readonly seed: number;
  readonly threads: number;
  readonly cache: string | false;
  readonly out: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerBeatProbe(parent: Command): void {
  parent
    .command("probe <sources...>")
    .description("read PTB-XL's superclasses off the codes, and measure recordings before and after")
    .option("--model <dir>", BEAT_MODEL_HELP)
    .option(
      "--resnet-steps <n>",
      "training steps of the residual network beside it; 0 leaves it out",
      wholeNumber(0),
      400,
    )
    .option("--seed <n>", "seed of components, network and intervals", wholeNumber(0), 7)
    .option("--threads <n>", "threads", wholeNumber(1), 2)
    .option("--cache <dir>", "keep prepared recordings here", "runs/.cache")
    .option("--no-cache", "prepare the recordings anew")
    .option("--out <dir>", "folder for report.json", "runs/beat-probe")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat probe ptb-xl ptb-xl-zscore100\n  Fitted on folds 1-8, penalties chosen on fold 9, scored on fold 10; intervals resample patients.",
    )
    .action(probe);
}

async function probe(sources: readonly string[], flags: Flags): Promise<void> {
  const { tokenizer, runtime, folder } = await openBeat(flags.model, flags);
  try {
    const { config } = tokenizer;
    const { splits } = await loadRecordings(sources, {
      samplingRateHz: config.samplingRateHz,
      minimumSamples: config.inputSamples + config.predictionSamples,
      ...(flags.cache ? { cacheFolder: flags.cache } : {}),
    });
    const steps = showSteps("units");
    const report = await probeBeat(tokenizer, splits, {
      runtime,
      seed: flags.seed,
      threads: flags.threads,
      resnetSteps: flags.resnetSteps,
      onProgress: steps.update,
    });
    steps.finish();
    const document = { model: folder, ...report };
    await writeFileAtomic(join(flags.out, "report.json"), `${JSON.stringify(document, null, 2)}\n`);
    if (flags.json) printJson(document);
    else printReport(report);
  } finally {
    await tokenizer.dispose();
  }
}

function printReport(report: ProbeReport): void {
  const { train, val, test } = report.recordings;
  printLine(`superclasses: fitted on ${train}, penalty chosen on ${val}, scored on ${test} recordings`);
  const number = (value: number): string => value.toFixed(3);
  printTable(
    ["method", "macro AUROC [95% by patient]", ...SUPERCLASSES, "beatWithScale minus it"],
    Object.entries(report.methods).map(([name, { macroAuroc, auroc }]) => {
      const minus = report.beatWithScaleMinus[name];
      return [
        name,
        `${number(macroAuroc.mean)} [${number(macroAuroc.low)}, ${number(macroAuroc.high)}]`,
        ...SUPERCLASSES.map((superclass) => number(auroc[superclass] ?? Number.NaN)),
        minus ? `${number(minus.mean)} [${number(minus.low)}, ${number(minus.high)}]` : "",
      ];
    }),
  );
  const { heartRateErrorBpm, rPeakF1, qrsDurationErrorMs, stLevelErrorMv, msePerSuperclass } =
    report.reconstruction;
  printLine("");
  printTable(
    ["original against reconstruction", "median", "mean", "90%", "n"],
    [
      ["heart rate, bpm", ...summaryCells(heartRateErrorBpm)],
      ["QRS duration, ms", ...summaryCells(qrsDurationErrorMs)],
      ["ST level of a lead, mV", ...summaryCells(stLevelErrorMv)],
    ],
  );
  printLine(`R peaks within 40 ms: F1 ${number(rPeakF1)}`);
  const classes = SUPERCLASSES.map(
    (name) => `${name} ${number(msePerSuperclass[name].mse)} (${msePerSuperclass[name].n})`,
  );
  printLine(`MSE by superclass: ${classes.join(", ")}`);
}

function summaryCells(summary: ProbeReport["reconstruction"]["heartRateErrorBpm"]): (string | number)[] {
  const { median, mean, p90, n } = summary;
  return [median.toFixed(3), mean.toFixed(3), p90.toFixed(3), n];
}
