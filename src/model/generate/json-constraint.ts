// createJsonConstraint: lets a model write nothing but JSON that satisfies a schema.
import { EcgError } from "../../shared/errors.ts";
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import { createJsonAutomaton, type JsonState } from "./json-automaton.ts";
import { grammarOfSchema, type JsonSchema } from "./json-schema-grammar.ts";
import { byteVocabulary, type TokenTree } from "./token-bytes.ts";
import type { ConstraintReader, TokenConstraint } from "./token-constraint.ts";

/** The tokens that may follow a state, and how many bytes would then lack to an end. */
type NextTokens = {
  readonly ids: readonly number[];
  readonly bytesToEnd: readonly number[];
  readonly longest: number;
};

/** Lists of allowed tokens are forgotten beyond this count of ids in them. */
const CACHED_IDS = 8_000_000;
/** What a list costs beside its ids, in ids. */
const ENTRY_IDS = 50;

/**
 * A constraint for `generateTokens` and `generateText`: the answer is one JSON value that satisfies the schema, without
 * spaces but at most one after a comma or colon. Which tokens fit is found by the bytes they stand for, so that
 * characters may be cut anywhere, and kept by the place in the grammar. Near `maxNewTokens` only tokens are allowed after
 * which the value can still be closed; a limit too small for any value gives a cut answer, `isComplete` false. Build it
 * once for a schema: answers of any number share it.
 * @throws EcgError UNSUPPORTED_FORMAT, INVALID_OPTION as `grammarOfSchema`; UNSUPPORTED_FORMAT, INVALID_FILE for
 * tokenizers whose tokens are no bytes.
 */
export function createJsonConstraint(schema: JsonSchema, tokenizer: TextTokenizer): TokenConstraint {
  const grammar = grammarOfSchema(schema);
  const { tokens, tree, longest } = byteVocabulary(tokenizer);
  const start = createJsonAutomaton(grammar, { lookahead: longest });
  const next = cachedNextTokens(tree);
  const begin = (): ConstraintReader => {
    let state = start;
    return {
      get complete() {
        return state.complete;
      },
      get ended() {
        return state.ended;
      },
      allowed: (tokensLeft) => withinBudget(next(state), state, tokensLeft),
      accept(id) {
        const after = advance(state, tokens.get(id));
        if (!after) {
          const text = tokenizer.tokenOf(id);
          throw new EcgError(
            "INVALID_OPTION",
            `json constraint: expected a token that the schema allows, got ${id} (${text})`,
          );
        }
        state = after;
      },
    };
  };
  return {
    begin,
    isComplete(ids) {
      const end = ids.reduce<JsonState | undefined>(
        (state, id) => state && advance(state, tokens.get(id)),
        start,
      );
      return end?.complete ?? false;
    },
  };
}

function advance(state: JsonState, bytes: Uint8Array | undefined): JsonState | undefined {
  if (!bytes) return undefined;
  let current: JsonState | undefined = state;
  for (const byte of bytes) {
    current = current.step(byte);
    if (!current) return undefined;
  }
  return current;
}

function cachedNextTokens(tree: TokenTree): (state: JsonState) => NextTokens {
  const cache = new Map<string, NextTokens>();
  let held = 0;
  return (state) => {
    const cached = cache.get(state.key);
    if (cached) return cached;
    const ids: number[] = [];
    const bytesToEnd: number[] = [];
    collect(tree, state, (id, after) => {
      ids.push(id);
      bytesToEnd.push(after.bytesToEnd);
    });
    const found = { ids, bytesToEnd, longest: bytesToEnd.reduce((most, count) => Math.max(most, count), 0) };
    held += ids.length + ENTRY_IDS;
    if (held > CACHED_IDS) {
      cache.clear();
      held = ids.length + ENTRY_IDS;
    }
    cache.set(state.key, found);
    return found;
  };
}

function collect(tree: TokenTree, state: JsonState, add: (id: number, after: JsonState) => void): void {
  for (const id of tree.ids) add(id, state);
  for (const [byte, child] of tree.children ?? []) {
    const after = state.step(byte);
    if (after) collect(child, after, add);
  }
}

/** Tokens after which the value can be closed with the tokens that are left: every byte has a token of its own. */
function withinBudget(next: NextTokens, state: JsonState, tokensLeft: number): readonly number[] {
  const { ids, bytesToEnd, longest } = next;
  const within = tokensLeft - 1;
  if (longest <= within || state.bytesToEnd > tokensLeft) return ids;
  return ids.filter((_, index) => bytesToEnd[index]! <= within);
}
