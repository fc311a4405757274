// The paired difference of two runs on the same items, with a patient-clustered interval.
import type { QaItem } from "../qa/qa-item.ts";
import { EcgError } from "../shared/errors.ts";
import { bootstrapMean, type Estimate } from "../shared/patient-bootstrap.ts";
import {
  asScoredItems,
  cellOrder,
  cellsOf,
  type ScoredAnswer,
  type ScoredRun,
  scoreItems,
} from "./score-items.ts";
import { hashItems } from "./select-items.ts";
import type { BenchMetric } from "./task.ts";

/** first - second in one cell. */
export type CellDifference = {
  readonly task: string;
  readonly subset: string;
  readonly cell: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly difference: Estimate;
  /** True when the interval excludes 0 and the cell is large enough. */
  readonly supported: boolean;
};

export type RunComparison = {
  readonly first: string;
  readonly second: string;
  readonly differences: readonly CellDifference[];
  /** Items that only one of the runs answered, or that differ between their datasets; they are left out. */
  readonly unpaired: number;
};

/**
 * Compare two runs item by item. Only items that both answered count (a failure is an answer scored as wrong).
 * Each interval is of one cell: of twenty cells without any difference one is expected to look supported.
 * @throws EcgError INVALID_OPTION when the runs have no item in common.
 */
export async function compareRuns(
  firstFolder: string,
  secondFolder: string,
  dataset?: string,
): Promise<RunComparison> {
  const first = await scoreItems(firstFolder, dataset);
  const second = await scoreItems(secondFolder, dataset);
  const comparison = compareScoredRuns(first, second);
  if (comparison) return comparison;
  throw new EcgError(
    "INVALID_OPTION",
    `${firstFolder} and ${secondFolder}: expected items in common, found none among ${first.answers.length} and ${second.answers.length} answers`,
    { hint: "compare runs of the same dataset, split and tasks" },
  );
}

/** {@link compareRuns} for runs that are scored already; undefined when they have no item in common. */
export function compareScoredRuns(first: ScoredRun, second: ScoredRun): RunComparison | undefined {
  const pairs = pairAnswers(first.answers, second.answers);
  if (pairs.length === 0) return undefined;
  return {
    first: first.run.model.id,
    second: second.run.model.id,
    differences: differencesOf(pairs, first.run.seed),
    unpaired: first.answers.length + second.answers.length - 2 * pairs.length,
  };
}

/** Signals and images together, where a task asks about both. */
const BOTH = "S+I";
const SINGLES: readonly string[] = ["S", "I"];

function comparedCells(answer: ScoredAnswer): { readonly subset: string; readonly cell: string }[] {
  const { subset } = answer.item;
  const own = cellsOf(answer).map((cell) => ({ subset, cell }));
  return SINGLES.includes(subset) ? [...own, { subset: BOTH, cell: "average" }] : own;
}

function hasCell(
  heads: readonly Pick<CellDifference, "task" | "subset">[],
  { task }: Pick<CellDifference, "task">,
  subset: string,
): boolean {
  return heads.some((head) => head.task === task && head.subset === subset);
}

type Pair = readonly [ScoredAnswer, ScoredAnswer];

function pairAnswers(first: readonly ScoredAnswer[], second: readonly ScoredAnswer[]): Pair[] {
  const others = new Map(second.map((answer) => [answer.item.id, answer]));
  return first.flatMap((answer) => {
    const other = others.get(answer.item.id);
    return other && hashItems([answer.item]) === hashItems([other.item]) ? [[answer, other] as const] : [];
  });
}

function differencesOf(pairs: readonly Pair[], seed: number): CellDifference[] {
  type Head = Omit<CellDifference, "difference" | "supported">;
  type Values = { readonly item: QaItem; readonly value: number }[];
  const cells = new Map<
    string,
    { readonly head: Head; readonly metric: BenchMetric; readonly values: Values }
  >();
  for (const [own, other] of pairs) {
    const { item, task } = own;
    for (const { subset, cell } of comparedCells(own)) {
      for (const metric of task.metrics) {
        const { name, higherIsBetter } = metric;
        const key = cellOrder(task.name, subset, cell, name);
        const head = { task: task.name, subset, cell, metric: name, higherIsBetter };
        const entry = cells.get(key) ?? { head, metric, values: [] };
        cells.set(key, entry);
        const value = (own.score.values[name] ?? Number.NaN) - (other.score.values[name] ?? Number.NaN);
        entry.values.push({ item, value });
      }
    }
  }
  const kept = [...cells.values()].map(({ head }) => head);
  return [...cells.entries()]
    .filter(([, { head }]) => head.subset !== BOTH || SINGLES.every((subset) => hasCell(kept, head, subset)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { head, metric, values }]) => {
      const difference = bootstrapMean(asScoredItems(values, metric), { seed });
      const excludesZero = difference.low > 0 || difference.high < 0;
      return { ...head, difference, supported: !difference.tooSmall && excludesZero };
    });
}
