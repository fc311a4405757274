// heartcare beat eval: errors, code use and forecasts of a checkpoint on recordings that it has not seen.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { readBeat } from "../../beat/beat-checkpoint.ts";
import type { BeatConfig } from "../../beat/beat-config.ts";
import { type BeatForward, compileBeatForward } from "../../beat/beat-forward.ts";
import { type BeatEvaluation, evaluateBeat } from "../../beat/evaluate-beat.ts";
import type { EvaluationWindow } from "../../beat/evaluation-windows.ts";
import { resolveBeatFolder } from "../../beat/node/open-beat.ts";
import { createSegment, fillSegment } from "../../beat/segment.ts";
import { loadNodeRuntime } from "../../graph/node/load-node-runtime.ts";
import { layoutComparison } from "../../images/comparison-svg.ts";
import type { DisplayList } from "../../images/display-list.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { EcgError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import {
  chooseEvaluated,
  EVALUATED,
  type Evaluated,
  SEEN_FILE,
  type SeenRecordings,
} from "../../training/held-out.ts";
import { type LoadedRecordings, loadRecordings } from "../../training/load-recordings.ts";
import type { LoadedRecording } from "../../training/packed-recording.ts";
import { BEAT_MODEL_HELP } from "../beat-model-help.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printNote, printTable } from "../print.ts";
import { startProgress } from "../progress.ts";
import { writePicture } from "../write-picture.ts";

type Flags = {
  readonly model?: string;
  readonly split: Evaluated;
  readonly limit?: number;
  readonly seed: number;
  readonly threads: number;
  readonly minLeads: number;
  readonly cache: string | false;
  readonly out: string;
  readonly json?: boolean;
};

const BATCH = 16;

/** Register the command. */
export function registerBeatEval(parent: Command): void {
  parent
    .command("eval <sources...>")
    .description("reconstruction, code use and forecasts on recordings, z-scored shards or a dataset folder")
    .option("--model <dir>", BEAT_MODEL_HELP)
    .addOption(
      new Option(
        "--split <name>",
        "held-out: PTB-XL's fold 10, elsewhere what the checkpoint was neither trained nor chosen on",
      )
        .choices(EVALUATED)
        .default("held-out"),
    )
    .option("--limit <n>", "at most this many windows, spread over all recordings", wholeNumber(1))
    .option("--seed <n>", "seed of the intervals", wholeNumber(0), 7)
    .option("--threads <n>", "threads", wholeNumber(1), 2)
    .option("--min-leads <n>", "leave recordings with fewer of the twelve leads out", wholeNumber(1), 1)
    .option("--cache <dir>", "keep prepared recordings here", "runs/.cache")
    .option("--no-cache", "prepare the recordings anew")
    .option("--out <dir>", "folder for report.json, figure9.svg and figure9.png", "runs/beat-eval")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat eval ptb-xl-zscore100 --json\n  Errors are of z-scores over windows that start every 2 s; the PRD is of the signal without its mean.",
    )
    .action(evaluate);
}

type Report = Omit<BeatEvaluation, "typicalWindow"> & {
  readonly model: string;
  readonly split: Evaluated;
  readonly leftOut: number;
  readonly picture: { readonly recordingId: string; readonly files: readonly string[] };
};

async function evaluate(sources: readonly string[], flags: Flags): Promise<void> {
  const folder = resolveBeatFolder(flags.model);
  const { config, store } = await readBeat(diskFileStore, folder);
  const loaded = await load(sources, config, flags);
  const recordings = await choose(loaded, folder, flags.split);
  const runtime = await loadNodeRuntime();
  const session = { threads: flags.threads };
  const forward = await compileBeatForward(config, { runtime, store, batch: BATCH, session });
  try {
    let bar: ReturnType<typeof startProgress> | undefined;
    const { typicalWindow, ...scores } = await evaluateBeat(forward, recordings, {
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      seed: flags.seed,
      onProgress: (done, total) => {
        bar ??= startProgress({ label: "score", total, unit: "windows" });
        bar.update(done);
      },
    });
    bar?.finish();
    const drawing = await drawWindow(forward, recordings, typicalWindow);
    const files = ["figure9.svg", "figure9.png"].map((name) => join(flags.out, name));
    for (const file of files) await writePicture(file, drawing);
    const leftOut = loaded.sources.reduce((sum, source) => sum + source.leftOut.length, 0);
    const recordingId = recordings[typicalWindow.recording]?.id ?? "";
    const report = { ...scores, model: folder, split: flags.split, leftOut, picture: { recordingId, files } };
    await writeFileAtomic(join(flags.out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    if (flags.json) printJson(report);
    else printReport(report);
  } finally {
    await forward.dispose();
  }
}

async function load(sources: readonly string[], config: BeatConfig, flags: Flags): Promise<LoadedRecordings> {
  const loaded = await loadRecordings(sources, {
    samplingRateHz: config.samplingRateHz,
    minimumSamples: config.inputSamples + config.predictionSamples,
    minimumLeads: flags.minLeads,
    includeUnlicensed: true, // licences bind training, not looking
    ...(flags.cache ? { cacheFolder: flags.cache } : {}),
  });
  for (const { source, leftOut } of loaded.sources) {
    const [first] = leftOut;
    if (first)
      printNote(`${source}: ${leftOut.length} recordings left out, the first (${first.id}): ${first.reason}`);
  }
  return loaded;
}

async function choose(
  loaded: LoadedRecordings,
  folder: string,
  split: Evaluated,
): Promise<LoadedRecording[]> {
  const { train, val, test } = loaded.splits;
  const all = [...train, ...val, ...test];
  const text = await readFile(join(folder, SEEN_FILE), "utf8").catch(() => undefined);
  const seen = text === undefined ? undefined : (JSON.parse(text) as SeenRecordings);
  const chosen = chooseEvaluated(all, split, seen);
  if (chosen.length > 0) return chosen;
  throw new EcgError(
    "INVALID_OPTION",
    `beat eval: expected recordings in ${split}, found 0 of ${all.length}`,
    {
      hint: "choose others with --split all, train, val or test",
    },
  );
}

/** The paper's Figure 9 for one window: original, reconstruction and prediction of every lead, in z-scores. */
async function drawWindow(
  forward: BeatForward,
  recordings: readonly LoadedRecording[],
  { recording, start }: EvaluationWindow,
): Promise<DisplayList> {
  const { config, batch } = forward;
  const { leadCount, inputSamples, predictionSamples, samplingRateHz } = config;
  const segment = createSegment(config);
  fillSegment(segment, recordings[recording]?.signal ?? createLeadMatrix(leadCount, 0), start, config);
  const signal = new Float32Array(batch * segment.signal.length);
  signal.set(segment.signal);
  const result = await forward.run(signal, 1);
  const matrix = (data: Float32Array, sampleCount: number): LeadMatrix => ({
    data: data.subarray(0, leadCount * sampleCount),
    leadCount,
    sampleCount,
  });
  const original = createLeadMatrix(leadCount, inputSamples + predictionSamples);
  for (let lead = 0; lead < leadCount; lead++) {
    leadSamples(original, lead).set(leadSamples(matrix(segment.signal, inputSamples), lead));
    leadSamples(original, lead).set(
      leadSamples(matrix(segment.future, predictionSamples), lead),
      inputSamples,
    );
  }
  const comparison = {
    leads: STANDARD_LEADS,
    samplingRateHz,
    original,
    reconstruction: matrix(result.reconstruction, inputSamples),
    prediction: matrix(result.prediction, predictionSamples),
  };
  return layoutComparison(comparison, { unit: "z", columns: 2 });
}

function printReport(report: Report): void {
  const { codeUse, perplexity, deadCodes, forecastMinus } = report;
  printLine(
    `${report.model} on ${report.recordings} recordings of ${report.patients} patients (${report.split})`,
  );
  const percent = (share: number | null): string => (share === null ? "-" : `${(100 * share).toFixed(1)}%`);
  const number = (value: number | null): string => (value === null ? "-" : value.toFixed(4));
  printTable(
    ["score", "value"],
    [
      ["segments", report.segments],
      ["reconstruction MSE", number(report.mse)],
      ["PRD %, mean removed", report.prdPercent.toFixed(1)],
      ["SNR dB", report.snrDb.toFixed(1)],
      ["L_recon", number(report.lRecon)],
      ["L_pred", number(report.lPred)],
      ["L_VQ", number(report.lVq)],
      ["L_total", number(report.lTotal)],
      ["code use, core / residual", `${percent(codeUse.core)} / ${percent(codeUse.residual)}`],
      ["perplexity", `${number(perplexity.core)} / ${number(perplexity.residual)}`],
      ["dead codes", `${deadCodes.core} / ${deadCodes.residual ?? "-"}`],
      ["forecast MSE", number(report.forecastMse)],
      ["  by half second", report.forecastMsePerHalfSecond.map((value) => value.toFixed(3)).join(" ")],
    ],
  );
  printLine("");
  printTable(
    ["baseline", "its MSE", "forecast minus it [95% by patient]"],
    (["zero", "persistence", "scaledPersistence"] as const).map((name) => {
      const { mean, low, high } = forecastMinus[name];
      return [name, number(report[`${name}Mse`]), `${number(mean)} [${number(low)}, ${number(high)}]`];
    }),
  );
  printLine(`picture: ${report.picture.files.join(", ")}`);
}
