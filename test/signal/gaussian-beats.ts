// A plain test trace: narrow bumps (R waves) of 1 mV at chosen samples, with a little seeded noise when asked.
import { createRng } from "../../src/shared/rng.ts";

export function gaussianBeats(
  beatsAt: readonly number[],
  sampleCount: number,
  noiseMv = 0,
  seed = 1,
): Float64Array {
  const rng = createRng(seed);
  const bump = (i: number, at: number): number => Math.exp(-((i - at) ** 2) / 18);
  return Float64Array.from(
    { length: sampleCount },
    (_, i) =>
      beatsAt.reduce((sum, at) => sum + bump(i, at), 0) + (noiseMv === 0 ? 0 : noiseMv * rng.normal()),
  );
}
