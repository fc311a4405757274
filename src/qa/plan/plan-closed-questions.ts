// The closed questions of a whole corpus: which are asked, with which wrong options, under which letters.
import { DIMENSIONS, type Dimension } from "../../record/statement.ts";
import { createRng } from "../../shared/rng.ts";
import { type AnswerKey, type RecordFacts, recordFacts } from "../record-facts.ts";
import { assignPlaces } from "./assign-places.ts";
import { type PlannedRecord, recordChoices, relatedAnswers } from "./closed-candidates.ts";
import type { ChoiceQuestion, ClosedQuestion, Modality, TwoFindingQuestion } from "./closed-question.ts";
import { type ChoiceCandidate, type KeyCount, matchQuartets } from "./match-quartets.ts";
import { planTwoFindingQuestions } from "./plan-two-finding-questions.ts";
import { inSeededOrder, strataOf } from "./strata.ts";

export type ClosedPlanOptions = {
  readonly seed: number;
  /** Figure 7's rule 2 to the letter: nothing at 60 or more is answered with "normal". Default false. */
  readonly figure7Strict?: boolean;
  /** Default both. */
  readonly modalities?: readonly Modality[];
};

/** What became of one dimension's candidates for "which of these four". */
export type DimensionBalance = {
  readonly dimension: Dimension;
  readonly asked: number;
  /** Candidates without partners: their answer is too frequent, or nothing else may be offered beside it. */
  readonly dropped: number;
  readonly keys: readonly KeyCount[];
};

export type ClosedPlan = {
  /** Questions by record id; records without one are absent. */
  readonly byRecord: ReadonlyMap<string, readonly ClosedQuestion[]>;
  readonly balance: readonly DimensionBalance[];
  /** Number of questions on two findings. */
  readonly twoFindingCount: number;
};

/**
 * Plan the closed questions of a set of recordings from their labels alone (a first pass, no signals).
 *
 * Questions come in fours with the same options or the same two findings, each answer right once, within a split
 * and a modality (`matchQuartets`, `planTwoFindingQuestions`); what is dropped for that, `balance` counts. Letters
 * are uniform over the whole set. Deterministic in the set of records and the seed; the order of `records` does not
 * matter. Plain data: a record's questions can be sent to another thread.
 */
export function planClosedQuestions(
  records: readonly PlannedRecord[],
  options: ClosedPlanOptions,
): ClosedPlan {
  const modalities = options.modalities ?? ["signal", "image"];
  const members = records.map((record) => ({ record, facts: recordFacts(record) }));
  const choices = planChoices(members, modalities, options);
  const pairs = planPairsOfFindings(members, modalities, options.seed);
  const drafts = [...choices.drafts, ...pairs];
  const places = assignPlaces(
    drafts.map((draft) => draft.id),
    options.seed,
  );
  const byRecord = new Map<string, ClosedQuestion[]>();
  for (const { id, recordId, question } of drafts) {
    const questions = byRecord.get(recordId) ?? [];
    questions.push({ ...question, place: places.get(id) ?? 0 });
    byRecord.set(recordId, questions);
  }
  return { byRecord, balance: choices.balance, twoFindingCount: pairs.length };
}

/**
 * Closed questions of one recording on its own: wrong options drawn evenly, letters at random. For a look at one
 * file; a set built this way leaks (the frequent answers are right whenever they are offered).
 */
export function draftClosedQuestions(record: PlannedRecord, options: ClosedPlanOptions): ClosedQuestion[] {
  const facts = recordFacts(record);
  const questions: ClosedQuestion[] = [];
  for (const modality of options.modalities ?? ["signal", "image"]) {
    for (const choice of recordChoices(facts, {
      strict: options.figure7Strict ?? false,
      labelScope: record.labelScope,
    })) {
      const rng = createRng(`${options.seed}|${record.recordId}|${modality}|${choice.right.join()}`);
      const right = rng.pick(choice.right);
      const wrong: AnswerKey[] = [];
      for (const key of rng.shuffle(choice.wrong)) {
        if (wrong.length < 3 && !wrong.some((other) => relatedAnswers(key, other))) wrong.push(key);
      }
      if (wrong.length < 3) continue;
      const { dimension } = choice;
      questions.push({ kind: "choice", modality, dimension, right, wrong, place: rng.integer(4) });
    }
  }
  return questions;
}

type Member = { readonly record: PlannedRecord; readonly facts: RecordFacts };
type Draft = { readonly id: string; readonly recordId: string; readonly question: ClosedQuestion };

function planChoices(
  members: readonly Member[],
  modalities: readonly Modality[],
  options: ClosedPlanOptions,
): { readonly drafts: readonly Draft[]; readonly balance: readonly DimensionBalance[] } {
  const strict = options.figure7Strict ?? false;
  const perMember = members.map((member) => ({
    ...member,
    choices: recordChoices(member.facts, { strict, labelScope: member.record.labelScope }),
  }));
  const frequency = new Map<string, number>();
  for (const { choices } of perMember) {
    for (const { right } of choices)
      for (const key of right) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  }
  const drafts: Draft[] = [];
  const balance: DimensionBalance[] = [];
  for (const dimension of DIMENSIONS) {
    const sources = new Map<string, { recordId: string; modality: Modality }>();
    const candidates: ChoiceCandidate[] = [];
    for (const { record, choices } of perMember) {
      for (const choice of choices.filter((candidate) => candidate.dimension === dimension)) {
        const right = rarest(choice.right, frequency);
        for (const modality of modalities) {
          const id = `${record.recordId}|${modality}|choice|${dimension}|${right}`;
          sources.set(id, { recordId: record.recordId, modality });
          candidates.push({
            id,
            right,
            allowed: choice.wrong,
            group: `${record.split ?? ""}|${modality}`,
            strata: strataOf(record),
          });
        }
      }
    }
    const result = matchQuartets(candidates, { seed: options.seed, related: relatedAnswers });
    for (const { id, right, wrong } of result.chosen) {
      const source = sources.get(id);
      if (source === undefined) continue;
      const question: ChoiceQuestion = {
        kind: "choice",
        modality: source.modality,
        dimension,
        right: right as AnswerKey,
        wrong: wrong as readonly AnswerKey[],
        place: 0,
      };
      drafts.push({ id, recordId: source.recordId, question });
    }
    balance.push({
      dimension,
      asked: result.chosen.length,
      dropped: result.dropped.length,
      keys: result.keys,
    });
  }
  return { drafts, balance };
}

/** Of tying answers the one that the fewest records have: it tells the most. */
function rarest(keys: readonly AnswerKey[], frequency: ReadonlyMap<string, number>): AnswerKey {
  return [...keys].sort(
    (a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1),
  )[0] as AnswerKey;
}

function planPairsOfFindings(
  members: readonly Member[],
  modalities: readonly Modality[],
  seed: number,
): Draft[] {
  const plans = planTwoFindingQuestions(members, { seed, perRecord: 2, perPair: perPair(members.length) });
  const drafts = plans.flatMap((plan) =>
    modalities.map((modality): Draft => {
      const { recordId, dimension, first, second, cell } = plan;
      const question: TwoFindingQuestion = {
        kind: "two-findings",
        modality,
        dimension,
        first,
        second,
        cell,
        place: 0,
      };
      return { id: `${recordId}|${modality}|two|${dimension}|${first}|${second}`, recordId, question };
    }),
  );
  return inSeededOrder(drafts, seed, (draft) => draft.id);
}

/** A frequent pair may not crowd out the others; large corpora may ask it more often. */
function perPair(recordCount: number): number {
  return Math.max(4, Math.round(Math.sqrt(recordCount)));
}
