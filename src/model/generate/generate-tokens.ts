// generateTokens: continues prompts token by token, several at once when asked, with a key-value cache.
import { EcgError } from "../../shared/errors.ts";
import { createRng } from "../../shared/rng.ts";
import type { DecoderSession } from "./decoder-session.ts";
import { copyCache, type KeyValueCache } from "./key-value-cache.ts";
import { checkSampling, type SampledToken, type SamplingOptions, sampleToken } from "./sample-token.ts";
import { allowedByBoth, type TokenConstraint } from "./token-constraint.ts";

export type GenerateOptions = SamplingOptions & {
  /** Default 256. */
  readonly maxNewTokens?: number;
  /** Ids that end an answer; they are not part of it. Default: the config's. `[]` never ends early. */
  readonly endTokenIds?: readonly number[];
  /** Equal seeds give equal answers. Default 0. Each row of a batch draws from its own generator. */
  readonly seed?: number | string;
  /** Which ids may come next, given the answer so far; undefined for all. */
  readonly allow?: (answer: readonly number[], row: number) => readonly number[] | undefined;
  /** A form that every answer is held to, e.g. of `createJsonConstraint`; an answer ends where nothing may follow. */
  readonly constraint?: TokenConstraint;
  readonly signal?: AbortSignal;
};

/** A prompt as ids, or as ids with their vectors where features of signals and images stand for some of them. */
export type Prompt = {
  readonly ids: readonly number[];
  /** (ids, hidden). Default: the embeddings of the ids. */
  readonly embeddings?: Float32Array;
  /**
   * What was read before it, e.g. a recording that several questions are about; it stays as it is. For one prompt at a time:
   * a batch of prompts is read from the beginning.
   */
  readonly after?: KeyValueCache;
};

/** One token for one row. */
export type TokenEvent = SampledToken & { readonly row: number };

/**
 * Tokens as they are chosen: for a batch, one for every unfinished row, then the next round.
 * @throws EcgError INVALID_OPTION for an empty prompt or options out of range; ABORTED when the signal fires.
 */
export async function* generateTokens(
  session: DecoderSession,
  prompts: readonly Prompt[],
  options: GenerateOptions = {},
): AsyncGenerator<TokenEvent, void> {
  checkSampling(options);
  const { maxNewTokens = 256, endTokenIds = session.config.endTokenIds, seed = 0, allow, signal } = options;
  const ends = new Set(endTokenIds);
  const cache = cacheFor(session, prompts);
  let last = await readPrompts(session, cache, prompts);
  const answers = prompts.map((): number[] => []);
  const open = prompts.map(() => true);
  const readers = prompts.map(() => options.constraint?.begin());
  const rngs = prompts.map((_, row) => createRng(row === 0 ? seed : `${seed}/${row}`));
  for (let step = 0; step < maxNewTokens && open.includes(true); step++) {
    if (signal?.aborted) throw new EcgError("ABORTED", `generate: stopped after ${step} tokens`);
    const logits = await session.logits(last);
    const width = logits.length / prompts.length;
    const chosen = prompts.map((prompt, row) => {
      if (!open[row]) return undefined;
      const token = sampleToken(logits.subarray(row * width, (row + 1) * width), {
        ...options,
        rng: rngs[row]!,
        seen: [...prompt.ids, ...answers[row]!],
        allowed: allowedByBoth(readers[row], maxNewTokens - step, endTokenIds, allow?.(answers[row]!, row)),
      });
      if (ends.has(token.id)) {
        open[row] = false;
        return undefined;
      }
      answers[row]!.push(token.id);
      readers[row]?.accept(token.id);
      if (readers[row]?.ended) open[row] = false;
      return { ...token, row };
    });
    for (const event of chosen) if (event) yield event;
    if (step + 1 === maxNewTokens || !open.includes(true)) return;
    // a finished row goes on with any token, unseen by others
    const ids = answers.map((answer) => answer.at(-1) ?? 0);
    last = await session.advance(cache, {
      embeddings: session.embed(ids),
      tokens: 1,
      visible: open.map((unfinished) => [unfinished ? 1 : 0]),
    });
  }
}

/** A cache of a prompt's own: empty, or a copy of what came before it. @throws EcgError INVALID_OPTION in a batch. */
export function cacheFor(session: DecoderSession, prompts: readonly Prompt[]): KeyValueCache {
  const before = prompts.find(({ after }) => after !== undefined)?.after;
  if (!before) return session.newCache(prompts.length);
  if (prompts.length === 1) return copyCache(before);
  throw new EcgError(
    "INVALID_OPTION",
    `generate: expected one prompt after what was read before, got ${prompts.length}`,
  );
}

/**
 * Read prompts of any lengths, padded on the left. -> the hidden vector after each prompt's last token.
 * @throws EcgError INVALID_OPTION for an empty prompt; SHAPE_MISMATCH for vectors that are not one an id.
 */
export async function readPrompts(
  session: DecoderSession,
  cache: KeyValueCache,
  prompts: readonly Prompt[],
): Promise<Float32Array> {
  const size = session.config.hiddenSize;
  const tokens = Math.max(...prompts.map(({ ids }) => ids.length));
  const embeddings = new Float32Array(prompts.length * tokens * size);
  for (const [row, { ids, embeddings: given }] of prompts.entries()) {
    if (ids.length === 0) throw new EcgError("INVALID_OPTION", "generate: expected a prompt, got 0 tokens");
    const vectors = given ?? session.embed(ids);
    if (vectors.length !== ids.length * size) {
      throw new EcgError(
        "SHAPE_MISMATCH",
        `generate: expected ${ids.length} vectors of ${size}, got ${vectors.length} numbers`,
      );
    }
    embeddings.set(vectors, (row * tokens + tokens - ids.length) * size);
  }
  const visible = prompts.map(({ ids }) =>
    Array.from({ length: tokens }, (_, t) => (t < tokens - ids.length ? 0 : 1)),
  );
  const hidden = await session.advance(cache, { embeddings, tokens, visible });
  const last = new Float32Array(prompts.length * size);
  for (let row = 0; row < prompts.length; row++) {
    const end = (row + 1) * tokens * size;
    last.set(hidden.subarray(end - size, end), row * size);
  }
  return last;
}

/** All answers at once, as ids by row. */
export async function collectTokens(
  session: DecoderSession,
  prompts: readonly Prompt[],
  options: GenerateOptions = {},
): Promise<number[][]> {
  const answers = prompts.map((): number[] => []);
  for await (const { row, id } of generateTokens(session, prompts, options)) answers[row]!.push(id);
  return answers;
}
