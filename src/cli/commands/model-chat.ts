// heartcare model chat: one question after the other about the same ECG, or two.
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { ANSWER_TOKENS, askShown, type ShownInputs, showInputs } from "../../model/dspa/ask-question.ts";
import type { EarlierTurn } from "../../model/dspa/earlier-turns.ts";
import type { HeartcareModel } from "../../model/dspa/heartcare-model.ts";
import { openHeartcare } from "../../model/dspa/node/open-heartcare.ts";
import { addInputOptions, type InputFlags, readEcgs, showEcgs } from "../model-inputs.ts";
import { wholeNumber } from "../parse-options.ts";
import { printError, printLine, printNote } from "../print.ts";
import { answerJson, drawForecast, printAnswer, printEvidence } from "../print-answer.ts";

type Flags = InputFlags & {
  readonly picture?: string;
  readonly maxNewTokens: number;
  readonly history: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerModelChat(parent: Command): void {
  const command = parent
    .command("chat <ecg...>")
    .description("questions about a recording or page (PNG, PDF), or two, one a line");
  addInputOptions(command)
    .option("--picture <file>", "where the last forecast is drawn (.svg or .png)")
    .option("--max-new-tokens <n>", "longest answer in words", wholeNumber(1), ANSWER_TOKENS)
    .option("--history <n>", "earlier turns that an answer in words may build on", wholeNumber(0), 0)
    .option("--json", "print every answer as one line of JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare model chat ludb/data/51\n  /evidence shows what went in, /quit ends. Questions may also be piped in. Not a medical device.\n  report.pdf is its first page with an ECG, report.pdf#page=2 its second page.\n  Each question stands on its own, as those that heartcare-nano was trained on; --history shows the last turns to a\n  language model that knows conversations. Questions with options and forecasts never see them.",
    )
    .action(chat);
}

async function chat(paths: string[], flags: Flags): Promise<void> {
  const found = await readEcgs(paths, flags);
  const model = await openHeartcare(flags.model, flags);
  try {
    const shown = await showInputs(model, showEcgs(model, found, flags));
    const names = shown.inputs.map(({ id, shownAs }) => `${id} (${shownAs})`).join(" and ");
    printNote(`${model.id} sees ${names}. /evidence shows what went in, /quit ends. Not a medical device.`);
    await answerLines(model, shown, flags);
  } finally {
    await model.dispose();
  }
}

async function answerLines(model: HeartcareModel, shown: ShownInputs, flags: Flags): Promise<void> {
  const { stdin, stdout } = process;
  const interactive = stdin.isTTY === true && stdout.isTTY === true;
  const lines = createInterface({ input: stdin, ...(interactive ? { output: stdout } : {}), prompt: "> " });
  const turns: EarlierTurn[] = [];
  let answering: AbortController | undefined;
  // Ctrl-C stops an answer; between answers it ends the chat.
  lines.on("SIGINT", () => {
    if (answering) answering.abort();
    else lines.close();
  });
  if (interactive) lines.prompt();
  for await (const line of lines) {
    const question = line.trim();
    if (question === "/quit") break;
    if (question === "/evidence") printWentIn(shown, flags);
    else if (question !== "") {
      answering = new AbortController();
      const earlier = turns.slice(Math.max(0, turns.length - flags.history));
      await answerOne(model, shown, question, { ...flags, earlier, signal: answering.signal }).then(
        (answer) => turns.push({ question, answer }),
        (error: unknown) => {
          if (answering?.signal.aborted) printNote("\n(stopped)");
          else printError(error, false);
        },
      );
      answering = undefined;
    }
    if (interactive) lines.prompt();
  }
  lines.close();
}

function printWentIn({ evidence }: ShownInputs, { json }: Flags): void {
  if (json) printLine(JSON.stringify(evidence));
  else printEvidence(evidence);
}

/** Ask and print; what was answered. */
async function answerOne(
  model: HeartcareModel,
  shown: ShownInputs,
  question: string,
  {
    json,
    picture,
    maxNewTokens,
    earlier,
    signal,
  }: Flags & { readonly earlier: readonly EarlierTurn[]; readonly signal: AbortSignal },
): Promise<string> {
  const answer = await askShown(model, shown, question, {
    maxNewTokens,
    earlier,
    signal,
    ...(json ? {} : { onText: (piece: string) => process.stdout.write(piece) }),
  });
  if (json) printLine(JSON.stringify(answerJson(answer)));
  else printAnswer(answer, { streamed: true });
  if (picture && answer.forecast) {
    await drawForecast(picture, answer);
    printNote(picture);
  }
  return answer.answer;
}
