// Closed-QA items: planned questions in words, four options, one right (paper Figure 7, Table 9).

import type { Rng } from "../../shared/rng.ts";
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
  const { record } = subject;
  const { dimension, modality, place } = question;
  const fact = factOf(question);
  const { rng, ...identity } = itemIdentity(
    "closed-qa",
    [{ recordId: record.recordId, modality }],
    fact,
    options.seed,
  );
  const template = rng.pick(question.kind === "choice" ? CLOSED_QUESTIONS[dimension] : TWO_FINDING_QUESTIONS);
  const asked = { who: patientPhrase(record.patient, rng), ecg: ECG_NOUNS[modality] };
  const text = fillTemplate(template.text, { ...asked, ...namedIn(question) }, rng);
  const { right, wrong } = question.kind === "choice" ? choiceTexts(question, rng) : cellTexts(question, rng);
  const texts = placeRight(right, wrong, place);
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

function factOf(question: ClosedQuestion): string {
  const { dimension } = question;
  return question.kind === "choice"
    ? `choice:${dimension}=${question.right}`
    : `two:${dimension}:${question.first}&${question.second}`;
}

/** What the words of a question name beside the patient and the ECG. */
function namedIn(question: ClosedQuestion): Record<string, string | readonly string[]> {
  return question.kind === "choice"
    ? { aspect: ASPECTS[question.dimension] }
    : { first: statementPhrase(question.first), second: statementPhrase(question.second) };
}

type OptionTexts = { readonly right: string; readonly wrong: readonly string[] };

function choiceTexts({ right, wrong }: ChoiceQuestion, rng: Rng): OptionTexts {
  return {
    right: optionText(right, rng),
    wrong: rng.shuffle(wrong).map((key) => optionText(key, rng)),
  };
}

function cellTexts({ first, second, cell }: TwoFindingQuestion, rng: Rng): OptionTexts {
  const texts = {
    both: "Both",
    neither: "Neither",
    "only-first": capitalized(`only ${statementPhrase(first)}`),
    "only-second": capitalized(`only ${statementPhrase(second)}`),
  };
  const others = (["both", "only-first", "only-second", "neither"] as const).filter(
    (other) => other !== cell,
  );
  return { right: texts[cell], wrong: rng.shuffle(others).map((other) => texts[other]) };
}
