// Mean and population standard deviation of samples, missing ones left out.

export type Moments = {
  /** NaN where no sample is there. */
  readonly mean: number;
  /** Population standard deviation; NaN where no sample is there. */
  readonly sd: number;
  /** How many samples are missing. */
  readonly missing: number;
};

/**
 * Moments of samples [from, to), cut to those that exist; NaN is missing. Two passes in float64: as exact for a small
 * wave on a large offset as without one. Unit: that of the samples.
 */
export function momentsOf(samples: ArrayLike<number>, from = 0, to: number = samples.length): Moments {
  const [start, end] = [Math.max(0, from), Math.min(to, samples.length)];
  let sum = 0;
  let count = 0;
  for (let t = start; t < end; t++) {
    const value = samples[t]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const missing = Math.max(0, end - start) - count;
  if (count === 0) return { mean: Number.NaN, sd: Number.NaN, missing };
  const mean = sum / count;
  let squares = 0;
  for (let t = start; t < end; t++) {
    const value = samples[t]!;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { mean, sd: Math.sqrt(squares / count), missing };
}
