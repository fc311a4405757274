// The most prominent local maximum of a stretch of signal, as scipy.signal.find_peaks(prominence=(None, None)).

/**
 * Index (in `x`) of the local maximum of x[start, end) with the largest prominence, or -1 when there is none.
 *
 * Samples outside the stretch do not exist for it: its first and last sample are no maxima, and prominence (height
 * above the higher of the two lowest points reached on either side before something higher) is measured inside.
 * A plateau counts at its middle, rounded down; of equal prominences the first wins.
 * Source: scipy 1.10 `find_peaks` / `peak_prominences`.
 */
export function findMostProminentPeak(x: Float64Array | Float32Array, start: number, end: number): number {
  let best = -1;
  let bestProminence = Number.NEGATIVE_INFINITY;
  let i = start + 1;
  while (i < end - 1) {
    let right = i;
    if (x[i - 1]! < x[i]!) {
      while (right + 1 < end - 1 && x[right + 1] === x[i]) right++;
      if (x[right + 1]! < x[i]!) {
        const peak = Math.floor((i - start + right - start) / 2) + start;
        const prominence = prominenceInside(x, peak, start, end);
        if (prominence > bestProminence) {
          bestProminence = prominence;
          best = peak;
        }
      }
    }
    i = right + 1;
  }
  return best;
}

function prominenceInside(x: Float64Array | Float32Array, peak: number, start: number, end: number): number {
  const height = x[peak]!;
  let lowestLeft = height;
  for (let i = peak; i >= start && x[i]! <= height; i--) lowestLeft = Math.min(lowestLeft, x[i]!);
  let lowestRight = height;
  for (let i = peak; i < end && x[i]! <= height; i++) lowestRight = Math.min(lowestRight, x[i]!);
  return height - Math.max(lowestLeft, lowestRight);
}
