// What the benchmark asks of a model: one question at a time, with the signals and pictures it is about.

import type { DatasetRecord } from "../dataset/dataset-record.ts";
import type { QaItem } from "../qa/qa-item.ts";
import type { LeadMatrix } from "../record/lead-matrix.ts";

/** What a question shows of one recording. */
export type BenchInput = {
  readonly record: DatasetRecord;
  readonly modality: "signal" | "image";
  readonly window: { readonly startSample: number; readonly endSample: number };
  /** Cleaned mV of the window, (leads, samples) at `record.samplingRateHz`; never what follows it. */
  readonly readWindow: () => Promise<LeadMatrix>;
  /** Path of the rendered page, undefined for a signal. */
  readonly imagePath?: string | undefined;
};

/** A question without its answer. */
export type BenchQuestion = {
  readonly item: Omit<QaItem, "answer" | "fact" | "labels">;
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
  answer(question: BenchQuestion, signal?: AbortSignal): Promise<BenchAnswer>;
};
