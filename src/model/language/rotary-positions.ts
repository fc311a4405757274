// rotaryPositions: cosines and sines for the positions of a batch, with Phi-3's longrope.
// Source: transformers v4.44 modeling_phi3 (Phi3LongRoPEScaledRotaryEmbedding), modeling_qwen2.
import type { RotaryConfig } from "../config/language-config.ts";

/** Which of longrope's factors apply. Models without longrope have one regime only, "short". */
export type RotaryRegime = "short" | "long";

/** The regime of a call: decided by the longest position over the whole batch. */
export function rotaryRegime(config: RotaryConfig, longestPosition: number): RotaryRegime {
  return config.longrope && longestPosition + 1 > config.longrope.originalPositions ? "long" : "short";
}

/**
 * Positions (any count, row by row) -> cosines and sines (positions, size / 2).
 * Frequencies and angles are rounded to float32 as the reference's are: far out in a text, where an angle is
 * thousands of radians, that is what the weights were trained with.
 */
export function rotaryPositions(
  config: RotaryConfig,
  positions: ArrayLike<number>,
  regime: RotaryRegime,
): { cosines: Float32Array; sines: Float32Array } {
  const { longrope } = config;
  const half = config.size / 2;
  const factors = longrope && (regime === "long" ? longrope.longFactors : longrope.shortFactors);
  const { fround } = Math;
  const frequencies = Float32Array.from({ length: half }, (_, i) => {
    const wavelength = fround(config.theta ** fround((2 * i) / config.size));
    return 1 / fround(fround(factors?.[i] ?? 1) * wavelength);
  });
  const scale = longrope?.attentionFactor ?? 1;
  const cosines = new Float32Array(positions.length * half);
  const sines = new Float32Array(positions.length * half);
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row]!;
    for (let i = 0; i < half; i++) {
      const angle = fround(position * frequencies[i]!);
      cosines[row * half + i] = scale * Math.cos(angle);
      sines[row * half + i] = scale * Math.sin(angle);
    }
  }
  return { cosines, sines };
}

/** The longest of some positions; -1 of none. */
export function longestOf(positions: ArrayLike<number>): number {
  let longest = -1;
  for (let i = 0; i < positions.length; i++) longest = Math.max(longest, positions[i]!);
  return longest;
}

/**
 * Positions that count a row's visible tokens only, as generation with left padding uses: cumulative mask - 1, 1
 * where masked. `visible` is (batch, tokens) of 0 and 1.
 */
export function positionsFromMask(visible: ArrayLike<number>, tokens: number): Int32Array {
  const positions = new Int32Array(visible.length);
  for (let start = 0; start < visible.length; start += tokens) {
    let count = 0;
    for (let t = 0; t < tokens; t++) {
      const seen = visible[start + t] !== 0;
      if (seen) count++;
      positions[start + t] = seen ? count - 1 : 1;
    }
  }
  return positions;
}
