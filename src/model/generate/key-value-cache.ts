// KeyValueCache: keys and values of the tokens that a decoder has seen, so that each further token costs one step.
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";

/** Memory of one sequence, or of several of the same length. Its owner may drop it at any time; nothing is to be closed. */
export type KeyValueCache = {
  readonly batch: number;
  /** Slots in use: tokens and padding. */
  length: number;
  /** Slots allocated; grows by doubling. */
  capacity: number;
  /** By layer: (batch, key heads, capacity, head size). */
  keys: Float32Array[];
  values: Float32Array[];
  /** By row: 1 for a token, 0 for padding; as long as `length`. */
  readonly visible: number[][];
  /** By row: the position of the next token, which counts tokens, not padding. */
  readonly nextPosition: number[];
  /** Whether longrope's long factors were used; then all that is cached was. */
  long: boolean;
  /** The embeddings behind the slots, by call: longrope computes them anew when its regime changes. */
  readonly history: { readonly embeddings: Float32Array; readonly tokens: number }[];
};

/** An empty cache. `capacity` slots are enough until it must grow. */
export function createCache(config: LanguageConfig, batch = 1, capacity = 64): KeyValueCache {
  const size = batch * config.keyValueHeadCount * capacity * config.headSize;
  const arrays = (): Float32Array[] =>
    Array.from({ length: config.layerCount }, () => new Float32Array(size));
  return {
    batch,
    length: 0,
    capacity,
    keys: arrays(),
    values: arrays(),
    visible: Array.from({ length: batch }, () => []),
    nextPosition: new Array<number>(batch).fill(0),
    long: false,
    history: [],
  };
}

/** Make room for `slots` in all, keeping what is stored. */
export function reserveCache(cache: KeyValueCache, config: LanguageConfig, slots: number): void {
  if (slots <= cache.capacity) return;
  const capacity = Math.max(slots, 2 * cache.capacity);
  const rows = cache.batch * config.keyValueHeadCount;
  const used = cache.length * config.headSize;
  const grow = (array: Float32Array): Float32Array => {
    const larger = new Float32Array(rows * capacity * config.headSize);
    for (let row = 0; row < rows; row++) {
      const from = row * cache.capacity * config.headSize;
      larger.set(array.subarray(from, from + used), row * capacity * config.headSize);
    }
    return larger;
  };
  cache.keys = cache.keys.map(grow);
  cache.values = cache.values.map(grow);
  cache.capacity = capacity;
}

/** Store a layer's new keys or values (batch, key heads, tokens, head size) behind `cache.length` slots. */
export function writeSlots(
  cache: KeyValueCache,
  config: LanguageConfig,
  target: Float32Array,
  fresh: Float32Array,
): void {
  const rows = cache.batch * config.keyValueHeadCount;
  const block = fresh.length / rows;
  for (let row = 0; row < rows; row++) {
    const at = (row * cache.capacity + cache.length) * config.headSize;
    target.set(fresh.subarray(row * block, (row + 1) * block), at);
  }
}

/**
 * Forget all but the first `length` slots: another continuation of the same beginning can then be tried.
 * @throws EcgError INVALID_OPTION for more slots than are stored, or a cut within longrope's history.
 */
export function truncateCache(cache: KeyValueCache, length: number): void {
  if (!Number.isInteger(length) || length < 0 || length > cache.length) {
    throw new EcgError("INVALID_OPTION", `truncateCache: expected 0 to ${cache.length} slots, got ${length}`);
  }
  for (const [row, visible] of cache.visible.entries()) {
    for (const seen of visible.splice(length)) cache.nextPosition[row]! -= seen;
  }
  cache.length = length;
  let kept = 0;
  for (const [index, { tokens, embeddings }] of cache.history.entries()) {
    if (kept + tokens <= length) {
      kept += tokens;
      continue;
    }
    cache.history.splice(index);
    if (kept < length) cache.history.push(cutRows(embeddings, cache.batch, tokens, length - kept));
    break;
  }
}

/** The first `kept` of `tokens` columns of (batch, tokens, size). */
function cutRows(
  embeddings: Float32Array,
  batch: number,
  tokens: number,
  kept: number,
): { embeddings: Float32Array; tokens: number } {
  const size = embeddings.length / (batch * tokens);
  const cut = new Float32Array(batch * kept * size);
  for (let row = 0; row < batch; row++) {
    const from = row * tokens * size;
    cut.set(embeddings.subarray(from, from + kept * size), row * kept * size);
  }
  return { embeddings: cut, tokens: kept };
}

/** A copy that can go another way. */
export function copyCache(cache: KeyValueCache): KeyValueCache {
  return {
    ...cache,
    keys: cache.keys.map((array) => array.slice()),
    values: cache.values.map((array) => array.slice()),
    visible: cache.visible.map((row) => [...row]),
    nextPosition: [...cache.nextPosition],
    history: [...cache.history],
  };
}
