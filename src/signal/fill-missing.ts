// Gaps of a lead filled with the last value before them, so that filters can run over it.

/**
 * A copy in which every sample that is no finite number repeats the last one that was; those at the start take the
 * first that comes. Null when no sample is finite.
 *
 * Source: NeuroKit2 `ecg_clean` forward-fills; it leaves a gap at the start, which spoils its whole output, so
 * filling backward there is ours.
 */
export function fillMissing(x: Float64Array | Float32Array): Float64Array | null {
  const first = x.findIndex(Number.isFinite);
  if (first < 0) return null;
  const out = Float64Array.from(x);
  let held = out[first]!;
  for (let i = 0; i < out.length; i++) {
    if (Number.isFinite(out[i])) held = out[i]!;
    else out[i] = held;
  }
  return out;
}
