// heartcare data build: recordings to a dataset of questions.
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { type BuildResult, buildDataset } from "../../agent/build-dataset.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printNote } from "../print.ts";
import { showSteps } from "../progress.ts";

type Flags = {
  readonly out: string;
  readonly seed: number;
  readonly limit?: number;
  readonly workers: number;
  readonly resume?: boolean;
  readonly images: boolean;
  readonly audit: boolean;
  readonly mains: string;
  readonly figure7Strict?: boolean;
  readonly measuredContext?: boolean;
  readonly json?: boolean;
};

/** Register the command. */
export function registerDataBuild(parent: Command): void {
  parent
    .command("build <sources...>")
    .description("clean recordings, draw their pages, write questions in patient-safe splits, audit them")
    .requiredOption("--out <dir>", "dataset folder")
    .option("--seed <n>", "seed of every choice", wholeNumber(0), 7)
    .option("--limit <n>", "at most this many recordings a source, drawn by the seed", wholeNumber(1))
    .option("--workers <n>", "threads", wholeNumber(1), Math.max(1, availableParallelism()))
    .option("--resume", "go on with an interrupted build")
    .option("--no-images", "draw no pages and ask about signals only")
    .option("--no-audit", "leave the leakage audit out")
    .option("--mains <hz>", "power line frequency where the recordings were made, 50 or 60", "50")
    .option("--figure7-strict", "answer diagnoses under 60% with normal, as the paper's Figure 7 says")
    .option("--measured-context", "say measured intervals in the context of questions")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare data build ptb-xl ludb challenge-2021 --out heartcare-data --seed 7\n  Sources: folders of WFDB, PTB-XL, PhysioNet Challenge, LUDB, CSV or .npy recordings, or synthetic:<count>;\n  folders of ECG-QA questions add items about PTB-XL recordings that are there.\n  The same sources and seed give the same items, byte for byte, at any number of workers.",
    )
    .action(build);
}

async function build(sources: string[], flags: Flags): Promise<void> {
  const steps = showSteps("recordings");
  const result = await withInterrupt((signal) =>
    buildDataset(sources, {
      ...flags,
      mainsHz: flags.mains === "60" ? 60 : 50,
      resume: flags.resume === true,
      figure7Strict: flags.figure7Strict === true,
      measuredContext: flags.measuredContext === true,
      onProgress: steps.update,
      signal,
    }),
  );
  steps.finish();
  for (const [label, count] of Object.entries(result.unknownLabels)) {
    printNote(
      `warning: Dx code ${label} of ${count} recordings is in no table; it is kept as a source label without a statement`,
    );
  }
  if (flags.json) printJson(describe(result, flags.out));
  else printResult(result, flags.out);
  if (result.audit && result.audit.leaks.length > 0) process.exitCode = 1;
}

function describe(result: BuildResult, out: string): Record<string, unknown> {
  const { audit, manifest, skipped, unknownLabels } = result;
  return {
    out,
    manifest,
    skipped,
    unknownLabels,
    audit: audit
      ? { leaks: audit.leaks.length, copies: audit.copies.length, fingerprints: audit.fingerprints }
      : null,
  };
}

function printResult({ manifest, skipped, audit }: BuildResult, out: string): void {
  const { records } = manifest;
  printLine(
    `${out}: ${manifest.itemCount} items about ${records.total} recordings of ${records.patients} patients`,
  );
  printLine(
    `  splits: train ${records.bySplit.train}, val ${records.bySplit.val}, test ${records.bySplit.test}; ${manifest.distinctFactsPerRecord.toFixed(1)} distinct facts a recording`,
  );
  if (records.sameRecording > 0)
    printLine(`  ${records.sameRecording} files of recordings already in (same-recording.jsonl)`);
  if (skipped.length > 0)
    printLine(`  ${skipped.length} skipped (skipped.jsonl), first: ${skipped[0]?.reason}`);
  if (audit)
    printLine(
      `  audit: ${audit.leaks.length} leaks, ${audit.copies.length} copies inside a split (audit.json)`,
    );
}
