// judgeOptions: how right a model holds each offered answer: by what it says behind the option, and by what it reads from
// the recordings before it is asked.
import { type Likelihood, rateOptions } from "../../qa/rate-options.ts";
import type { StatementKey } from "../../record/statement.ts";
import type { DecoderSession } from "../generate/decoder-session.ts";
import { cacheFor, type Prompt } from "../generate/generate-tokens.ts";

/**
 * Log odds of yes against no at the end of each offered answer: one reading of the question judges them all. Weighed
 * against each other they are the shares of the options.
 */
export async function sayVerdicts(
  session: DecoderSession,
  prompt: Prompt,
  options: { readonly ends: readonly number[]; readonly verdicts: readonly [yes: number, no: number] },
): Promise<number[]> {
  const { hiddenSize } = session.config;
  const cache = cacheFor(session, [prompt]);
  const embeddings = session.embed(prompt.ids);
  const hidden = await session.advance(cache, { embeddings, tokens: prompt.ids.length });
  const rows = new Float32Array(options.ends.length * hiddenSize);
  for (const [index, end] of options.ends.entries()) {
    rows.set(hidden.subarray(end * hiddenSize, (end + 1) * hiddenSize), index * hiddenSize);
  }
  const logits = await session.logits(rows);
  const width = logits.length / options.ends.length;
  const [yes, no] = options.verdicts;
  return options.ends.map((_, index) => logits[index * width + yes]! - logits[index * width + no]!);
}

/** Chance below which an option is held no less likely. */
const LEAST = 1e-4;

/**
 * Log likelihoods of the options from the evidence for each statement, by recording; 0 for all where the question is not
 * understood. A recording that shows nothing speaks for nothing.
 */
export function readVerdicts(
  instruction: string,
  options: readonly string[],
  evidence: readonly (ReadonlyMap<StatementKey, { readonly evidence: number }> | undefined)[],
): number[] {
  const likelihoods = evidence.map(
    (read): Likelihood =>
      (key) =>
        1 / (1 + Math.exp(-(read?.get(key as StatementKey)?.evidence ?? 0))),
  );
  return rateOptions({ instruction, options }, likelihoods).map((rate) => Math.log(Math.max(LEAST, rate)));
}

/** How much what is said counts beside what is read; chosen on val, see the card of heartcare-nano. */
const SAID_WEIGHT = 1 / 12;

/** What is read decides, with what is said beside it; where nothing is read of the question, what is said alone. */
export function uniteVerdicts(said: readonly number[], read: readonly number[]): number[] {
  const isRead = read.some((value) => value !== read[0]);
  return said.map((value, index) => (isRead ? read[index]! + SAID_WEIGHT * value : value));
}
