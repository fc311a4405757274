// scoreOptions: how likely each of some given answers is after a prompt; the closed questions are answered by it.
import { EcgError } from "../../shared/errors.ts";
import type { DecoderSession } from "./decoder-session.ts";
import { cacheFor, type Prompt, readPrompts } from "./generate-tokens.ts";
import { truncateCache } from "./key-value-cache.ts";
import { logSumExp } from "./sample-token.ts";

export type OptionScore = {
  /** Natural logarithm of the answer's probability after the prompt. */
  readonly logProbability: number;
  readonly tokenCount: number;
};

/**
 * Score answers, each a list of at least one id. The prompt is read once; each answer costs its own tokens.
 * @throws EcgError INVALID_OPTION for no or empty answers.
 */
export async function scoreOptions(
  session: DecoderSession,
  prompt: Prompt,
  options: readonly (readonly number[])[],
): Promise<OptionScore[]> {
  if (options.length === 0 || options.some((ids) => ids.length === 0)) {
    throw new EcgError(
      "INVALID_OPTION",
      `scoreOptions: expected answers of at least one token, got lengths [${options.map((ids) => ids.length).join(", ")}]`,
    );
  }
  const cache = cacheFor(session, [prompt]);
  const last = await readPrompts(session, cache, [prompt]);
  const first = await session.logits(last);
  const promptLength = cache.length;
  const scores: OptionScore[] = [];
  for (const ids of options) {
    let logProbability = logProbabilityOf(first, ids[0]!);
    if (ids.length > 1) {
      const given = ids.slice(0, -1);
      const hidden = await session.advance(cache, { embeddings: session.embed(given), tokens: given.length });
      const logits = await session.logits(hidden);
      const width = logits.length / given.length;
      for (const [index, id] of ids.slice(1).entries()) {
        logProbability += logProbabilityOf(logits.subarray(index * width, (index + 1) * width), id);
      }
      truncateCache(cache, promptLength);
    }
    scores.push({ logProbability, tokenCount: ids.length });
  }
  return scores;
}

export type ChooseOptions = {
  /** Compare log probabilities a token, so that long answers are not at a disadvantage. Default true. */
  readonly perToken?: boolean;
};

export type OptionChoice = {
  /** Index of the likeliest answer; the first of equals. */
  readonly index: number;
  /** By answer: its share among the offered ones; they add up to 1. */
  readonly shares: readonly number[];
  readonly scores: readonly OptionScore[];
};

/** Choose among given answers: never one that is not offered. @throws EcgError as {@link scoreOptions}. */
export async function chooseOption(
  session: DecoderSession,
  prompt: Prompt,
  options: readonly (readonly number[])[],
  { perToken = true }: ChooseOptions = {},
): Promise<OptionChoice> {
  const scores = await scoreOptions(session, prompt, options);
  const values = scores.map(({ logProbability, tokenCount }) => logProbability / (perToken ? tokenCount : 1));
  const normaliser = logSumExp(values);
  const index = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  return { index, shares: values.map((value) => Math.exp(value - normaliser)), scores };
}

function logProbabilityOf(logits: Float32Array, id: number): number {
  if (!Number.isInteger(id) || id < 0 || id >= logits.length) {
    throw new EcgError(
      "INVALID_OPTION",
      `scoreOptions: expected ids from 0 to ${logits.length - 1}, got ${id}`,
    );
  }
  return logits[id]! - logSumExp(logits);
}
