// Seeded random numbers: the only source of chance in the suite (sfc32, PractRand-tested, 128-bit state).

/** State of a generator: four unsigned 32-bit words, enough to resume a run exactly. */
export type RngState = readonly [number, number, number, number];

/** A seeded generator. Never use `Math.random`: every number of the suite must repeat. */
export type Rng = {
  /** Uniform in [0, 1) with 32 random bits. */
  next(): number;
  /** Uniform integer in [0, bound). `bound` must be a positive integer. */
  integer(bound: number): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Standard normal (Box-Muller, one draw a call, no cached second value). */
  normal(): number;
  /** One element, uniformly. @throws RangeError on an empty list. */
  pick<T>(values: readonly T[]): T;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(values: readonly T[]): T[];
  /** An independent generator named by `label`; the parent is not advanced. */
  fork(label: string): Rng;
  state(): RngState;
};

/** 32-bit FNV-1a of a string's UTF-16 units: stable over platforms and versions, not cryptographic. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (text.charCodeAt(i) >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A generator from a number or a text. Equal seeds give equal streams on every platform. */
export function createRng(seed: number | string): Rng {
  const text = String(seed);
  const rng = restoreRng([
    hashText(text, 0x9e3779b9),
    hashText(text, 0x243f6a88),
    hashText(text, 0xb7e15162),
    1,
  ]);
  for (let i = 0; i < 15; i++) rng.next();
  return rng;
}

/** Continue a generator from its saved state. */
export function restoreRng(state: RngState): Rng {
  let [a, b, c, d] = state;
  const nextUint32 = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  const rng: Rng = {
    next: () => nextUint32() / 4294967296,
    integer: (bound) => Math.floor(rng.next() * bound),
    uniform: (low, high) => low + (high - low) * rng.next(),
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - rng.next()));
      return radius * Math.cos(2 * Math.PI * rng.next());
    },
    pick: (values) => {
      const value = values[rng.integer(values.length)];
      if (values.length === 0) throw new RangeError("pick: expected a non-empty list, got 0 values");
      return value as (typeof values)[number];
    },
    shuffle: (values) => {
      const copy = [...values];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = rng.integer(i + 1);
        const swap = copy[i] as (typeof copy)[number];
        copy[i] = copy[j] as (typeof copy)[number];
        copy[j] = swap;
      }
      return copy;
    },
    fork: (label) => createRng(`${a >>> 0}:${b >>> 0}:${c >>> 0}:${d >>> 0}:${label}`),
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
  return rng;
}
