// heartcare model ask: one question about one ECG, or two.
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { ANSWER_TOKENS, askQuestion } from "../../model/dspa/ask-question.ts";
import { openHeartcare } from "../../model/dspa/node/open-heartcare.ts";
import { filePath } from "../../model/dspa/node/read-page.ts";
import { EcgError } from "../../shared/errors.ts";
import { addInputOptions, type InputFlags, readEcgs, showEcgs } from "../model-inputs.ts";
import { finiteNumber, wholeNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { answerJson, drawForecast, printAnswer, printEvidence } from "../print-answer.ts";

type Flags = InputFlags & {
  readonly picture?: string;
  readonly seconds?: number;
  readonly maxNewTokens: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerModelAsk(parent: Command): void {
  const command = parent
    .command("ask")
    .argument("<ecg...>", "one recording or page (PNG, PDF), or two to compare, then the question")
    .usage('[options] <recording|page.png|report.pdf> [second] "question"')
    .description("answer a question: one of the options it offers, in words, or a forecast");
  addInputOptions(command)
    .option("--picture <file>", "forecast.svg or .png, where the question asks for what comes next")
    .option(
      "--seconds <s>",
      "length of a forecast (default: what the question says, else 2)",
      finiteNumber(0),
    )
    .option("--max-new-tokens <n>", "longest answer in words", wholeNumber(1), ANSWER_TOKENS)
    .option("--json", "print JSON, with segments, pictures and measured values that went in")
    .addHelpText(
      "after",
      `
Examples:
  heartcare model ask ludb/data/51 "What rhythm does this ECG show?"
  heartcare model ask page.png "Which is right? A: Sinus rhythm; B: Atrial fibrillation"
  heartcare model ask report.pdf#page=2 "What rhythm does this ECG show?"
  heartcare model ask ptb-xl --record 44 --record 45 "What has changed?"
  heartcare model ask ludb/data/51 "What comes next?" --picture next.svg
  report.pdf is the first of its pages that holds an ECG. Not a medical device.`,
    )
    .action(ask);
}

async function ask(args: string[], flags: Flags): Promise<void> {
  const { paths, question } = splitArguments(args);
  const found = await readEcgs(paths, flags);
  const model = await openHeartcare(flags.model, flags);
  try {
    const answer = await askQuestion(model, showEcgs(model, found, flags), question, {
      maxNewTokens: flags.maxNewTokens,
      forecastSeconds: flags.seconds,
      ...(flags.json ? {} : { onText: (piece: string) => process.stdout.write(piece) }),
    });
    const drawn = flags.picture !== undefined && (await drawForecast(flags.picture, answer));
    if (flags.json) return printJson(answerJson(answer));
    printAnswer(answer, { streamed: true });
    if (drawn) printLine(String(flags.picture));
    printEvidence(answer.evidence);
    printLine("not a medical device");
  } finally {
    await model.dispose();
  }
}

function splitArguments(args: readonly string[]): { paths: string[]; question: string } {
  const question = args.at(-1) ?? "";
  const paths = args.slice(0, -1);
  if (paths.length > 0 && !existsSync(filePath(question))) return { paths, question };
  throw new EcgError(
    "USAGE",
    `model ask: expected an ECG and then a question, got ${paths.length === 0 ? `only ${question}` : `the path ${question} in the question's place`}`,
    { hint: 'put the question last, in quotes: heartcare model ask ludb/data/51 "What rhythm is this?"' },
  );
}
