// growVocabulary: special tokens that a tokenizer and a model did not have. New rows start as the mean of the old ones.
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { createTokenizer, type TextTokenizer } from "./load-tokenizer.ts";

/** What marks signals, images, their text and a forecast in a prompt. */
export const ECG_TOKENS = ["<sig>", "<img>", "<text>", "<pred>"] as const;

/**
 * A tokenizer with these tokens too. Those it has keep their ids; new ones follow the highest id in the given order.
 * The given tokenizer is not changed.
 */
export function addTokens(
  tokenizer: TextTokenizer,
  tokens: readonly string[],
): {
  readonly tokenizer: TextTokenizer;
  readonly ids: readonly number[];
  readonly newIds: readonly number[];
} {
  const missing = tokens.filter((token) => tokenizer.idOf(token) === undefined);
  if (missing.length === 0)
    return { tokenizer, ids: tokens.map((token) => tokenizer.idOf(token)!), newIds: [] };
  const entries = missing.map((content, index) => ({
    id: tokenizer.size + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const { tokenizer: json, config } = tokenizer.files;
  const added = (json["added_tokens"] as readonly unknown[] | undefined) ?? [];
  const decoder = (config["added_tokens_decoder"] as Readonly<Record<string, unknown>> | undefined) ?? {};
  const grown = createTokenizer({
    tokenizer: { ...json, added_tokens: [...added, ...entries] },
    config: {
      ...config,
      added_tokens_decoder: {
        ...decoder,
        ...Object.fromEntries(entries.map(({ id, ...entry }) => [String(id), entry])),
      },
    },
  });
  return {
    tokenizer: grown,
    ids: tokens.map((token) => grown.idOf(token)!),
    newIds: entries.map(({ id }) => id),
  };
}

/** The config with a table of at least `size` rows. Checkpoints often have spare rows already. */
export function growConfig(config: LanguageConfig, size: number): LanguageConfig {
  return size <= config.vocabularySize ? config : { ...config, vocabularySize: size };
}

/**
 * A table (rows, width) with `rows` rows in which those of `newIds`, and all beyond the old end, are the mean of the
 * first `oldCount` rows: a new token then begins as an average one, neither likely nor far from the others.
 * Use it on the embedding table and, when the head is not tied, on the head.
 * @throws EcgError SHAPE_MISMATCH when the table does not hold whole rows.
 */
export function growTable(
  table: Float32Array,
  options: {
    readonly width: number;
    readonly rows: number;
    /** Rows that tokens use: the size of the tokenizer before it grew. */
    readonly oldCount: number;
    readonly newIds: readonly number[];
  },
): Float32Array {
  const { width, rows, oldCount, newIds } = options;
  const oldRows = table.length / width;
  if (!Number.isInteger(oldRows) || oldCount > oldRows || rows < oldRows) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `growTable: expected ${oldCount} to ${rows} rows of ${width}, got ${oldRows}`,
    );
  }
  const mean = new Float64Array(width);
  for (let row = 0; row < oldCount; row++) {
    for (let i = 0; i < width; i++) mean[i]! += table[row * width + i]! / oldCount;
  }
  const grown = new Float32Array(rows * width);
  grown.set(table);
  const fresh = new Set([
    ...newIds,
    ...Array.from({ length: rows - oldRows }, (_, index) => oldRows + index),
  ]);
  for (const row of fresh) grown.set(mean, row * width);
  return grown;
}
