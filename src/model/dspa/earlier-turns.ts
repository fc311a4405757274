// withEarlierTurns: a question behind the turns before it, as the chat template of the model writes a conversation.
import { EcgError } from "../../shared/errors.ts";
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import { renderChat } from "../tokenizer/render-chat.ts";

/** A question that was asked about the same ECGs, and what was answered. */
export type EarlierTurn = { readonly question: string; readonly answer: string };

/** Stands where the turn's own text goes, to find it in a rendered conversation. */
const MARK = "@@TURN@@";

/**
 * The text from the first question to the last, without the frame around it: a prompt adds that itself, with the ECGs
 * in front. Without earlier turns it is the question.
 * @throws EcgError INVALID_FILE for a template that drops a turn or writes it twice, as `renderChat`.
 */
export function withEarlierTurns(
  tokenizer: TextTokenizer,
  earlier: readonly EarlierTurn[],
  question: string,
): string {
  if (earlier.length === 0) return question;
  const turns = earlier.flatMap((turn) => [turn.question, turn.answer]);
  const rendered = renderChat(tokenizer, [
    ...turns.map((_, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content: MARK }) as const),
    { role: "user", content: MARK },
  ]).split(MARK);
  if (rendered.length !== turns.length + 2) {
    throw new EcgError(
      "INVALID_FILE",
      `chat template: expected each of ${turns.length + 1} turns once, found ${rendered.length - 1}`,
      { hint: "ask without earlier turns" },
    );
  }
  return turns.map((text, index) => text + rendered[index + 1]).join("") + question;
}
