// visibilityMask: what is added to attention scores, from who may see whom.

/** exp of it is 0, and float32 holds it beside any score. */
const HIDDEN = -1e9;

export type VisibilityOptions = {
  readonly batch: number;
  /** Tokens that ask: the last of the keys. */
  readonly queries: number;
  readonly keys: number;
  /** (batch, keys): 0 for padding. Default: every key is a token. */
  readonly visible?: ArrayLike<number>;
  /** (batch, keys): tokens see only tokens of the same number (several texts packed in one row). */
  readonly segments?: ArrayLike<number>;
  /** A token sees this many keys at most, itself included. */
  readonly window?: number | undefined;
};

/** (batch, queries, keys): 0 where a key may be seen, -1e9 where it is padding, later, too far back or of another text. */
export function visibilityMask(options: VisibilityOptions): Float32Array {
  const { batch, queries, keys, visible, segments, window = keys } = options;
  const mask = new Float32Array(batch * queries * keys).fill(HIDDEN);
  for (let b = 0; b < batch; b++) {
    for (let q = 0; q < queries; q++) {
      const self = keys - queries + q;
      const row = (b * queries + q) * keys;
      for (let key = Math.max(0, self - window + 1); key <= self; key++) {
        const at = b * keys + key;
        if (visible && visible[at] === 0) continue;
        if (segments && segments[at] !== segments[b * keys + self]) continue;
        mask[row + key] = 0;
      }
    }
  }
  return mask;
}
