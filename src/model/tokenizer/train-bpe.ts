// trainBpe: a byte-level BPE vocabulary from texts, written as tokenizer.json in the layout of Qwen2.
// Source: Sennrich et al. 2016; Radford et al. 2019 (bytes as alphabet). Ties go to the pair whose ids are lower, as
// in Hugging Face's trainer, so that the same texts give the same file everywhere.
import { EcgError } from "../../shared/errors.ts";
import { BYTE_ALPHABET, textToByteCharacters } from "./byte-alphabet.ts";
import type { TokenizerFiles } from "./load-tokenizer.ts";

/** How Qwen2 cuts text into words before merging: contractions, letters, single digits, punctuation, spaces. */
export const QWEN2_WORD_PATTERN: string =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** The same for JavaScript engines without inline flags. */
const WORDS =
  /'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

export type TrainBpeOptions = {
  /** Ids in all, special tokens included. At least 256 more than the special tokens. */
  readonly vocabularySize: number;
  /** Tokens that text never makes by accident; they get the last ids, in this order. */
  readonly specialTokens: readonly string[];
  /** Pairs seen less often are not merged. Default 2. */
  readonly minimumCount?: number;
  /** Fields of tokenizer_config.json: eos_token, pad_token, chat_template, … */
  readonly config?: Readonly<Record<string, unknown>>;
};

/**
 * Learn merges from texts (any order; only counts matter). Fewer merges are learned when the texts run out of pairs.
 * @throws EcgError INVALID_OPTION for a vocabulary too small for the bytes.
 */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): TokenizerFiles {
  const { vocabularySize, specialTokens, minimumCount = 2 } = options;
  const mergeCount = vocabularySize - specialTokens.length - BYTE_ALPHABET.length;
  if (!Number.isInteger(mergeCount) || mergeCount < 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `trainBpe: expected a vocabulary of at least ${BYTE_ALPHABET.length + specialTokens.length} ids, got ${vocabularySize}`,
    );
  }
  const tokens = [...BYTE_ALPHABET];
  const merges = learnMerges(countWords(texts), tokens, { mergeCount, minimumCount });
  const vocabulary = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const added = specialTokens.map((content, index) => ({
    id: tokens.length + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
  const split = {
    type: "Split",
    pattern: { Regex: QWEN2_WORD_PATTERN },
    behavior: "Isolated",
    invert: false,
  };
  return {
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: { type: "NFC" },
      pre_tokenizer: { type: "Sequence", pretokenizers: [split, byteLevel] },
      post_processor: byteLevel,
      decoder: byteLevel,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        fuse_unk: false,
        byte_fallback: false,
        vocab: vocabulary,
        merges: merges.map(([left, right]) => `${left} ${right}`),
      },
    },
    config: {
      tokenizer_class: "Qwen2Tokenizer",
      clean_up_tokenization_spaces: false,
      added_tokens_decoder: Object.fromEntries(added.map(({ id, ...token }) => [String(id), token])),
      ...options.config,
    },
  };
}

/** Words with their counts, in the order first met. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.normalize("NFC").matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

type Word = { ids: number[]; readonly count: number };

/** Pairs are kept as left * PAIR_BASE + right: a number is much faster as a key than a text. */
const PAIR_BASE = 2 ** 21;

/** Merge the most frequent pair until `mergeCount` merges are made; appends the new tokens. */
function learnMerges(
  words: ReadonlyMap<string, number>,
  tokens: string[],
  { mergeCount, minimumCount }: { readonly mergeCount: number; readonly minimumCount: number },
): [string, string][] {
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const list = Array.from(
    words,
    ([word, count]): Word => ({
      ids: textToByteCharacters(word).map((character) => idOf.get(character)!),
      count,
    }),
  );
  const pairs = indexPairs(list);
  const merges: [string, string][] = [];
  while (merges.length < mergeCount) {
    const best = mostFrequent(pairs);
    if (best === undefined || pairs.get(best)!.count < minimumCount) break;
    const [left, right] = [Math.floor(best / PAIR_BASE), best % PAIR_BASE];
    const joined = tokens[left]! + tokens[right]!;
    merges.push([tokens[left]!, tokens[right]!]);
    // two merges can spell the same token; it keeps its first id
    const known = idOf.get(joined);
    const id = known ?? tokens.length;
    if (known === undefined) {
      tokens.push(joined);
      idOf.set(joined, id);
    }
    for (const index of pairs.get(best)!.words) replacePair(list, index, { left, right, id }, pairs);
    pairs.delete(best);
  }
  return merges;
}

type PairIndex = Map<number, { count: number; readonly words: Set<number> }>;

function indexPairs(list: readonly Word[]): PairIndex {
  const pairs: PairIndex = new Map();
  for (const [index, word] of list.entries()) addPairs(pairs, index, word, 1);
  return pairs;
}

/** Count a word's pairs in (sign 1) or out (sign -1). */
function addPairs(pairs: PairIndex, index: number, { ids, count }: Word, sign: 1 | -1): void {
  for (let at = 0; at + 1 < ids.length; at++) {
    const key = ids[at]! * PAIR_BASE + ids[at + 1]!;
    let entry = pairs.get(key);
    if (!entry) {
      entry = { count: 0, words: new Set() };
      pairs.set(key, entry);
    }
    entry.count += sign * count;
    if (sign === 1) entry.words.add(index);
    else if (entry.count === 0) pairs.delete(key);
  }
}

function mostFrequent(pairs: PairIndex): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [key, { count }] of pairs) {
    if (count > most || (count === most && best !== undefined && key < best)) {
      best = key;
      most = count;
    }
  }
  return best;
}

type Merge = { readonly left: number; readonly right: number; readonly id: number };

function replacePair(list: Word[], index: number, { left, right, id }: Merge, pairs: PairIndex): void {
  const word = list[index]!;
  const ids: number[] = [];
  for (let at = 0; at < word.ids.length; at++) {
    const matches = word.ids[at] === left && word.ids[at + 1] === right;
    ids.push(matches ? id : word.ids[at]!);
    if (matches) at++;
  }
  if (ids.length === word.ids.length) return;
  addPairs(pairs, index, word, -1);
  word.ids = ids;
  addPairs(pairs, index, word, 1);
}
