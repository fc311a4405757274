// generateText: a prompt's answer as text, piece by piece.
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import type { DecoderSession } from "./decoder-session.ts";
import { type GenerateOptions, generateTokens, type Prompt } from "./generate-tokens.ts";
import { createTextStream } from "./stop-strings.ts";

export type GenerateTextOptions = GenerateOptions & {
  /** The answer ends before the first of these; it is not shown. */
  readonly stopStrings?: readonly string[];
};

/** Why an answer ended. */
export type FinishReason = "end" | "stop-string" | "length";

export type TextEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly answer: GeneratedText };

export type GeneratedText = {
  readonly text: string;
  readonly tokenIds: readonly number[];
  /** Sum of the tokens' natural log probabilities. */
  readonly logProbability: number;
  readonly reason: FinishReason;
};

/**
 * Stream an answer: pieces of text that will not change, then one `finish` with the whole.
 * @throws EcgError as `generateTokens`.
 */
export async function* streamText(
  session: DecoderSession,
  tokenizer: TextTokenizer,
  prompt: Prompt,
  options: GenerateTextOptions = {},
): AsyncGenerator<TextEvent, void> {
  const stream = createTextStream(tokenizer, options.stopStrings);
  const tokenIds: number[] = [];
  let text = "";
  let logProbability = 0;
  let reason: FinishReason = "end";
  for await (const token of generateTokens(session, [prompt], options)) {
    tokenIds.push(token.id);
    logProbability += token.logProbability;
    const piece = stream.push(token.id);
    text += piece.text;
    if (piece.text !== "") yield { type: "text", text: piece.text };
    if (piece.stopped) {
      reason = "stop-string";
      break;
    }
  }
  if (reason !== "stop-string" && tokenIds.length === (options.maxNewTokens ?? 256)) {
    reason = options.constraint?.isComplete(tokenIds) ? "end" : "length";
  }
  const rest = stream.finish();
  if (rest !== "") yield { type: "text", text: rest };
  yield { type: "finish", reason, answer: { text: text + rest, tokenIds, logProbability, reason } };
}

/** The whole answer. */
export async function generateText(
  session: DecoderSession,
  tokenizer: TextTokenizer,
  prompt: Prompt,
  options: GenerateTextOptions = {},
): Promise<GeneratedText> {
  for await (const event of streamText(session, tokenizer, prompt, options)) {
    if (event.type === "finish") return event.answer;
  }
  return { text: "", tokenIds: [], logProbability: 0, reason: "end" };
}
