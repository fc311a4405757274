// heartcare model report: one ECG as a Markdown report.
import type { Command } from "commander";
import { openHeartcare } from "../../model/dspa/node/open-heartcare.ts";
import { writeEcgReport } from "../../model/dspa/write-report.ts";
import { EcgError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { addInputOptions, type InputFlags, readEcgs, showEcgs } from "../model-inputs.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printNote } from "../print.ts";

type Flags = InputFlags & {
  readonly out?: string;
  readonly maxNewTokens: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerModelReport(parent: Command): void {
  const command = parent
    .command("report <ecg>")
    .description(
      "measured values, the model's findings and the rules' reading of a recording or page (PNG, PDF)",
    );
  addInputOptions(command)
    .option("--out <file>", "report.md instead of stdout")
    .option("--max-new-tokens <n>", "longest text of the model", wholeNumber(1), 400)
    .option("--json", "print JSON, with what went in")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare model report ludb/data/51 --out report.md\n  Values are measured on the signal, never written by the model. Not a medical device.",
    )
    .action(report);
}

async function report(path: string, flags: Flags): Promise<void> {
  const found = await readEcgs([path], flags);
  const model = await openHeartcare(flags.model, flags);
  try {
    const [input, second] = showEcgs(model, found, flags);
    if (!input || second) {
      throw new EcgError("USAGE", `model report: expected one ECG, got ${found.length}`, {
        hint: "give --record once",
      });
    }
    const written = await writeEcgReport(model, input, { maxNewTokens: flags.maxNewTokens });
    if (flags.out) await writeFileAtomic(flags.out, written.markdown);
    if (flags.json) return printJson(written);
    if (flags.out) printNote(flags.out);
    else printLine(written.markdown.trimEnd());
  } finally {
    await model.dispose();
  }
}
