// heartcare data stats: counts of a dataset folder.
import type { Command } from "commander";
import { readManifest } from "../../dataset/read-dataset.ts";
import { printJson, printLine, printTable } from "../print.ts";

/** Register the command. */
export function registerDataStats(parent: Command): void {
  parent
    .command("stats <dataset>")
    .description("counts of a dataset: recordings, items by task, subset and dimension")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  heartcare data stats heartcare-data --json")
    .action(stats);
}

async function stats(dataset: string, flags: { readonly json?: boolean }): Promise<void> {
  const manifest = await readManifest(dataset);
  if (flags.json) return printJson(manifest);
  const { records } = manifest;
  printLine(
    `${records.total} recordings of ${records.patients} patients (train ${records.bySplit.train}, val ${records.bySplit.val}, test ${records.bySplit.test}); ${records.skipped} skipped, ${records.sameRecording} files of recordings already in`,
  );
  printLine(
    `${manifest.itemCount} items, ${manifest.distinctFactsPerRecord.toFixed(1)} distinct facts a recording; right letters ${Object.entries(
      manifest.letterShares,
    )
      .map(([letter, share]) => `${letter} ${(share * 100).toFixed(1)}%`)
      .join(" ")}`,
  );
  printTable(
    ["task", "subset", "dimension", "split", "items"],
    manifest.counts.map((cell) => [cell.task, cell.subset, cell.dimension, cell.split, cell.count]),
  );
}
