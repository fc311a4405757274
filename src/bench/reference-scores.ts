// Scores that the paper reports for HeartcareGPT-3.8B: rows to look at beside ours, never to compare with.

/** One published number. Accuracy and text scores are shares from 0 to 1, as ours are. */
export type ReferenceScore = {
  readonly task: string;
  readonly subset: "S" | "I" | "C";
  readonly cell: string;
  readonly metric: string;
  readonly mean: number;
};

export type ReferenceModel = {
  readonly name: string;
  readonly source: string;
  /** Why no difference to these numbers means anything. */
  readonly caution: string;
  readonly scores: readonly ReferenceScore[];
};

const DIMENSION_CELLS = ["diagnosis", "waveform", "rhythm", "misc"] as const;
const PAIR_CELLS = ["S-S", "I-I", "S-I"].flatMap((pair) => [`${pair} consecutive`, `${pair} irrelevant`]);

/** Last rows (both training stages) of the appendix, in the paper's per cent. */
const TABLE_11 = { S: [81.95, 95.94, 82.79, 79.84], I: [87.85, 92.21, 79.25, 67.8] } as const;
const TABLE_12_F1_BIO = { S: [68.53, 72.74, 78.63, 65.84], I: [63.17, 70.92, 75.36, 61.53] } as const;
const TABLE_12_ROUGE_L = { S: [32.27, 35.38, 36.42, 30.97], I: [29.83, 33.57, 34.69, 28.24] } as const;
const TABLE_13 = [66.4, 67.47, 69.88, 75.19, 78.71, 78.83] as const;
const TABLE_14 = {
  S: { scoreGpt: 61.29, f1Rad: 26.84, rougeL: 34.39 },
  I: { scoreGpt: 78.5, f1Rad: 23.1, rougeL: 38.68 },
} as const;

/**
 * HeartcareGPT-3.8B with all training stages: Tables 11 to 14 of the paper's appendix.
 *
 * The averages that the paper prints are left out: they run over both subsets, and some do not follow from the cells.
 * `f1Bio`, `f1Rad` and `scoreGpt` stand here for tasks that measure them.
 */
export const HEARTCARE_GPT_38B: ReferenceModel = {
  name: "HeartcareGPT-3.8B",
  source: "HeartcareGPT paper, appendix, Tables 11 to 14, last row",
  caution: "as reported by the paper, other data",
  scores: [
    ...bySubset("closed-qa", "accuracy", TABLE_11),
    ...bySubset("open-qa", "rougeL", TABLE_12_ROUGE_L),
    ...bySubset("open-qa", "f1Bio", TABLE_12_F1_BIO),
    ...TABLE_13.map((percent, index) =>
      score("comparison-qa", "C", PAIR_CELLS[index] ?? "", ["accuracy", percent]),
    ),
    ...(["S", "I"] as const).flatMap((subset) =>
      Object.entries(TABLE_14[subset]).map((entry) => score("report", subset, "all", entry)),
    ),
  ],
};

/** The published number of a cell, or undefined. */
export function referenceScore(
  cell: Readonly<Record<"task" | "subset" | "cell" | "metric", string>>,
): number | undefined {
  return HEARTCARE_GPT_38B.scores.find(
    (row) =>
      row.task === cell.task &&
      row.subset === cell.subset &&
      row.cell === cell.cell &&
      row.metric === cell.metric,
  )?.mean;
}

function bySubset(
  task: string,
  metric: string,
  table: Readonly<Record<"S" | "I", readonly number[]>>,
): ReferenceScore[] {
  return (["S", "I"] as const).flatMap((subset) =>
    table[subset].map((percent, index) =>
      score(task, subset, DIMENSION_CELLS[index] ?? "", [metric, percent]),
    ),
  );
}

function score(
  task: string,
  subset: ReferenceScore["subset"],
  cell: string,
  [metric, percent]: readonly [string, number],
): ReferenceScore {
  return { task, subset, cell, metric, mean: Number((percent / 100).toFixed(4)) };
}
