// heartcare demo: the whole story on embedded or given recordings, then an HTML report.
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { runDemo } from "../demo/run-demo.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";

type Flags = {
  readonly out: string;
  readonly seed: number;
  readonly workers: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerDemo(parent: Command): void {
  parent
    .command("demo [sources...]")
    .description("the whole story in minutes: recordings, dataset, audit, baselines, report (= npm start)")
    .option("--out <dir>", "folder for everything that is made", "heartcare-demo")
    .option("--seed <n>", "seed of every choice", wholeNumber(0), 7)
    .option("--workers <n>", "threads", wholeNumber(1), Math.max(1, availableParallelism()))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  heartcare demo\n  heartcare demo ptb-xl ludb challenge-2021\n  Without sources it runs on seeded synthetic recordings that are part of the package.",
    )
    .action(demo);
}

async function demo(sources: string[], flags: Flags): Promise<void> {
  const summary = await withInterrupt((signal) => runDemo(sources, { ...flags, signal }));
  if (flags.json) return printJson(summary);
  printTable(
    ["step", "result", "seconds"],
    summary.steps.map((step) => [step.name, step.result, step.seconds.toFixed(1)]),
  );
  printLine(`\nreport: ${summary.reportPath}`);
  printLine("not a medical device");
}
