// heartcare data audit: does anything of one recording or patient stand in two splits?
import type { Command } from "commander";
import { auditDataset } from "../../dataset/audit/audit-dataset.ts";
import type { AuditReport, Finding } from "../../dataset/audit/audit-report.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { showSteps } from "../progress.ts";

/** Findings listed in a terminal; `audit.json` and `--json` hold all. */
const SHOWN = 20;

/** Register the command. */
export function registerDataAudit(parent: Command): void {
  parent
    .command("audit <dataset>")
    .description("leakage audit of a dataset folder; exit code 1 when a leak is found")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare data audit heartcare-data\n  Writes audit.json into the dataset folder.",
    )
    .action(audit);
}

async function audit(dataset: string, flags: { readonly json?: boolean }): Promise<void> {
  const steps = showSteps("recordings");
  const report = await withInterrupt((signal) => auditDataset(dataset, { signal, onProgress: steps.update }));
  steps.finish();
  if (flags.json) printJson(report);
  else printReport(report);
  if (report.leaks.length > 0) process.exitCode = 1;
}

function printReport(report: AuditReport): void {
  const { fingerprints } = report;
  printLine(`${report.records} recordings, ${report.items} items`);
  printLine(
    `waveforms: ${fingerprints.pairs} pairs of different patients, ${fingerprints.aligned} aligned, ${fingerprints.above} above ${fingerprints.threshold} ` +
      `(${fingerprints.aboveKnownStrangers} between patients known to be different), highest below ${fingerprints.highestBelow}`,
  );
  printLine(`equal report texts in different splits: ${report.equalTexts.texts} (not counted as leaks)`);
  if (report.leaks.length === 0) printLine("no leak found");
  if (report.leaks.length + report.copies.length === 0) return;
  printLine(
    `${report.leaks.length} leaks, ${report.copies.length} duplicates of the sources inside a split (no leak)`,
  );
  const row = (finding: Finding): string[] => [
    finding.kind,
    finding.between.join(" / "),
    finding.splits.join(" / "),
    finding.detail,
  ];
  printTable(
    ["kind", "between", "splits", "what"],
    [...report.leaks, ...report.copies].slice(0, SHOWN).map(row),
  );
}
