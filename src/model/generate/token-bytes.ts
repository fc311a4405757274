// byteVocabulary: the bytes that each token stands for, and a tree of them to find all tokens that may come next.
import { EcgError } from "../../shared/errors.ts";
import { BYTE_ALPHABET } from "../tokenizer/byte-alphabet.ts";
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";

/** Tokens by their bytes, one byte a level. */
export type TokenTree = {
  /** Tokens that end here. */
  readonly ids: number[];
  /** By the next byte; most tokens are the beginning of no other. */
  children: Map<number, TokenTree> | undefined;
};

/** What constraints need of a vocabulary. */
export type ByteVocabulary = {
  /** By id; special tokens are no text and left out. */
  readonly tokens: ReadonlyMap<number, Uint8Array>;
  readonly tree: TokenTree;
  /** Bytes of the longest token. */
  readonly longest: number;
};

const vocabularies = new WeakMap<TextTokenizer, ByteVocabulary>();

/** A tokenizer's vocabulary, worked out once for all constraints. @throws EcgError as {@link tokenBytes}. */
export function byteVocabulary(tokenizer: TextTokenizer): ByteVocabulary {
  const known = vocabularies.get(tokenizer);
  if (known) return known;
  const tokens = tokenBytes(tokenizer);
  let longest = 0;
  for (const { length } of tokens.values()) longest = Math.max(longest, length);
  const vocabulary = { tokens, tree: tokenTree(tokens), longest };
  vocabularies.set(tokenizer, vocabulary);
  return vocabulary;
}

/**
 * The bytes of each token of a byte-level or byte-fallback vocabulary, by id. Special tokens have none: they are no text.
 * @throws EcgError UNSUPPORTED_FORMAT for another kind of tokenizer; INVALID_FILE when a byte has no token of its own.
 */
function tokenBytes(tokenizer: TextTokenizer): ReadonlyMap<number, Uint8Array> {
  const toBytes = byteReader(tokenizer);
  const added = new Set(addedIds(tokenizer));
  const found = new Map<number, Uint8Array>();
  for (let id = 0; id < tokenizer.size; id++) {
    const token = tokenizer.tokenOf(id);
    const bytes = token === undefined || added.has(id) ? undefined : toBytes(token);
    if (bytes && bytes.length > 0) found.set(id, bytes);
  }
  const single = new Set([...found.values()].flatMap((bytes) => (bytes.length === 1 ? [bytes[0]!] : [])));
  const missing = WRITTEN_BYTES.find((byte) => !single.has(byte));
  if (missing === undefined) return found;
  throw new EcgError(
    "INVALID_FILE",
    `tokenizer: expected a token for every byte of UTF-8 text, found none for 0x${missing.toString(16)}`,
    { hint: "a constraint needs a vocabulary that can write any text" },
  );
}

/** Printable ASCII and all bytes of longer characters. */
const WRITTEN_BYTES = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x80 && byte <= 0xf4 && byte !== 0xc0 && byte !== 0xc1),
);

/** Tokens as a tree. */
function tokenTree(tokens: ReadonlyMap<number, Uint8Array>): TokenTree {
  const leaf = (): TokenTree => ({ ids: [], children: undefined });
  const root = leaf();
  for (const [id, bytes] of tokens) {
    let node = root;
    for (const byte of bytes) {
      node.children ??= new Map();
      const child = node.children.get(byte) ?? leaf();
      node.children.set(byte, child);
      node = child;
    }
    node.ids.push(id);
  }
  return root;
}

/** How a vocabulary writes bytes, by the decoder of its tokenizer.json. */
function byteReader(tokenizer: TextTokenizer): (token: string) => Uint8Array | undefined {
  const decoder = JSON.stringify(tokenizer.files.tokenizer["decoder"] ?? null);
  if (decoder.includes('"ByteLevel"')) return fromByteLevel;
  if (decoder.includes('"ByteFallback"')) return fromByteFallback;
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `tokenizer: expected a decoder ByteLevel or ByteFallback, found ${decoder.slice(0, 60)}`,
    { hint: "a constraint works on the bytes of tokens" },
  );
}

const byteOfCharacter = byteTable();

/** Characters that stand for bytes: Latin-1 ones for themselves, those from U+0100 on for the rest, in order. */
function byteTable(): ReadonlyMap<string, number> {
  const themselves = new Set(BYTE_ALPHABET.filter((character) => character.charCodeAt(0) < 256));
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => !themselves.has(String.fromCharCode(byte)),
  );
  return new Map(
    BYTE_ALPHABET.map((character): [string, number] => {
      const code = character.charCodeAt(0);
      return [character, code < 256 ? code : others[code - 256]!];
    }),
  );
}

function fromByteLevel(token: string): Uint8Array | undefined {
  const bytes = Array.from(token, (character) => byteOfCharacter.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

function fromByteFallback(token: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  if (byte) return Uint8Array.of(Number.parseInt(byte, 16));
  return new TextEncoder().encode(token.replaceAll("\u2581", " "));
}

function addedIds(tokenizer: TextTokenizer): number[] {
  const listed = tokenizer.files.tokenizer["added_tokens"];
  const entries = Array.isArray(listed) ? (listed as readonly { readonly id?: unknown }[]) : [];
  const configured = Object.keys(
    (tokenizer.files.config["added_tokens_decoder"] as object | undefined) ?? {},
  );
  return [...entries.map(({ id }) => Number(id)), ...configured.map(Number)];
}
