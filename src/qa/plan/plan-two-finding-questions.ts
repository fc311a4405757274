// "Both, only one, neither?": questions on two findings, asked of four recordings, one for each answer.
import { areRelated } from "../../labels/find-statement.ts";
import { DIMENSIONS, type Dimension, type StatementKey } from "../../record/statement.ts";
import { type AnswerKey, leadingDiagnoses, type RecordFacts } from "../record-facts.ts";
import type { PlannedRecord } from "./closed-candidates.ts";
import { TWO_FINDING_CELLS, type TwoFindingCell } from "./closed-question.ts";
import { inSeededOrder, seededOrder, strataOf } from "./strata.ts";

export type TwoFindingPlan = {
  readonly recordId: string;
  readonly dimension: Dimension;
  readonly first: StatementKey;
  readonly second: StatementKey;
  readonly cell: TwoFindingCell;
};

export type TwoFindingOptions = {
  readonly seed: number;
  /** Questions of this kind that a record may get in one dimension. */
  readonly perRecord: number;
  /** Recordings with both findings that are asked for one pair of findings. */
  readonly perPair: number;
};

type Member = { readonly record: PlannedRecord; readonly facts: RecordFacts };

/**
 * Questions on every pair of unrelated findings that some recording has together.
 *
 * Each pair is asked, within a split, of as many recordings with both as with the first only, the second only and
 * neither, matched by age, sex and source, so that neither the findings' names nor the patient tell the answer.
 */
export function planTwoFindingQuestions(
  members: readonly Member[],
  options: TwoFindingOptions,
): TwoFindingPlan[] {
  const ordered = inSeededOrder(members, options.seed, (member) => member.record.recordId);
  const splits = [...new Set(ordered.map((member) => member.record.split ?? ""))].sort();
  return splits.flatMap((split) => {
    const inSplit = ordered.filter((member) => (member.record.split ?? "") === split);
    return DIMENSIONS.flatMap((dimension) => planDimension(inSplit, dimension, options));
  });
}

type Pair = { readonly first: StatementKey; readonly second: StatementKey };

/** A recording with the dimension's certain and absent findings as sets. */
type Candidate = {
  readonly recordId: string;
  readonly strata: readonly string[];
  readonly certain: ReadonlySet<AnswerKey>;
  readonly absent: ReadonlySet<AnswerKey>;
};

function planDimension(
  members: readonly Member[],
  dimension: Dimension,
  options: TwoFindingOptions,
): TwoFindingPlan[] {
  const candidates = members
    .filter((member) => mayBeAsked(member, dimension))
    .map(
      ({ record, facts }): Candidate => ({
        recordId: record.recordId,
        strata: strataOf(record),
        certain: new Set(facts[dimension].certain),
        absent: new Set(facts[dimension].absent),
      }),
    );
  const used = new Map<string, number>();
  const isFree = (candidate: Candidate): boolean => (used.get(candidate.recordId) ?? 0) < options.perRecord;
  const plans: TwoFindingPlan[] = [];
  for (const pair of inSeededOrder(pairsTogether(members, dimension), options.seed, pairId)) {
    const pools = poolsOf(candidates, pair);
    let asked = 0;
    for (const both of pools.both.all) {
      if (asked === options.perPair) break;
      if (!isFree(both)) continue;
      const quartet = {
        both,
        "only-first": pools["only-first"].takeLike(both, isFree),
        "only-second": pools["only-second"].takeLike(both, isFree),
        neither: pools.neither.takeLike(both, isFree),
      };
      if (TWO_FINDING_CELLS.some((cell) => quartet[cell] === undefined)) break;
      for (const cell of TWO_FINDING_CELLS) {
        const recordId = quartet[cell]?.recordId ?? "";
        used.set(recordId, (used.get(recordId) ?? 0) + 1);
        plans.push({ recordId, dimension, first: pair.first, second: pair.second, cell });
      }
      asked++;
    }
  }
  return plans;
}

/** A recording without a likely diagnosis gets no closed question on diagnoses (design 4.4). */
function mayBeAsked({ record, facts }: Member, dimension: Dimension): boolean {
  const { labelScope } = record;
  return dimension !== "diagnosis" || leadingDiagnoses(facts, { strict: false, labelScope }).length > 0;
}

function pairId(pair: Pair): string {
  return `${pair.first}&${pair.second}`;
}

/** Unrelated pairs of certain findings that occur together; which one is named first is settled by hash. */
function pairsTogether(members: readonly Member[], dimension: Dimension): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { facts } of members) {
    const { certain } = facts[dimension];
    for (const [index, a] of certain.entries()) {
      for (const b of certain.slice(index + 1)) {
        if (areRelated(a, b) || a === "scp:NORM" || b === "scp:NORM") continue;
        const [low, high] = a < b ? [a, b] : [b, a];
        const turn = seededOrder(0, `${low}&${high}`) % 2 === 0;
        pairs.set(`${low}&${high}`, turn ? { first: low, second: high } : { first: high, second: low });
      }
    }
  }
  return [...pairs.values()];
}

function poolsOf(candidates: readonly Candidate[], pair: Pair): Record<TwoFindingCell, Pool> {
  const pools = {
    both: new Pool(),
    "only-first": new Pool(),
    "only-second": new Pool(),
    neither: new Pool(),
  };
  for (const candidate of candidates) {
    const first = candidate.certain.has(pair.first);
    const second = candidate.certain.has(pair.second);
    if ((!first && !candidate.absent.has(pair.first)) || (!second && !candidate.absent.has(pair.second)))
      continue;
    const cell = first ? (second ? "both" : "only-first") : second ? "only-second" : "neither";
    pools[cell].add(candidate);
  }
  return pools;
}

/** Recordings with one answer, in seeded order, to be taken by likeness. */
class Pool {
  readonly all: Candidate[] = [];
  readonly #byStratum = new Map<string, Candidate[]>();
  readonly #taken = new Set<Candidate>();

  add(candidate: Candidate): void {
    this.all.push(candidate);
    for (const stratum of ["", ...candidate.strata]) {
      const list = this.#byStratum.get(stratum) ?? [];
      list.push(candidate);
      this.#byStratum.set(stratum, list);
    }
  }

  /** The first free recording of the finest stratum of `model` that has one; it is not given again. */
  takeLike(model: Candidate, isFree: (candidate: Candidate) => boolean): Candidate | undefined {
    for (const stratum of [...model.strata].reverse().concat("")) {
      const list = this.#byStratum.get(stratum) ?? [];
      while (list.length > 0) {
        const candidate = list.shift();
        if (candidate === undefined || this.#taken.has(candidate) || !isFree(candidate)) continue;
        this.#taken.add(candidate);
        return candidate;
      }
    }
    return undefined;
  }
}
