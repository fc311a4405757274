// One recording on its way into a dataset: read, clean, pick the best window, measure, draw its page, store.
import { join } from "node:path";
import { assignSplit } from "../dataset/assign-split.ts";
import { type DatasetImage, type DatasetRecord, fileStem } from "../dataset/dataset-record.ts";
import { layoutPage } from "../images/build-page.ts";
import { defaultGainMm } from "../images/default-gain.ts";
import type { LayoutName } from "../images/lead-layouts.ts";
import { renderPng } from "../images/node/render-png.ts";
import type { EcgRecord } from "../record/ecg-record.ts";
import { leadSamples, sliceSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { writeNpy } from "../shared/npy.ts";
import { hashText } from "../shared/rng.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { type CleanResult, cleanRecord } from "../signal/clean-record.ts";
import { measureIntervals } from "../signal/measure/measure-intervals.ts";
import { selectBestWindow } from "../signal/select-window.ts";
import { sha256Hex } from "../sources/sha256-hex.ts";
import { unknownDxCodes } from "../sources/source-labels.ts";

/** Rate of every stored signal (paper A: all inputs are unified to 250 Hz). */
export const DATASET_HZ = 250;

/** Longest window that questions are asked about; longer recordings give their best 10 s. */
export const QUESTION_WINDOW_SECONDS = 10;

/** Shorter recordings hold too few beats to ask about. */
const SHORTEST_SECONDS = 2;

export type ProcessOptions = {
  readonly out: string;
  /** Draw a page a recording. */
  readonly images: boolean;
  readonly dpi: number;
  readonly mainsHz: 50 | 60;
};

/**
 * Process one recording and write its signal and page.
 * @throws EcgError INVALID_SIGNAL when nothing can be asked about it (no lead with samples, too short).
 */
export async function processRecord(
  record: EcgRecord,
  stem: string,
  options: ProcessOptions,
): Promise<DatasetRecord> {
  requireUsable(record);
  const result = cleanRecord(record, { toHz: DATASET_HZ, mainsHz: options.mainsHz });
  const { cleaned } = result;
  const window = chooseWindow(result);
  const signalPath = `signals/${stem}.npy`;
  const { leadCount, sampleCount } = cleaned.signal;
  await writeFileAtomic(
    join(options.out, signalPath),
    writeNpy(cleaned.signal.data, [leadCount, sampleCount]),
  );
  const images = options.images ? [await drawPage(cleaned, stem, { ...options, window })] : [];
  return {
    identity: record.identity,
    split: assignSplit(record.identity),
    source: record.provenance.format,
    patient: record.patient,
    acquiredAt: record.acquiredAt,
    statements: record.statements,
    sourceLabels: record.sourceLabels,
    labelScope: record.labelScope,
    reportText: record.reportText,
    unknownLabels: unknownDxCodes(record),
    amplitudeUnit: record.provenance.amplitudeUnit ?? "mV",
    leads: cleaned.leads,
    samplingRateHz: DATASET_HZ,
    sampleCount,
    window: { startSample: window.startSample, endSample: window.endSample },
    windowQuality: window.meanQuality,
    measurements: measureIntervals(result.resampled),
    files: { signal: signalPath, images },
    original: {
      format: record.provenance.format,
      path: record.provenance.path,
      sha256: record.provenance.sha256,
      samplingRateHz: record.samplingRateHz,
      sampleCount: record.signal.sampleCount,
    },
  };
}

/** A file name for what is derived from a recording: unique by source and reference. */
export function recordStem(sourceName: string, referenceId: string): string {
  return fileStem(`${sourceName}-${referenceId}`);
}

function requireUsable(record: EcgRecord): void {
  const seconds = record.signal.sampleCount / record.samplingRateHz;
  if (seconds < SHORTEST_SECONDS) {
    throw new EcgError(
      "INVALID_SIGNAL",
      `${record.id}: expected at least ${SHORTEST_SECONDS} s of signal, found ${seconds.toFixed(2)} s`,
    );
  }
  const varies = record.leads.some((_, index) => {
    const samples = leadSamples(record.signal, index);
    const first = samples.find((value) => !Number.isNaN(value));
    return first !== undefined && samples.some((value) => !Number.isNaN(value) && value !== first);
  });
  if (!varies)
    throw new EcgError(
      "INVALID_SIGNAL",
      `${record.id}: expected a lead that varies, found ${record.leads.length} flat or empty leads`,
    );
}

type ChosenWindow = {
  readonly startSample: number;
  readonly endSample: number;
  readonly meanQuality: number | null;
};

function chooseWindow(result: CleanResult): ChosenWindow {
  const best = selectBestWindow(result.quality, QUESTION_WINDOW_SECONDS * DATASET_HZ);
  return {
    startSample: best.startSample,
    endSample: best.startSample + best.sampleCount,
    meanQuality: Number.isNaN(best.meanQuality) ? null : Number(best.meanQuality.toFixed(4)),
  };
}

/** Layouts by how often hospitals print them; the choice is a hash of the recording, so it never changes. */
const LAYOUT_WEIGHTS: readonly (readonly [LayoutName, number])[] = [
  ["3x4", 60],
  ["6x2", 25],
  ["12x1", 15],
];

/** The layout in which a recording's page is drawn. */
export function pageLayout(recordingId: string): LayoutName {
  let place = hashText(`layout:${recordingId}`) % 100;
  for (const [layout, weight] of LAYOUT_WEIGHTS) {
    if (place < weight) return layout;
    place -= weight;
  }
  return "3x4";
}

async function drawPage(
  cleaned: EcgRecord,
  stem: string,
  options: ProcessOptions & { readonly window: ChosenWindow },
): Promise<DatasetImage> {
  const layout = pageLayout(cleaned.identity.recordingId);
  const { startSample, endSample } = options.window;
  const shown = { ...cleaned, signal: sliceSamples(cleaned.signal, startSample, endSample) };
  const scale = { speedMmPerSecond: 25, gainMmPerMv: defaultGainMm(shown) };
  // A page says nothing of the patient: questions carry the context, and names must not reach a model.
  const png = await renderPng(layoutPage(shown, { layout, ...scale }), { dpi: options.dpi });
  const path = `images/${stem}.png`;
  await writeFileAtomic(join(options.out, path), png);
  return {
    path,
    layout,
    dpi: options.dpi,
    paperSpeedMmPerSecond: scale.speedMmPerSecond,
    gainMmPerMv: scale.gainMmPerMv,
    sha256: await sha256Hex(png),
  };
}
