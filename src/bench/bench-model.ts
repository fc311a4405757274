// What the benchmark asks of a model: one question at a time, with the signals and pictures it is about.

import type { DatasetRecord } from "../dataset/dataset-record.ts";
import type { QaItem } from "../qa/qa-item.ts";
import type { Patient } from "../record/ecg-record.ts";
import type { LeadMatrix } from "../record/lead-matrix.ts";
import type { Measurements } from "../signal/measure/measurements.ts";

export type Modality = "signal" | "image";

/**
 * What a model may know of a recording. Everything that says or betrays a label stays behind: statements, the
 * source's codes, the report, what its annotators looked for, file names and the ids made from them.
 */
export type BenchRecord = Pick<DatasetRecord, "acquiredAt" | "leads" | "samplingRateHz" | "amplitudeUnit"> & {
  /** Opaque and stable: the same recording has the same id in every question of a dataset. */
  readonly id: string;
  readonly patient: Omit<Patient, "id">;
  /** Intervals and shapes of the whole recording; null for a page (the signal is not shown) and for a forecast. */
  readonly measurements: Measurements | null;
};

/** What a question shows of one recording. */
export type BenchInput = {
  readonly record: BenchRecord;
  readonly modality: Modality;
  readonly window: { readonly startSample: number; readonly endSample: number };
  /**
   * Cleaned mV of the window, (leads, samples) at `record.samplingRateHz`; never what follows it.
   * @throws EcgError INVALID_OPTION for an image: what is shown is the page.
   */
  readonly readWindow: () => Promise<LeadMatrix>;
  /**
   * The rendered page (PNG); its path stays hidden, for a file may be named after a diagnosis.
   * @throws EcgError INVALID_OPTION for a signal, NOT_FOUND where the dataset holds no page.
   */
  readonly readImage: () => Promise<Uint8Array>;
};

/** A question without its answer. */
export type BenchQuestion = {
  readonly item: Pick<
    QaItem,
    | "task"
    | "subset"
    | "dimension"
    | "pair"
    | "context"
    | "instruction"
    | "options"
    | "outputFormat"
    | "templateId"
  > & {
    /** Opaque: an item's own id names what it asks about. */
    readonly id: string;
  };
  readonly inputs: readonly BenchInput[];
};

/** What came back: text, or for a prediction the forecast in mV, (leads, samples) following the window. */
export type BenchAnswer = { readonly text: string } | { readonly forecastMv: LeadMatrix };

/** Anything that can be scored. `id` and `version` go into the log. */
export type BenchModel = {
  readonly id: string;
  readonly version: string;
  /** Tasks that it can answer; others are left out of its run. */
  readonly tasks: readonly QaItem["task"][];
  /** What it can look at; items that show anything else are left out of its run. Default: both. */
  readonly modalities?: readonly Modality[];
  answer(question: BenchQuestion, signal?: AbortSignal): Promise<BenchAnswer>;
};
