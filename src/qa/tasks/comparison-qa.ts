// Comparison-QA items: two recordings, signal or image each, four options (paper Table 3, Table 9).

import type { Modality } from "../plan/closed-question.ts";
import type {
  ChangeQuestion,
  ComparisonQuestion,
  PairModalities,
  WhichQuestion,
} from "../plan/comparison-question.ts";
import { seededOrder } from "../plan/strata.ts";
import type { QaItem, QaItemLabel } from "../qa-item.ts";
import {
  ASKED_CELL,
  CELL_TEXTS,
  CHANGE_CELLS,
  CHANGE_QUESTIONS,
  type Relation,
  WHICH_QUESTIONS,
} from "../templates/comparison-questions.ts";
import { fillTemplate } from "../templates/fill-template.ts";
import { isPluralPhrase, optionText, statementPhrase } from "../templates/statement-wording.ts";
import { optionAnswer, placeRight, withOptions } from "../write-options.ts";
import {
  type ItemOptions,
  itemContext,
  itemIdentity,
  itemLabels,
  itemRecord,
  type Subject,
} from "./item-parts.ts";

export type ComparedSubjects = {
  readonly first: Subject;
  readonly second: Subject;
  readonly relation: Relation;
};

const OUTPUT_FORMAT = "The letter and text of one option, e.g. `B: text`.";

/** The item of a planned comparison. In S-I either recording may be the image, settled by hash. */
export function comparisonItem(
  subjects: ComparedSubjects,
  question: ComparisonQuestion,
  options: ItemOptions,
): QaItem {
  const { first, second, relation } = subjects;
  const [firstModality, secondModality] = modalitiesOf(subjects, question.modalities, options.seed);
  const fact =
    question.kind === "change"
      ? `change:${question.dimension}:${question.key}`
      : `${question.form}:${question.dimension}=${question.right}`;
  const { rng, ...identity } = itemIdentity(
    "comparison-qa",
    [
      { recordId: first.record.recordId, modality: firstModality },
      { recordId: second.record.recordId, modality: secondModality },
    ],
    `${relation}/${fact}`,
    options.seed,
  );
  const wording =
    question.kind === "change"
      ? changeWording(question, relation, rng)
      : whichWording(question, relation, rng);
  return {
    ...identity,
    task: "comparison-qa",
    subset: "C",
    dimension: question.dimension,
    pair: { modalities: question.modalities, relation },
    records: [itemRecord(first.record, firstModality), itemRecord(second.record, secondModality)],
    context: [
      `First ECG: ${itemContext(first.record, firstModality, options)}`,
      `Second ECG: ${itemContext(second.record, secondModality, options)}`,
    ].join(" "),
    instruction: withOptions(wording.text, wording.options),
    options: wording.options,
    answer: optionAnswer(wording.options, question.place),
    fact,
    labels: comparedLabels(first, second, question),
    outputFormat: OUTPUT_FORMAT,
    source: first.record.source,
    templateId: wording.templateId,
  };
}

type Wording = { readonly text: string; readonly options: string[]; readonly templateId: string };
type Rng = ReturnType<typeof itemIdentity>["rng"];

/** "Yes" goes with the cell that the form asks for, "no" with the other three. */
function changeWording(question: ChangeQuestion, relation: Relation, rng: Rng): Wording {
  const template = rng.pick(CHANGE_QUESTIONS[relation][question.form]);
  const finding = statementPhrase(question.key);
  const asked = ASKED_CELL[question.form];
  const variant = rng.integer(2);
  const cellText = (cell: (typeof CHANGE_CELLS)[number]): string =>
    `${cell === asked ? "Yes" : "No"}, ${CELL_TEXTS[relation][cell][variant] ?? CELL_TEXTS[relation][cell][0]}`;
  const others = CHANGE_CELLS.filter((cell) => cell !== question.cell);
  return {
    text: fillTemplate(template.text, { finding, ...verbs(finding) }, rng),
    options: placeRight(cellText(question.cell), rng.shuffle(others).map(cellText), question.place),
    templateId: template.id,
  };
}

function verbs(finding: string): Readonly<Record<"is" | "has" | "does", string>> {
  return isPluralPhrase(finding)
    ? { is: "are", has: "have", does: "do" }
    : { is: "is", has: "has", does: "does" };
}

function whichWording(question: WhichQuestion, relation: Relation, rng: Rng): Wording {
  const template = rng.pick(WHICH_QUESTIONS[relation][question.form]);
  return {
    text: template.text,
    options: placeRight(
      optionText(question.right, rng),
      rng.shuffle(question.wrong).map((key) => optionText(key, rng)),
      question.place,
    ),
    templateId: template.id,
  };
}

function modalitiesOf(
  { first, second }: ComparedSubjects,
  modalities: PairModalities,
  seed: number,
): readonly [Modality, Modality] {
  if (modalities === "S-S") return ["signal", "signal"];
  if (modalities === "I-I") return ["image", "image"];
  const turn = seededOrder(seed, `${first.record.recordId}~${second.record.recordId}`) % 2;
  return turn === 0 ? ["signal", "image"] : ["image", "signal"];
}

/** Statements of the dimension in either recording; a statement of both stands once, with the first's likelihood. */
function comparedLabels(first: Subject, second: Subject, question: ComparisonQuestion): QaItemLabel[] {
  const labels = [...itemLabels(first, question.dimension), ...itemLabels(second, question.dimension)];
  return labels.filter((label, index) => labels.findIndex((other) => other.key === label.key) === index);
}
