// Scores of a run as a table on stdout.
import { formatEstimate } from "../bench/report/render-score-tables.ts";
import type { RunScores } from "../bench/score-run.ts";
import { printLine, printTable } from "./print.ts";

/** One row a cell, the average of a task and subset last. */
export function printScores(scores: RunScores): void {
  printLine(`${scores.run.model.id} on ${scores.run.dataset} (${scores.run.split})`);
  printTable(
    ["task", "subset", "cell", "metric", "score [95% interval]", "items", "patients", "unparsed", "failed"],
    scores.cells.map((cell) => [
      cell.task,
      cell.subset,
      cell.cell,
      cell.metric,
      formatEstimate(cell),
      cell.estimate.items,
      cell.estimate.patients,
      cell.unparsed,
      cell.failed,
    ]),
  );
  if (scores.unanswered > 0)
    printLine(`${scores.unanswered} items are not answered yet: go on with --resume`);
}
