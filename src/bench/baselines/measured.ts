// Baseline `measured`: a rule-based reading of measured intervals and morphology; never the labels (issue 2, point 10).
import { measurePage } from "../../images/segment/measure-page.ts";
import { segmentPage } from "../../images/segment/segment-page.ts";
import { findStatement } from "../../labels/find-statement.ts";
import { LABEL_SCOPES } from "../../labels/label-scopes.ts";
import { toStatement } from "../../labels/statement-definition.ts";
import { type QaRecord, toQaMeasurements } from "../../qa/qa-record.ts";
import { rateOptions } from "../../qa/rate-options.ts";
import { recordFacts } from "../../qa/record-facts.ts";
import { openItems } from "../../qa/tasks/open-qa.ts";
import { reportItems } from "../../qa/tasks/report.ts";
import { EcgError } from "../../shared/errors.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";
import type { BenchInput, BenchModel, BenchQuestion } from "../bench-model.ts";
import { pagePicture } from "../page-picture.ts";
import { createRecentValues } from "../recent-values.ts";
import { type RatedRecording, rateFindings, STATED_CONFIDENCE } from "./rate-findings.ts";

/** Seed of the wordings; which of several sentences says the same is no knowledge. */
const WORDING_SEED = 1;
/** Measured pages kept: pairs come back to a recording much later. */
const KEPT_PAGES = 4000;
const NOTHING_READ = "Nothing can be read from the measurements.";

type ReadInput = {
  readonly input: BenchInput;
  readonly measured: Measurements | null;
  readonly rated: RatedRecording;
};

/**
 * Reads each recording by the rules of `interpretMeasurements` and answers from that reading alone: the likeliest
 * option, the sentence or the report that the templates make of what was read. Of a page it measures the traces; of one that
 * cannot be segmented nothing is known. Deterministic.
 */
export function measuredBaseline(): BenchModel {
  const pages = createRecentValues<Measurements | null>(KEPT_PAGES);
  const measurementsOf = ({ record, modality, readImage }: BenchInput): Promise<Measurements | null> =>
    modality === "image"
      ? pages(record.id, async () => measurePng(await readImage()))
      : Promise.resolve(record.measurements);
  return {
    id: "measured",
    version: "2",
    tasks: ["closed-qa", "open-qa", "comparison-qa", "report"],
    answer: async ({ item, inputs }) => {
      const read = await Promise.all(
        inputs.map(async (input): Promise<ReadInput> => {
          const measured = await measurementsOf(input);
          return { input, measured, rated: rateFindings(measured, input.record.patient) };
        }),
      );
      if (item.options) {
        const scores = rateOptions(
          { ...item, options: item.options, relation: item.pair?.relation },
          read.map(({ rated }) => rated.likelihood),
        );
        const index = scores.indexOf(Math.max(...scores));
        return { text: `${String.fromCharCode(65 + index)}: ${item.options[index] ?? ""}` };
      }
      const [first] = read;
      return { text: first ? writeAnswer(item, first) : NOTHING_READ };
    },
  };
}

/** Null for a picture that is no page; a file that is no picture is an error. */
function measurePng(png: Uint8Array): Measurements | null {
  const picture = pagePicture(png);
  try {
    return measurePage(segmentPage(picture));
  } catch (cause) {
    if (EcgError.isInstance(cause)) return null;
    throw cause;
  }
}

function writeAnswer(item: BenchQuestion["item"], read: ReadInput): string {
  const { input } = read;
  const record = asQaRecord(read);
  const subject = { record, facts: recordFacts(record) };
  const options = { seed: WORDING_SEED };
  const written =
    item.task === "report"
      ? reportItems(subject, input.modality, options)[0]
      : openItems(subject, input.modality, options).find(({ dimension }) => dimension === item.dimension);
  return written?.answer ?? NOTHING_READ;
}

/** What was read, in the form that the templates write from; the reading's own doubts are not worded. */
function asQaRecord({ input: { record, window }, measured, rated }: ReadInput): QaRecord {
  const statements = rated.readings.flatMap(({ key, confidence }) => {
    const row = findStatement(key);
    return row && confidence >= STATED_CONFIDENCE ? [toStatement(row, null)] : [];
  });
  return {
    recordId: record.id,
    patientId: record.id,
    patient: record.patient,
    statements,
    labelScope: LABEL_SCOPES.ptbxl,
    window,
    leadCount: record.leads.length,
    source: "measured",
    measurements: measured ? toQaMeasurements(measured) : undefined,
  };
}
