// Closed-QA items: planned questions in words, four options, one right (paper Figure 7, Table 9).
import type { ChoiceQuestion, ClosedQuestion, TwoFindingQuestion } from "../plan/closed-question.ts";
import type { QaItem } from "../qa-item.ts";
import { CLOSED_QUESTIONS, TWO_FINDING_QUESTIONS } from "../templates/closed-questions.ts";
import { ASPECTS, ECG_NOUNS } from "../templates/ecg-wording.ts";
import { capitalized, fillTemplate } from "../templates/fill-template.ts";
import { patientPhrase } from "../templates/patient-wording.ts";
import { optionText, statementPhrase } from "../templates/statement-wording.ts";
import { optionAnswer, placeRight, withOptions } from "../write-options.ts";
import {
  type ItemOptions,
  itemContext,
  itemIdentity,
  itemLabels,
  itemRecord,
  type Subject,
  subsetOf,
} from "./item-parts.ts";

const OUTPUT_FORMAT = "The letter and text of one option, e.g. `B: text`.";

/** The item of a planned closed question. */
export function closedItem(subject: Subject, question: ClosedQuestion, options: ItemOptions): QaItem {
  return question.kind === "choice"
    ? choiceItem(subject, question, options)
    : twoFindingItem(subject, question, options);
}

function choiceItem(subject: Subject, question: ChoiceQuestion, options: ItemOptions): QaItem {
  const { record } = subject;
  const { dimension, modality, right, wrong, place } = question;
  const fact = `choice:${dimension}=${right}`;
  const { rng, ...identity } = itemIdentity(
    "closed-qa",
    [{ recordId: record.recordId, modality }],
    fact,
    options.seed,
  );
  const template = rng.pick(CLOSED_QUESTIONS[dimension]);
  const text = fillTemplate(
    template.text,
    { who: patientPhrase(record.patient, rng), ecg: ECG_NOUNS[modality], aspect: ASPECTS[dimension] },
    rng,
  );
  const texts = placeRight(
    optionText(right, rng),
    rng.shuffle(wrong).map((key) => optionText(key, rng)),
    place,
  );
  return {
    ...identity,
    task: "closed-qa",
    subset: subsetOf(modality),
    dimension,
    records: [itemRecord(record, modality)],
    context: itemContext(record, modality, options),
    instruction: withOptions(text, texts),
    options: texts,
    answer: optionAnswer(texts, place),
    fact,
    labels: itemLabels(subject, dimension),
    outputFormat: OUTPUT_FORMAT,
    source: record.source,
    templateId: template.id,
  };
}

function twoFindingItem(subject: Subject, question: TwoFindingQuestion, options: ItemOptions): QaItem {
  const { record } = subject;
  const { dimension, modality, first, second, cell, place } = question;
  const fact = `two:${dimension}:${first}&${second}`;
  const { rng, ...identity } = itemIdentity(
    "closed-qa",
    [{ recordId: record.recordId, modality }],
    fact,
    options.seed,
  );
  const template = rng.pick(TWO_FINDING_QUESTIONS);
  const text = fillTemplate(
    template.text,
    {
      who: patientPhrase(record.patient, rng),
      ecg: ECG_NOUNS[modality],
      first: statementPhrase(first),
      second: statementPhrase(second),
    },
    rng,
  );
  const cellTexts = {
    both: "Both",
    neither: "Neither",
    "only-first": capitalized(`only ${statementPhrase(first)}`),
    "only-second": capitalized(`only ${statementPhrase(second)}`),
  };
  const others = (["both", "only-first", "only-second", "neither"] as const).filter(
    (other) => other !== cell,
  );
  const texts = placeRight(
    cellTexts[cell],
    rng.shuffle(others).map((other) => cellTexts[other]),
    place,
  );
  return {
    ...identity,
    task: "closed-qa",
    subset: subsetOf(modality),
    dimension,
    records: [itemRecord(record, modality)],
    context: itemContext(record, modality, options),
    instruction: withOptions(text, texts),
    options: texts,
    answer: optionAnswer(texts, place),
    fact,
    labels: itemLabels(subject, dimension),
    outputFormat: OUTPUT_FORMAT,
    source: record.source,
    templateId: template.id,
  };
}
