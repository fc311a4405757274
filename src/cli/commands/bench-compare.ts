// heartcare bench compare: the paired difference of two runs.
import type { Command } from "commander";
import { compareRuns } from "../../bench/compare-runs.ts";
import { printJson, printLine, printTable } from "../print.ts";

/** Register the command. */
export function registerBenchCompare(parent: Command): void {
  parent
    .command("compare <first> <second>")
    .description("first - second on the same items, with patient-clustered 95% intervals")
    .option("--dataset <dir>", "the dataset folder, when it has moved since the runs")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  heartcare bench compare runs/measured runs/majority")
    .action(compare);
}

async function compare(
  first: string,
  second: string,
  flags: { readonly dataset?: string; readonly json?: boolean },
): Promise<void> {
  const comparison = await compareRuns(first, second, flags.dataset);
  if (flags.json) return printJson(comparison);
  printLine(`${comparison.first} - ${comparison.second}`);
  printTable(
    ["task", "subset", "cell", "metric", "difference", "95% interval", "items", "claim"],
    comparison.differences.map((row) => {
      const { mean, low, high, items, tooSmall } = row.difference;
      const better = row.higherIsBetter ? mean > 0 : mean < 0;
      const claim = tooSmall
        ? "n too small"
        : row.supported
          ? `${better ? comparison.first : comparison.second} is better`
          : "no difference shown";
      return [
        row.task,
        row.subset,
        row.cell,
        row.metric,
        mean.toFixed(4),
        `[${low.toFixed(4)}, ${high.toFixed(4)}]`,
        items,
        claim,
      ];
    }),
  );
  if (comparison.unpaired > 0)
    printLine(`${comparison.unpaired} items were answered by one run only and are left out`);
}
