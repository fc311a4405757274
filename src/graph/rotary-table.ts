// rotaryTable: cosines and sines of rotary position embedding.

export type RotaryTableOptions = {
  readonly tokens: number;
  /** Angular frequencies per position, size / 2 of them; see {@link rotaryFrequencies}. */
  readonly frequencies: ArrayLike<number>;
  /** Position of the first token. Default 0. */
  readonly firstPosition?: number;
  /** A factor on both tables (the attention factor of longrope). Default 1. */
  readonly scale?: number;
};

/** theta^(-2 i / size) for i = 0 … size / 2 - 1 (Su et al. 2021). */
export function rotaryFrequencies(size: number, theta: number): Float64Array {
  return Float64Array.from({ length: size / 2 }, (_, i) => theta ** ((-2 * i) / size));
}

/** Two tables (tokens, frequencies). */
export function rotaryTable(options: RotaryTableOptions): { cosines: Float32Array; sines: Float32Array } {
  const { tokens, frequencies, firstPosition = 0, scale = 1 } = options;
  const half = frequencies.length;
  const angle = (index: number): number =>
    (firstPosition + Math.floor(index / half)) * (frequencies[index % half] ?? 0);
  return {
    cosines: Float32Array.from({ length: tokens * half }, (_, index) => scale * Math.cos(angle(index))),
    sines: Float32Array.from({ length: tokens * half }, (_, index) => scale * Math.sin(angle(index))),
  };
}
