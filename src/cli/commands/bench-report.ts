// heartcare bench report: scores of several runs as one HTML file.
import type { Command } from "commander";
import { writeBenchReport } from "../../bench/report/write-bench-report.ts";
import { printJson, printLine } from "../print.ts";

/** Register the command. */
export function registerBenchReport(parent: Command): void {
  parent
    .command("report <runs...>")
    .description("one self-contained HTML file with the scores of several runs side by side")
    .requiredOption("--out <file>", "e.g. report.html")
    .option("--dataset <dir>", "the dataset folder, when it has moved since the runs")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare bench report runs/majority runs/measured --out report.html",
    )
    .action(
      async (
        runs: string[],
        flags: { readonly out: string; readonly dataset?: string; readonly json?: boolean },
      ) => {
        const written = await writeBenchReport(runs, flags.out, flags.dataset);
        if (flags.json) printJson(written);
        else printLine(`${written.path}: ${written.runs} runs, ${(written.bytes / 1024).toFixed(0)} KiB`);
      },
    );
}
