// heartcare data export: items as fine-tuning conversations.
import type { Command } from "commander";
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportConversations,
} from "../../dataset/export-conversations.ts";
import { EcgError } from "../../shared/errors.ts";
import { printJson, printLine } from "../print.ts";

/** Register the command. */
export function registerDataExport(parent: Command): void {
  parent
    .command("export <dataset>")
    .description("write items as ShareGPT or LLaVA conversations, one JSON Lines file a split")
    .requiredOption("--to <format>", EXPORT_FORMATS.join(" or "))
    .requiredOption("--out <dir>", "folder for train.jsonl, val.jsonl, test.jsonl")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare data export heartcare-data --to llava --out llava-data\n  Paths of signals and images are relative to the dataset folder.",
    )
    .action(exportDataset);
}

async function exportDataset(
  dataset: string,
  flags: { readonly to: string; readonly out: string; readonly json?: boolean },
): Promise<void> {
  const format = EXPORT_FORMATS.find((candidate): candidate is ExportFormat => candidate === flags.to);
  if (!format) throw new EcgError("USAGE", `--to: expected ${EXPORT_FORMATS.join(" or ")}, got ${flags.to}`);
  const counts = await exportConversations(dataset, flags.out, format);
  if (flags.json) return printJson({ format, out: flags.out, counts });
  printLine(
    `${flags.out}: ${Object.entries(counts)
      .map(([split, count]) => `${split} ${count}`)
      .join(", ")} conversations (${format})`,
  );
}
