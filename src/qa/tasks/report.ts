// Report items: a structured report from the statements, in the spirit of Table 7's seventeen criteria.
import { statementDefinition } from "../../labels/find-statement.ts";
import { type Statement, statementKey } from "../../record/statement.ts";
import type { Rng } from "../../shared/rng.ts";
import type { Modality } from "../plan/closed-question.ts";
import type { QaItem } from "../qa-item.ts";
import type { QaRecord } from "../qa-record.ts";
import { isCertain } from "../record-facts.ts";
import { ECG_NOUNS } from "../templates/ecg-wording.ts";
import { capitalized, fillTemplate, joinWithAnd } from "../templates/fill-template.ts";
import { demographics, patientPhrase } from "../templates/patient-wording.ts";
import { REPORT_CLOSINGS, REPORT_REQUESTS } from "../templates/report-wording.ts";
import { hedgedPhrase, statementPhrase } from "../templates/statement-wording.ts";
import {
  type ItemOptions,
  itemContext,
  itemIdentity,
  itemLabels,
  itemRecord,
  measurementText,
  type Subject,
  subsetOf,
} from "./item-parts.ts";

const OUTPUT_FORMAT =
  "Lines `Heading: text` with the headings Patient, Recording, Rhythm, Conduction, Waveform, Diagnosis, Suspected, Other findings, Impression where they apply.";

/** The report of a recording; none when the labels say nothing at all. */
export function reportItems(subject: Subject, modality: Modality, options: ItemOptions): QaItem[] {
  const { record } = subject;
  if (record.statements.length === 0) return [];
  const { rng, ...identity } = itemIdentity(
    "report",
    [{ recordId: record.recordId, modality }],
    "report",
    options.seed,
  );
  const template = rng.pick(REPORT_REQUESTS);
  const instruction = fillTemplate(
    template.text,
    { who: patientPhrase(record.patient, rng), ecg: ECG_NOUNS[modality] },
    rng,
  );
  return [
    {
      ...identity,
      task: "report",
      subset: subsetOf(modality),
      records: [itemRecord(record, modality)],
      context: itemContext(record, modality, options),
      instruction,
      answer: writeReport(subject, rng),
      fact: "report",
      labels: itemLabels(subject),
      outputFormat: OUTPUT_FORMAT,
      source: record.source,
      templateId: template.id,
    },
  ];
}

/**
 * The report's lines. A section stands where the labels say something about it: present findings, or, where the
 * annotators looked for them, their absence. Likelihoods are in words; uncertain diagnoses have a line of their own.
 */
function writeReport(subject: Subject, rng: Rng): string {
  const { record, facts } = subject;
  const diagnoses = facts.diagnosis.present;
  const conduction = diagnoses.filter(isConduction);
  const others = diagnoses.filter((statement) => !isConduction(statement));
  const measured = measurementText(record.measurements);
  const sections: readonly (readonly [heading: string, text: string | undefined])[] = [
    ["Patient", capitalized(demographics(record.patient))],
    ["Recording", recordingText(record)],
    ["Measurements", measured === "" ? undefined : measured],
    ["Rhythm", sentence(facts.rhythm.present.map(hedgedPhrase))],
    ["Conduction", sentence(conduction.filter(isCertain).map(hedgedPhrase)) ?? noConduction(subject)],
    ["Waveform", sentence(facts.waveform.present.map(hedgedPhrase)) ?? normalWaveform(subject)],
    ["Diagnosis", sentence(others.filter(isCertain).map(hedgedPhrase))],
    ["Suspected", sentence(diagnoses.filter((statement) => !isCertain(statement)).map(hedgedPhrase))],
    ["Other findings", sentence(facts.misc.present.map(hedgedPhrase))],
    ["Impression", impression(subject)],
    ["Note", rng.pick(REPORT_CLOSINGS)],
  ];
  return sections
    .flatMap(([heading, text]) => (text === undefined ? [] : [`${heading}: ${text.replace(/\.?$/, ".")}`]))
    .join("\n");
}

function isConduction(statement: Statement): boolean {
  return statementDefinition(statementKey(statement.code)).superclass === "CD";
}

function recordingText(record: QaRecord): string {
  const seconds = (record.window.endSample - record.window.startSample) / 250;
  return `${record.leadCount}-lead ECG, ${Number(seconds.toFixed(1))} s`;
}

function sentence(parts: readonly string[]): string | undefined {
  if (parts.length === 0) return undefined;
  return capitalized(parts.map((part) => part.replace(/^a (?=normal )/, "")).join("; "));
}

/** Absence of the blocks that were looked for, said only where several of them were. */
function noConduction(subject: Subject): string | undefined {
  const absent = new Set<string>(subject.facts.diagnosis.absent);
  const looked = ["scp:CRBBB", "scp:CLBBB", "scp:1AVB", "scp:3AVB"].every((key) => absent.has(key));
  return looked && !subject.facts.diagnosis.present.some(isConduction)
    ? "No bundle branch block or AV block noted"
    : undefined;
}

function normalWaveform(subject: Subject): string | undefined {
  return subject.facts.waveform.normal
    ? "No abnormality of P wave, QRS complex, ST segment or T wave noted"
    : undefined;
}

/** One line: leading diagnoses or the normal ECG, then the rhythm. */
function impression(subject: Subject): string | undefined {
  const { diagnosis, rhythm } = subject.facts;
  const certain = diagnosis.certain.filter((key) => key !== "scp:NORM");
  const rhythmText = joinWithAnd(rhythm.certain.map(statementPhrase));
  if (certain.length > 0) {
    const findings = joinWithAnd(certain.map(statementPhrase));
    return rhythmText === ""
      ? `Findings suggest ${findings}`
      : `${capitalized(rhythmText)} with findings that suggest ${findings}`;
  }
  if (diagnosis.certain.includes("scp:NORM")) {
    return rhythmText === ""
      ? "Findings suggest a normal ECG"
      : `Findings suggest a normal ECG with ${rhythmText}`;
  }
  if (diagnosis.present.length > 0) {
    const unsure = joinWithAnd(diagnosis.present.map(hedgedPhrase));
    return rhythmText === "" ? `Uncertain: ${unsure}` : `${capitalized(rhythmText)}; uncertain: ${unsure}`;
  }
  return rhythmText === "" ? undefined : `Findings suggest ${rhythmText}`;
}
