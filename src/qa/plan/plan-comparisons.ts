// The comparison questions of a whole corpus: pairs, what is asked of each, every answer equally often.
import { areRelated } from "../../labels/find-statement.ts";
import { DIMENSIONS, type Dimension, type StatementKey } from "../../record/statement.ts";
import { recordFacts } from "../record-facts.ts";
import {
  CHANGE_CELLS,
  CHANGE_FORMS,
  type ChangeCell,
  RELATIONS,
  type Relation,
  WHICH_FORMS,
  type WhichForm,
} from "../templates/comparison-questions.ts";
import { assignPlaces } from "./assign-places.ts";
import type { ComparisonQuestion, PairModalities, PlannedPair } from "./comparison-question.ts";
import { type ChoiceCandidate, matchQuartets } from "./match-quartets.ts";
import { type ComparedRecord, type PairOptions, planPairs, type RecordPair } from "./plan-pairs.ts";
import { inSeededOrder, seededOrder, strataOf } from "./strata.ts";

export type ComparisonPlanOptions = PairOptions & {
  /** Default all three. */
  readonly modalities?: readonly PairModalities[];
  /**
   * Questions on how a finding changed that one pair may get (twice as many are drawn for "which finding", of which some
   * find partners), before modalities. Default 1: with it, PTB-XL gives about 400,000 items in all.
   */
  readonly questionsPerPair?: number;
};

export type ComparisonPlan = {
  /** Pairs with at least one question. */
  readonly pairs: readonly PlannedPair[];
  readonly changeCount: number;
  readonly whichCount: number;
};

const ALL_MODALITIES: readonly PairModalities[] = ["S-S", "I-I", "S-I"];

/**
 * Plan the comparison questions of a set of recordings from their labels alone.
 *
 * "How did X change" is asked as often where X went, stayed, appeared and was never there, for each X and relation;
 * "which finding is new / gone / kept" comes in quartets with the same options. Both within a split. Letters are
 * uniform.
 * Deterministic in the set of records and the seed; plain data.
 */
export function planComparisons(
  records: readonly ComparedRecord[],
  options: ComparisonPlanOptions,
): ComparisonPlan {
  const status = new Map(records.map((record) => [record.recordId, statusOf(record)]));
  const pairs = planPairs(records, options).map((pair): Pair => {
    const first = status.get(pair.first.recordId) ?? NO_STATUS;
    const second = status.get(pair.second.recordId) ?? NO_STATUS;
    return {
      ...pair,
      id: `${pair.first.recordId}+${pair.second.recordId}|${pair.relation}`,
      first,
      second,
      pair,
    };
  });
  const drafts = RELATIONS.flatMap((relation) => {
    // Patients with a second recording are few: what can be asked of them is.
    const perPair = (options.questionsPerPair ?? 1) * (relation === "consecutive" ? 4 : 1);
    const related = inSeededOrder(
      pairs.filter((pair) => pair.relation === relation),
      options.seed,
      (pair) => pair.id,
    );
    return [
      ...splitsOf(related).flatMap((inSplit) => planChanges(inSplit, perPair, options.seed)),
      ...planWhich(related, perPair, options.seed),
    ];
  });
  return expand(pairs, drafts, options);
}

type Status = Readonly<
  Record<
    Dimension,
    { readonly certain: ReadonlySet<StatementKey>; readonly absent: ReadonlySet<StatementKey> }
  >
>;
type Pair = {
  readonly id: string;
  readonly relation: Relation;
  readonly first: Status;
  readonly second: Status;
  readonly pair: RecordPair;
};
type WithoutPlace<T> = T extends ComparisonQuestion ? Omit<T, "place" | "modalities"> : never;
type Draft = {
  readonly pair: Pair;
  readonly id: string;
  readonly question: WithoutPlace<ComparisonQuestion>;
};

const EMPTY = { certain: new Set<StatementKey>(), absent: new Set<StatementKey>() };
const NO_STATUS: Status = { diagnosis: EMPTY, waveform: EMPTY, rhythm: EMPTY, misc: EMPTY };

function statusOf(record: ComparedRecord): Status {
  const facts = recordFacts(record);
  const of = (dimension: Dimension): Status[Dimension] => ({
    certain: new Set(facts[dimension].certain),
    absent: new Set(facts[dimension].absent.filter((key): key is StatementKey => !key.startsWith("none:"))),
  });
  return { diagnosis: of("diagnosis"), waveform: of("waveform"), rhythm: of("rhythm"), misc: of("misc") };
}

function splitsOf(pairs: readonly Pair[]): Pair[][] {
  const splits = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const split = pair.pair.first.split ?? "";
    const list = splits.get(split) ?? [];
    list.push(pair);
    splits.set(split, list);
  }
  return [...splits.keys()].sort().map((split) => splits.get(split) ?? []);
}

/** Equal numbers of the four cells for every finding that has all of them. */
function planChanges(pairs: readonly Pair[], perPair: number, seed: number): Draft[] {
  const drafts: Draft[] = [];
  const used = new Map<string, number>();
  for (const dimension of DIMENSIONS) {
    const findings = new Set(
      pairs.flatMap((pair) => [...pair.first[dimension].certain, ...pair.second[dimension].certain]),
    );
    findings.delete("scp:NORM");
    for (const key of inSeededOrder([...findings], seed, (finding) => finding)) {
      const pools: Record<ChangeCell, Pair[]> = { gone: [], kept: [], new: [], never: [] };
      for (const pair of pairs) {
        const cell = cellOf(pair, dimension, key);
        if (cell !== undefined && (used.get(pair.id) ?? 0) < perPair) pools[cell].push(pair);
      }
      const count = Math.min(...CHANGE_CELLS.map((cell) => pools[cell].length));
      const taken = new Set<string>();
      for (let at = 0; at < count; at++) {
        for (const cell of CHANGE_CELLS) {
          const pair = pools[cell][at];
          if (pair === undefined || taken.has(pair.id)) continue;
          taken.add(pair.id);
          used.set(pair.id, (used.get(pair.id) ?? 0) + 1);
          const form =
            CHANGE_FORMS[seededOrder(seed, `${pair.id}|${key}`) % CHANGE_FORMS.length] ?? "eliminated";
          drafts.push({
            pair,
            id: `${pair.id}|change|${key}`,
            question: { kind: "change", dimension, key, form, cell },
          });
        }
      }
    }
  }
  return drafts;
}

function cellOf(pair: Pair, dimension: Dimension, key: StatementKey): ChangeCell | undefined {
  const state = (status: Status): boolean | undefined =>
    status[dimension].certain.has(key) ? true : status[dimension].absent.has(key) ? false : undefined;
  const before = state(pair.first);
  const after = state(pair.second);
  if (before === undefined || after === undefined) return undefined;
  if (before) return after ? "kept" : "gone";
  return after ? "new" : "never";
}

/** Quartets within each form and dimension; of the questions a pair allows, the first few in seeded order. */
function planWhich(pairs: readonly Pair[], perPair: number, seed: number): Draft[] {
  const drafts = new Map<string, Draft>();
  const candidates: ChoiceCandidate[] = [];
  for (const pair of pairs) {
    for (const { id, form, dimension, right } of whichQuestions(pair, seed).slice(0, 2 * perPair)) {
      const { ageBand, strata } = askedStrata(pair.pair, form);
      candidates.push({
        id,
        right,
        allowed: wrongOf(pair, dimension, form).filter((key) => !areRelated(key, right)),
        group: `${pair.pair.first.split ?? ""}|${form}|${dimension}|${ageBand}`,
        strata,
      });
      drafts.set(id, { pair, id, question: { kind: "which", dimension, form, right, wrong: [] } });
    }
  }
  const { chosen } = matchQuartets(candidates, {
    seed,
    related: (a, b) => areRelated(a as StatementKey, b as StatementKey),
  });
  return chosen.flatMap(({ id, wrong }) => {
    const draft = drafts.get(id);
    if (draft?.question.kind !== "which") return [];
    return [{ ...draft, question: { ...draft.question, wrong: wrong as readonly StatementKey[] } }];
  });
}

/** Of the recording whose finding is asked for, then of both: ages and sexes of the two stand in the text. */
function askedStrata(
  { first, second }: RecordPair,
  form: WhichForm,
): { readonly ageBand: string; readonly strata: readonly string[] } {
  const [asked, other] = form === "which-new" ? [second, first] : [first, second];
  const [ageBand = "", fine, finest] = strataOf(asked);
  const [otherBand, otherFine, otherFinest] = strataOf(other);
  return {
    ageBand,
    strata: [
      `${ageBand}>${otherBand}`,
      `${fine}>${otherBand}`,
      `${fine}>${otherFine}`,
      `${finest}>${otherFinest}`,
    ],
  };
}

type WhichDraft = {
  readonly id: string;
  readonly form: WhichForm;
  readonly dimension: Dimension;
  readonly right: StatementKey;
};

function whichQuestions(pair: Pair, seed: number): WhichDraft[] {
  const all = WHICH_FORMS.flatMap((form) =>
    DIMENSIONS.flatMap((dimension) =>
      rightsOf(pair, dimension, form).map((right) => {
        const id = `${pair.id}|${form}|${dimension}|${right}`;
        return { id, form, dimension, right };
      }),
    ),
  );
  return inSeededOrder(all, seed, (question) => question.id);
}

/** Findings that the form asks for. */
function rightsOf(pair: Pair, dimension: Dimension, form: WhichForm): StatementKey[] {
  const first = pair.first[dimension];
  const second = pair.second[dimension];
  const normal = "scp:NORM";
  const of = (present: ReadonlySet<StatementKey>, other: ReadonlySet<StatementKey>): StatementKey[] =>
    [...present].filter((key) => other.has(key) && key !== normal);
  if (form === "which-new") return of(second.certain, first.absent);
  return form === "which-gone" ? of(first.certain, second.absent) : of(first.certain, second.certain);
}

/** Findings that certainly are no answer to the form. */
function wrongOf(pair: Pair, dimension: Dimension, form: WhichForm): StatementKey[] {
  const first = pair.first[dimension];
  const second = pair.second[dimension];
  const keys =
    form === "which-new"
      ? [...first.certain, ...second.absent]
      : form === "which-gone"
        ? [...second.certain, ...first.absent]
        : [...first.absent, ...second.absent];
  return [...new Set(keys)].filter((key) => key !== "scp:NORM");
}

/** Every draft in each modality, with its letter, grouped by pair. */
function expand(
  pairs: readonly Pair[],
  drafts: readonly Draft[],
  options: ComparisonPlanOptions,
): ComparisonPlan {
  const modalities = options.modalities ?? ALL_MODALITIES;
  const places = assignPlaces(
    drafts.flatMap((draft) => modalities.map((modality) => `${draft.id}|${modality}`)),
    options.seed,
  );
  const byPair = new Map<string, ComparisonQuestion[]>();
  for (const { pair, id, question } of drafts) {
    const questions = byPair.get(pair.id) ?? [];
    for (const modality of modalities) {
      questions.push({ ...question, modalities: modality, place: places.get(`${id}|${modality}`) ?? 0 });
    }
    byPair.set(pair.id, questions);
  }
  const planned = pairs.flatMap((pair): PlannedPair[] => {
    const questions = byPair.get(pair.id);
    const { first, second, relation } = pair.pair;
    return questions === undefined
      ? []
      : [{ firstId: first.recordId, secondId: second.recordId, relation, questions }];
  });
  const changeCount = drafts.filter((draft) => draft.question.kind === "change").length * modalities.length;
  return { pairs: planned, changeCount, whichCount: drafts.length * modalities.length - changeCount };
}
