// heartcare bench score: score a run again from its log, without the model.
import type { Command } from "commander";
import { scoreRun } from "../../bench/score-run.ts";
import { printJson } from "../print.ts";
import { printScores } from "../print-scores.ts";

/** Register the command. */
export function registerBenchScore(parent: Command): void {
  parent
    .command("score <run>")
    .description("score a run from its answer log (no model needed) and rewrite its report.json")
    .option("--dataset <dir>", "the dataset folder, when it has moved since the run")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  heartcare bench score runs/measured --json")
    .action(async (run: string, flags: { readonly dataset?: string; readonly json?: boolean }) => {
      const scores = await scoreRun(run, flags.dataset);
      if (flags.json) printJson(scores);
      else printScores(scores);
    });
}
