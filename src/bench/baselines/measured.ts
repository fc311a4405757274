// Baseline `measured`: a rule-based reading of measured intervals and morphology; never the labels (issue 2, point 10).
import { findStatement } from "../../labels/find-statement.ts";
import { LABEL_SCOPES } from "../../labels/label-scopes.ts";
import { toStatement } from "../../labels/statement-definition.ts";
import { type QaRecord, toQaMeasurements } from "../../qa/qa-record.ts";
import { rateOptions } from "../../qa/rate-options.ts";
import { recordFacts } from "../../qa/record-facts.ts";
import { openItems } from "../../qa/tasks/open-qa.ts";
import { reportItems } from "../../qa/tasks/report.ts";
import type { BenchInput, BenchModel, BenchQuestion } from "../bench-model.ts";
import { type RatedRecording, rateFindings, STATED_CONFIDENCE } from "./rate-findings.ts";

/** Seed of the wordings; which of several sentences says the same is no knowledge. */
const WORDING_SEED = 1;
const NOTHING_READ = "Nothing can be read from the measurements.";

/**
 * Reads each recording by the rules of `interpretMeasurements` and answers from that reading alone: the likeliest
 * option, the sentence or the report that the templates make of what was read. Signals only: a page would have to be
 * digitised first. Deterministic.
 */
export function measuredBaseline(): BenchModel {
  return {
    id: "measured",
    version: "1",
    tasks: ["closed-qa", "open-qa", "comparison-qa", "report"],
    modalities: ["signal"],
    answer: async ({ item, inputs }) => {
      const rated = inputs.map(({ record }) => rateFindings(record.measurements, record.patient));
      if (item.options) {
        const scores = rateOptions(
          { ...item, options: item.options, relation: item.pair?.relation },
          rated.map(({ likelihood }) => likelihood),
        );
        const index = scores.indexOf(Math.max(...scores));
        return { text: `${String.fromCharCode(65 + index)}: ${item.options[index] ?? ""}` };
      }
      const [input] = inputs;
      const [reading] = rated;
      return { text: input && reading ? writeAnswer(item, input, reading) : NOTHING_READ };
    },
  };
}

function writeAnswer(item: BenchQuestion["item"], input: BenchInput, rated: RatedRecording): string {
  const record = asQaRecord(input, rated);
  const subject = { record, facts: recordFacts(record) };
  const options = { seed: WORDING_SEED };
  const written =
    item.task === "report"
      ? reportItems(subject, "signal", options)[0]
      : openItems(subject, "signal", options).find(({ dimension }) => dimension === item.dimension);
  return written?.answer ?? NOTHING_READ;
}

/** What was read, in the form that the templates write from; the reading's own doubts are not worded. */
function asQaRecord({ record, window }: BenchInput, { readings }: RatedRecording): QaRecord {
  const statements = readings.flatMap(({ key, confidence }) => {
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
    measurements: record.measurements ? toQaMeasurements(record.measurements) : undefined,
  };
}
