// analyseErrors: what a run gets wrong among closed questions: by statement, source and modality, and what it confuses.
import { optionKey } from "../qa/check-item.ts";
import type { QaItem } from "../qa/qa-item.ts";
import { bootstrapMean, type Estimate } from "../shared/patient-bootstrap.ts";
import { parseChoice } from "./metrics/parse-choice.ts";
import { asScoredItem, type ScoredAnswer, type ScoredRun } from "./score-items.ts";

/** Accuracy over the closed questions of one kind. */
export type ErrorGroup = { readonly name: string; readonly accuracy: Estimate };

/** How often `chosen` was answered where `right` was right. */
export type Confusion = { readonly right: string; readonly chosen: string; readonly count: number };

export type ErrorAnalysis = {
  readonly model: string;
  readonly items: number;
  /** Statements that are the right answer, or one of two asked about; commonest first. */
  readonly statements: readonly ErrorGroup[];
  /** Sources, and z-scored ones apart from those in mV. */
  readonly sources: readonly ErrorGroup[];
  /** Signals and images, each by dimension. */
  readonly modalities: readonly ErrorGroup[];
  /** "Which of four" and "both, one or neither of two", by modality. */
  readonly kinds: readonly ErrorGroup[];
  /** Most frequent first. */
  readonly confusions: readonly Confusion[];
  readonly wrong: readonly ScoredAnswer[];
};

/** `isZScored` tells recordings without voltages by id. Failed and unparsed answers are wrong and confuse nothing. */
export function analyseErrors(run: ScoredRun, isZScored: (recordId: string) => boolean): ErrorAnalysis {
  const closed = run.answers.filter(({ item }) => item.task === "closed-qa" && item.options);
  const seed = run.run.seed;
  const grouped = (namesOf: (item: QaItem) => readonly string[]): ErrorGroup[] =>
    groupAnswers(closed, namesOf, seed);
  return {
    model: run.run.model.id,
    items: closed.length,
    statements: grouped(askedStatements).sort((a, b) => b.accuracy.items - a.accuracy.items || byName(a, b)),
    sources: grouped(({ source, records }) => [
      records.some(({ recordId }) => isZScored(recordId)) ? "all z-scored" : "all in mV",
      source,
    ]).sort(byName),
    modalities: grouped(({ records, dimension }) => {
      const modality = records[0]?.modality ?? "signal";
      return [modality, `${modality}, ${dimension ?? "all"}`];
    }).sort(byName),
    kinds: grouped(({ records, fact }) => [
      `${records[0]?.modality ?? "signal"}, ${fact.startsWith("two:") ? "two findings" : "one of four"}`,
    ]).sort(byName),
    confusions: confusionsOf(closed),
    wrong: closed.filter(({ score }) => score.values["accuracy"] !== 1),
  };
}

function byName(a: ErrorGroup, b: ErrorGroup): number {
  return a.name < b.name ? -1 : 1;
}

function groupAnswers(
  answers: readonly ScoredAnswer[],
  namesOf: (item: QaItem) => readonly string[],
  seed: number,
): ErrorGroup[] {
  const groups = new Map<string, ScoredAnswer[]>();
  for (const answer of answers) {
    for (const name of namesOf(answer.item)) groups.set(name, [...(groups.get(name) ?? []), answer]);
  }
  return [...groups].map(([name, members]) => ({
    name,
    accuracy: bootstrapMean(
      members.map(({ item, score }) => asScoredItem(item, score.values["accuracy"] ?? 0)),
      { seed },
    ),
  }));
}

/** The statement that is right; of a question about two findings both. */
export function askedStatements(item: QaItem): string[] {
  const two = /^two:\w+:(.+)&(.+)$/.exec(item.fact);
  if (two) return [two[1] ?? "", two[2] ?? ""];
  return [meaning(item.answer.replace(/^[A-Z]: /, ""))];
}

/** An option freed of its wording: a statement's key, or how two findings stand. */
function meaning(option: string): string {
  if (/^(both|neither)$/i.test(option)) return option.toLowerCase();
  if (/^only /i.test(option)) return "only one of two";
  return optionKey(option) ?? option;
}

function confusionsOf(answers: readonly ScoredAnswer[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const { item, answer, score } of answers) {
    const options = item.options ?? [];
    const { index } = parseChoice(answer.text, options);
    if (score.values["accuracy"] === 1 || index === undefined || answer.error !== undefined) continue;
    const right = meaning(item.answer.replace(/^[A-Z]: /, ""));
    const chosen = meaning(options[index] ?? "");
    const key = `${right}|${chosen}`;
    counts.set(key, { right, chosen, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort(
    (a, b) => b.count - a.count || (`${a.right}${a.chosen}` < `${b.right}${b.chosen}` ? -1 : 1),
  );
}
