// From planned questions and labels to items: one recording, or a pair. Pure, seeded, independent of other records.
import { assertSoundItem } from "./check-item.ts";
import type { ClosedQuestion, Modality } from "./plan/closed-question.ts";
import type { ComparisonQuestion } from "./plan/comparison-question.ts";
import { draftClosedQuestions } from "./plan/plan-closed-questions.ts";
import { inSeededOrder } from "./plan/strata.ts";
import { type QaItem, TASKS, type Task } from "./qa-item.ts";
import type { QaRecord } from "./qa-record.ts";
import { recordFacts } from "./record-facts.ts";
import { closedItem } from "./tasks/closed-qa.ts";
import { comparisonItem } from "./tasks/comparison-qa.ts";
import type { ItemOptions, Subject } from "./tasks/item-parts.ts";
import { openItems } from "./tasks/open-qa.ts";
import { predictionItems } from "./tasks/prediction.ts";
import { reportItems } from "./tasks/report.ts";
import type { Relation } from "./templates/comparison-questions.ts";

export type BuildOptions = ItemOptions & {
  /**
   * The record's questions of a corpus plan (`planClosedQuestions`); an empty list asks none. Left out: questions
   * drafted from this record alone, which are not balanced against others.
   */
  readonly closedQuestions?: readonly ClosedQuestion[];
  /** Figure 7's rule 2 to the letter, for drafted questions. Default false. */
  readonly figure7Strict?: boolean;
  /** Default all. */
  readonly tasks?: readonly Task[];
  /** Default both. */
  readonly modalities?: readonly Modality[];
  /** At most this many items, taken in turn from each task in seeded order. Default all. */
  readonly perRecord?: number;
};

/**
 * The items of one recording: closed and open questions, reports (each as signal and as image) and predictions.
 *
 * Depends on the record, the options and the seed only, so that a record's items are the same bytes in any company.
 * Order: tasks as in `TASKS`, then by fact.
 */
export function buildRecordItems(record: QaRecord, options: BuildOptions): QaItem[] {
  const subject: Subject = { record, facts: recordFacts(record) };
  const modalities = options.modalities ?? ["signal", "image"];
  const tasks = new Set<Task>(options.tasks ?? TASKS);
  const items: QaItem[] = [];
  if (tasks.has("closed-qa")) {
    const questions = options.closedQuestions ?? draftClosedQuestions(record, options);
    for (const question of questions) {
      if (modalities.includes(question.modality)) items.push(closedItem(subject, question, options));
    }
  }
  for (const modality of modalities) {
    if (tasks.has("open-qa")) items.push(...openItems(subject, modality, options));
    if (tasks.has("report")) items.push(...reportItems(subject, modality, options));
  }
  if (tasks.has("prediction") && modalities.includes("signal")) {
    items.push(...predictionItems(subject, options));
  }
  const taken = takeInTurn(items, options.perRecord, options.seed);
  for (const item of taken) assertSoundItem(item, subject);
  return sortItems(taken);
}

export type ItemPair = {
  readonly first: QaRecord;
  readonly second: QaRecord;
  readonly relation: Relation;
  /** The pair's questions of `planComparisons`. */
  readonly questions: readonly ComparisonQuestion[];
};

/** The comparison items of a planned pair. */
export function buildComparisonItems(pair: ItemPair, options: ItemOptions): QaItem[] {
  const subjects = {
    first: { record: pair.first, facts: recordFacts(pair.first) },
    second: { record: pair.second, facts: recordFacts(pair.second) },
    relation: pair.relation,
  };
  const items = pair.questions.map((question) => comparisonItem(subjects, question, options));
  for (const item of items) assertSoundItem(item);
  return sortItems(items);
}

function takeInTurn(items: readonly QaItem[], limit: number | undefined, seed: number): readonly QaItem[] {
  if (limit === undefined || items.length <= limit) return items;
  const queues = TASKS.map((task) =>
    inSeededOrder(
      items.filter((item) => item.task === task),
      seed,
      (item) => item.id,
    ),
  );
  const taken: QaItem[] = [];
  for (let turn = 0; taken.length < limit; turn++) {
    for (const queue of queues) {
      const item = queue[turn];
      if (item !== undefined && taken.length < limit) taken.push(item);
    }
  }
  return taken;
}

function sortItems(items: readonly QaItem[]): QaItem[] {
  const rank = (item: QaItem): number => TASKS.indexOf(item.task);
  return [...items].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}
