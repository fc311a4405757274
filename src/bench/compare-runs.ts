// The paired difference of two runs on the same items, with a patient-clustered interval.
import { EcgError } from "../shared/errors.ts";
import { bootstrapMean, type Estimate, type ScoredItem } from "../shared/patient-bootstrap.ts";
import { scoreItems } from "./score-run.ts";

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
  /** Items that only one of the runs answered; they are left out. */
  readonly unpaired: number;
};

/**
 * Compare two runs item by item. Only items that both answered count (a failure is an answer scored as wrong).
 * @throws EcgError INVALID_OPTION when the runs have no item in common.
 */
export async function compareRuns(
  firstFolder: string,
  secondFolder: string,
  dataset?: string,
): Promise<RunComparison> {
  const first = await scoreItems(firstFolder, dataset);
  const second = await scoreItems(secondFolder, dataset);
  const others = new Map(second.items.map((entry) => [entry.item.id, entry.answer]));
  const cells = new Map<
    string,
    { head: Omit<CellDifference, "difference" | "supported">; items: ScoredItem[] }
  >();
  let unpaired = 0;
  let paired = 0;
  for (const { item, answer, task } of first.items) {
    const other = others.get(item.id);
    if (!answer || !other) {
      unpaired++;
      continue;
    }
    paired++;
    const [own, theirs] = [task.score(item, answer), task.score(item, other)];
    for (const cell of new Set([task.cell(item), "average"])) {
      for (const metric of task.metrics) {
        const key = [task.name, item.subset, cell === "average" ? "~" : cell, metric.name].join("|");
        const head = {
          task: task.name,
          subset: item.subset,
          cell,
          metric: metric.name,
          higherIsBetter: metric.higherIsBetter,
        };
        const entry = cells.get(key) ?? { head, items: [] };
        cells.set(key, entry);
        const value = (own.values[metric.name] ?? Number.NaN) - (theirs.values[metric.name] ?? Number.NaN);
        entry.items.push({ patientId: answer.patientId, value });
      }
    }
  }
  if (paired === 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `${firstFolder} and ${secondFolder}: expected items in common, found none`,
      {
        hint: "compare runs of the same dataset, split and tasks",
      },
    );
  }
  const differences = [...cells.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { head, items }]) => {
      const difference = bootstrapMean(items, { seed: first.run.seed });
      return {
        ...head,
        difference,
        supported: !difference.tooSmall && (difference.low > 0 || difference.high < 0),
      };
    });
  return { first: first.run.model.id, second: second.run.model.id, differences, unpaired };
}
