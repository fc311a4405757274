// What may be asked of each training recording, with weights that make every answer of a question equally frequent: a model
// then learns to look, for the question alone tells nothing (the balance of `planClosedQuestions`, over all recordings).

import { optionKey } from "../../qa/check-item.ts";
import { recordChoices, relatedAnswers } from "../../qa/plan/closed-candidates.ts";
import type { ClosedQuestion, Modality, TwoFindingCell } from "../../qa/plan/closed-question.ts";
import type { AnswerKey, RecordFacts } from "../../qa/record-facts.ts";
import { DIMENSIONS, type Dimension, type StatementKey } from "../../record/statement.ts";
import type { Rng } from "../../shared/rng.ts";
import type { Corpus, CorpusRecord } from "./training-corpus.ts";

/** A closed question that fits a recording. */
export type ClosedChance =
  | {
      readonly kind: "choice";
      readonly dimension: Dimension;
      readonly right: AnswerKey;
      readonly wrong: readonly AnswerKey[];
    }
  | {
      readonly kind: "two-findings";
      readonly dimension: Dimension;
      readonly first: StatementKey;
      readonly second: StatementKey;
      readonly cell: TwoFindingCell;
    };

export type Check = { readonly key: StatementKey; readonly present: boolean };

type Weighted<T> = { readonly values: readonly T[]; readonly cumulative: Float64Array };

export type QuestionBank = {
  drawClosed(recordId: string, rng: Rng): ClosedChance | undefined;
  /** Different statements, each present or absent for sure. */
  drawChecks(recordId: string, count: number, rng: Rng): Check[];
  /** A recording, those with seldom right answers more often. */
  drawRecord(rng: Rng): CorpusRecord;
};

/** Statements with fewer certain recordings than this are not checked. */
const FEWEST_PRESENT = 4;
/** From this many certain recordings on, a statement is checked no more often. */
const FULL_WEIGHT_PRESENT = 40;

/** Gather questions from the corpus: the option sets of its own closed items, over every recording that they fit. */
export function makeQuestionBank(corpus: Corpus): QuestionBank {
  const sets = optionSets(corpus);
  const closed = new Map<string, Weighted<ClosedChance>>();
  const found = corpus.records.map((entry) => ({ entry, chances: chancesOf(entry, sets) }));
  const counts = new Map<string, number>();
  for (const { chances } of found) {
    for (const { key } of chances) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const recordWeights: number[] = [];
  for (const { entry, chances } of found) {
    const weights = chances.map(({ key }) => 1 / counts.get(key)!);
    closed.set(
      entry.id,
      weighted(
        chances.map(({ chance }) => chance),
        weights,
      ),
    );
    recordWeights.push(weights.reduce((sum, value) => sum + value, 0));
  }
  const checks = checksOf(corpus.records);
  const mean = recordWeights.reduce((sum, value) => sum + value, 0) / recordWeights.length;
  const records = weighted(
    corpus.records,
    recordWeights.map((weight) => 0.4 + 0.6 * Math.min(6, weight / mean)),
  );
  return {
    drawClosed: (recordId, rng) => {
      const list = closed.get(recordId);
      return list && list.values.length > 0 ? draw(list, rng) : undefined;
    },
    drawChecks: (recordId, count, rng) => {
      const list = checks.get(recordId);
      if (!list || list.values.length === 0) return [];
      const drawn = new Map<string, Check>();
      for (let i = 0; i < 3 * count && drawn.size < count; i++) {
        const check = draw(list, rng);
        drawn.set(check.key, check);
      }
      return [...drawn.values()];
    },
    drawRecord: (rng) => draw(records, rng),
  };
}

/** The question in words needs a modality and a letter. */
export function placeClosed(chance: ClosedChance, modality: Modality, rng: Rng): ClosedQuestion {
  return { ...chance, modality, place: rng.integer(4) };
}

type OptionSet =
  | { readonly kind: "choice"; readonly dimension: Dimension; readonly keys: readonly AnswerKey[] }
  | {
      readonly kind: "two";
      readonly dimension: Dimension;
      readonly first: StatementKey;
      readonly second: StatementKey;
    };

function optionSets(corpus: Corpus): OptionSet[] {
  const sets = new Map<string, OptionSet>();
  for (const items of corpus.singles.values()) {
    for (const { task, dimension, options, fact } of items) {
      if (task !== "closed-qa" || !options || !dimension) continue;
      const two = /^two:\w+:(.+)&(.+)$/.exec(fact);
      if (two) {
        sets.set(fact, {
          kind: "two",
          dimension,
          first: two[1] as StatementKey,
          second: two[2] as StatementKey,
        });
        continue;
      }
      const keys = options.map(optionKey);
      if (!fact.startsWith("choice:") || keys.some((key) => key === undefined)) continue;
      const sorted = (keys as AnswerKey[]).slice().sort();
      sets.set(`${dimension}|${sorted.join("|")}`, { kind: "choice", dimension, keys: sorted });
    }
  }
  return [...sets.values()];
}

function chancesOf(entry: CorpusRecord, sets: readonly OptionSet[]): { key: string; chance: ClosedChance }[] {
  const { facts, record } = entry;
  const choices = recordChoices(facts, { strict: false, labelScope: record.labelScope });
  const chances: { key: string; chance: ClosedChance }[] = [];
  for (const set of sets) {
    if (set.kind === "two") {
      const cell = cellOf(facts, set);
      if (!cell) continue;
      const { dimension, first, second } = set;
      chances.push({
        key: `${dimension}|${first}&${second}|${cell}`,
        chance: { kind: "two-findings", dimension, first, second, cell },
      });
      continue;
    }
    for (const { dimension, right, wrong } of choices) {
      if (dimension !== set.dimension) continue;
      const hits = set.keys.filter((key) => right.includes(key));
      if (hits.length !== 1) continue;
      const others = set.keys.filter((key) => key !== hits[0]);
      if (!others.every((key) => wrong.includes(key))) continue;
      if (others.some((key) => relatedAnswers(key, hits[0]!))) continue;
      chances.push({
        key: `${dimension}|${set.keys.join("|")}|${hits[0]}`,
        chance: { kind: "choice", dimension, right: hits[0]!, wrong: others },
      });
    }
  }
  return chances;
}

function cellOf(
  facts: RecordFacts,
  { dimension, first, second }: { dimension: Dimension; first: StatementKey; second: StatementKey },
): TwoFindingCell | undefined {
  const states = [first, second].map((key) =>
    facts[dimension].certain.includes(key) ? 1 : facts[dimension].absent.includes(key) ? 0 : undefined,
  );
  if (states[0] === undefined || states[1] === undefined) return undefined;
  if (states[0] === 1) return states[1] === 1 ? "both" : "only-first";
  return states[1] === 1 ? "only-second" : "neither";
}

function checksOf(records: readonly CorpusRecord[]): Map<string, Weighted<Check>> {
  const lists = records.map(({ facts }) => {
    const present = new Set(DIMENSIONS.flatMap((dimension) => facts[dimension].certain));
    const absent = new Set(
      DIMENSIONS.flatMap((dimension) => facts[dimension].absent).filter(
        (key): key is StatementKey => !key.startsWith("none:"),
      ),
    );
    return { present, absent };
  });
  const yes = new Map<string, number>();
  const no = new Map<string, number>();
  for (const { present, absent } of lists) {
    for (const key of present) yes.set(key, (yes.get(key) ?? 0) + 1);
    for (const key of absent) no.set(key, (no.get(key) ?? 0) + 1);
  }
  return new Map(
    records.map(({ id }, index) => {
      const checks: Check[] = [];
      const weights: number[] = [];
      const { present, absent } = lists[index]!;
      const push = (key: StatementKey, isPresent: boolean): void => {
        const [count, others] = [yes.get(key) ?? 0, no.get(key) ?? 0];
        if (count < FEWEST_PRESENT || others < FEWEST_PRESENT) return;
        const share = Math.sqrt(Math.min(count, others, FULL_WEIGHT_PRESENT));
        checks.push({ key, present: isPresent });
        weights.push(share / (isPresent ? count : others));
      };
      for (const key of present) push(key, true);
      for (const key of absent) push(key, false);
      return [id, weighted(checks, weights)];
    }),
  );
}

function weighted<T>(values: readonly T[], weights: readonly number[]): Weighted<T> {
  const cumulative = new Float64Array(values.length);
  let total = 0;
  for (const [index, weight] of weights.entries()) {
    total += weight;
    cumulative[index] = total;
  }
  return { values, cumulative };
}

function draw<T>({ values, cumulative }: Weighted<T>, rng: Rng): T {
  const target = rng.next() * cumulative[cumulative.length - 1]!;
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return values[low]!;
}
