// The ECGs of a model command: recordings of any format, recordings of dataset folders, pictures of pages.
import { type Command, Option } from "commander";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { isDatasetFolder, readDatasetRecords, readManifest, readSignal } from "../dataset/read-dataset.ts";
import {
  type EcgInput,
  type InputReader,
  type KnownPatient,
  type PreparedEcg,
  SHOWN_AS,
  type ShownAs,
} from "../model/dspa/ecg-input.ts";
import { type FilePage, isPagePath, readPage } from "../model/dspa/node/read-page.ts";
import { preparedOfDataset, prepareEcg } from "../model/dspa/prepare-ecg.ts";
import { showPage } from "../model/dspa/show-page.ts";
import { showRecording } from "../model/dspa/show-recording.ts";
import type { EcgRecord, Sex } from "../record/ecg-record.ts";
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { finiteNumber, wholeNumber } from "./parse-options.ts";
import { readOneRecording } from "./read-one-recording.ts";

export type InputFlags = {
  readonly model?: string;
  readonly record?: readonly string[];
  readonly as?: ShownAs;
  readonly measurements: boolean;
  readonly age?: number;
  readonly sex?: Sex;
  readonly from?: number;
  readonly to?: number;
  readonly samplingRateHz?: number;
  readonly mainsHz?: "50" | "60";
  readonly threads?: number;
};

/** Help of --model. */
export const MODEL_HELP = "HeartcareGPT folder, or a run of `model train` (default: the model that ships)";

/** Options that say which ECGs are shown, and how. */
export function addInputOptions(command: Command): Command {
  return command
    .option("--model <dir>", MODEL_HELP)
    .option(
      "--record <id>",
      "which recording of a folder, stack or dataset; twice to compare two of it",
      (id: string, before: readonly string[] = []) => [...before, id],
    )
    .addOption(
      new Option("--as <form>", "show a recording as its signal, as a page, or as both").choices(SHOWN_AS),
    )
    .option("--no-measurements", "withhold the measured values from the model")
    .option("--age <years>", "age of the patient, where the file does not say it", finiteNumber(0, true))
    .addOption(new Option("--sex <sex>", "sex of the patient").choices(["female", "male"]))
    .option("--from <s>", "first second of the recording", finiteNumber(0, true))
    .option("--to <s>", "second to stop at", finiteNumber(0))
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .addOption(new Option("--mains-hz <hz>", "power line where it was recorded").choices(["50", "60"]))
    .option("--threads <n>", "threads", wholeNumber(1));
}

/** An ECG that was read but not yet prepared for a model. */
export type ReadEcg =
  | { readonly kind: "recording"; readonly record: EcgRecord }
  | { readonly kind: "dataset"; readonly row: DatasetRecord; readonly signal: LeadMatrix }
  | { readonly kind: "page"; readonly page: FilePage };

/**
 * Read every path; bad ones fail before a model is opened.
 * @throws EcgError as the readers; USAGE where paths and --record do not go together.
 */
export async function readEcgs(paths: readonly string[], flags: InputFlags): Promise<ReadEcg[]> {
  const found: ReadEcg[] = [];
  for (const { path, record } of pairRecords(paths, flags.record ?? []))
    found.push(await readOne(path, record, flags));
  return found;
}

function pairRecords(
  paths: readonly string[],
  records: readonly string[],
): readonly { readonly path: string; readonly record: string | undefined }[] {
  const [only = ""] = paths;
  if (paths.length === 1 && records.length > 1) return records.map((record) => ({ path: only, record }));
  if (records.length > 0 && records.length !== paths.length) {
    throw new EcgError(
      "USAGE",
      `--record: expected one id for each of ${paths.length} paths, got ${records.length}`,
      {
        hint: "or one path with two ids, to compare two recordings of a folder",
      },
    );
  }
  return paths.map((path, index) => ({ path, record: records[index] }));
}

async function readOne(path: string, record: string | undefined, flags: InputFlags): Promise<ReadEcg> {
  const isPage = isPagePath(path);
  if (isPage || (await isDatasetFolder(path))) refusePart(path, flags);
  if (isPage) {
    if (flags.as === "signal" || flags.as === "both") {
      throw new EcgError(
        "USAGE",
        `--as ${flags.as}: expected a recording to show the signal of, got the picture ${path}`,
        { hint: "leave --as out for the picture of a page" },
      );
    }
    return { kind: "page", page: await readPage(path) };
  }
  if (await isDatasetFolder(path)) return readFromDataset(path, record);
  return { kind: "recording", record: await readOneRecording(path, { ...flags, record }) };
}

/** Pages have no seconds to choose from, and a dataset has chosen its window. */
function refusePart(path: string, { from, to }: InputFlags): void {
  if (from === undefined && to === undefined) return;
  throw new EcgError("USAGE", `--from, --to: expected a recording to take a part of, got ${path}`, {
    hint: "leave both out for pages and for recordings of a dataset",
  });
}

async function readFromDataset(folder: string, wanted: string | undefined): Promise<ReadEcg> {
  const some: string[] = [];
  for await (const row of readDatasetRecords(folder)) {
    const id = row.identity.recordingId;
    if (id === wanted) return { kind: "dataset", row, signal: await readSignal(folder, row) };
    if (some.length < 3) some.push(id);
  }
  const { records } = await readManifest(folder);
  throw new EcgError(
    "INVALID_OPTION",
    `${folder}: expected one recording, found ${records.total}: ${some.join(", ")}, ...`,
    { hint: wanted === undefined ? "choose with --record <id>" : `none of them is ${wanted}` },
  );
}

/** Prepare what was read for a model. @throws EcgError as `prepareEcg`, `showRecording` and `showPage`. */
export function showEcgs(model: InputReader, found: readonly ReadEcg[], flags: InputFlags): EcgInput[] {
  const told: KnownPatient = {
    ...(flags.age === undefined ? {} : { ageYears: flags.age }),
    ...(flags.sex ? { sex: flags.sex } : {}),
  };
  const options = { shownAs: flags.as ?? "signal", measured: flags.measurements };
  return found.map((ecg) => {
    if (ecg.kind === "page") {
      const { id, hints } = ecg.page;
      return showPage(model, ecg.page, { id, hints, patient: told, measured: flags.measurements });
    }
    const prepared = prepare(ecg, model, flags);
    return showRecording(model, { ...prepared, patient: { ...prepared.patient, ...told } }, options);
  });
}

function prepare(
  ecg: Exclude<ReadEcg, { kind: "page" }>,
  model: InputReader,
  { mainsHz }: InputFlags,
): PreparedEcg {
  if (ecg.kind === "dataset") return preparedOfDataset(ecg.row, ecg.signal);
  return prepareEcg(ecg.record, {
    toHz: model.config.signal.samplingRateHz,
    mainsHz: mainsHz === "60" ? 60 : 50,
  });
}
