// The deflections of a QRS complex and their names: Q, R, S, R'.

/** An upward or downward deflection; `start`, `peak`, `end` in samples. */
export type Deflection = {
  readonly amplitudeMv: number;
  readonly start: number;
  readonly peak: number;
  readonly end: number;
};

export type NamedDeflections = {
  readonly q: Deflection | null;
  readonly r: Deflection | null;
  readonly s: Deflection | null;
  readonly rPrime: Deflection | null;
};

/** Smaller ones are noise: in mV, and as a share of the complex from top to bottom. */
const LEAST_MV = 0.03;
const LEAST_SHARE = 0.04;
/** A dip between two upward peaks parts them (R and R') when it is this deep, without reaching the baseline. */
const NOTCH_MV = 0.1;
const NOTCH_SHARE = 0.12;

type Stretch = { readonly onset: number; readonly offset: number; readonly baseline: number };

/** Deflections in time order: stretches on one side of the baseline, upward ones parted at deep notches. */
export function findDeflections(x: Float64Array, { onset, offset, baseline }: Stretch): Deflection[] {
  const from = Math.max(0, onset);
  const to = Math.min(x.length - 1, offset);
  let low = 0;
  let high = 0;
  for (let i = from; i <= to; i++) {
    low = Math.min(low, x[i]! - baseline);
    high = Math.max(high, x[i]! - baseline);
  }
  const least = Math.max(LEAST_MV, LEAST_SHARE * (high - low));
  const notch = Math.max(NOTCH_MV, NOTCH_SHARE * (high - low));
  const found: Deflection[] = [];
  for (let start = from; start <= to; ) {
    const up = x[start]! >= baseline;
    let end = start;
    while (end + 1 <= to && x[end + 1]! >= baseline === up) end++;
    const parts = up ? partAtNotches(x, { onset: start, offset: end, baseline }, notch) : [{ start, end }];
    for (const part of parts) {
      const deflection = furthest(x, part, baseline);
      if (Math.abs(deflection.amplitudeMv) >= least) found.push(deflection);
    }
    start = end + 1;
  }
  return found;
}

/**
 * Name deflections in time order; one without any upward deflection is all Q (QS). S is the
 * first downward one after R (after R' where only a notch parts those); later ones are left out.
 */
export function nameDeflections(deflections: readonly Deflection[]): NamedDeflections {
  const merged = mergeSameSide(deflections);
  const firstUp = merged.findIndex(({ amplitudeMv }) => amplitudeMv > 0);
  if (firstUp < 0) return { q: merged[0] ?? null, r: null, s: null, rPrime: null };
  const q = firstUp > 0 ? merged[firstUp - 1]! : null;
  const rest = merged.slice(firstUp + 1);
  const s = rest.find(({ amplitudeMv }) => amplitudeMv < 0) ?? null;
  const rPrime = rest.find(({ amplitudeMv }) => amplitudeMv > 0) ?? null;
  return { q, r: merged[firstUp]!, s, rPrime };
}

/** Two downward deflections with only noise between them are one. */
function mergeSameSide(deflections: readonly Deflection[]): Deflection[] {
  const out: Deflection[] = [];
  for (const deflection of deflections) {
    const last = out.at(-1);
    if (last && last.amplitudeMv < 0 && deflection.amplitudeMv < 0) {
      const deeper = last.amplitudeMv <= deflection.amplitudeMv ? last : deflection;
      out[out.length - 1] = { ...deeper, start: last.start, end: deflection.end };
    } else {
      out.push(deflection);
    }
  }
  return out;
}

function furthest(
  x: Float64Array,
  { start, end }: { start: number; end: number },
  baseline: number,
): Deflection {
  let peak = start;
  for (let i = start; i <= end; i++) if (Math.abs(x[i]! - baseline) > Math.abs(x[peak]! - baseline)) peak = i;
  return { amplitudeMv: x[peak]! - baseline, start, peak, end };
}

/** Cut an upward stretch at its dips that lie `notch` below the peaks on both sides. */
function partAtNotches(
  x: Float64Array,
  { onset, offset }: Stretch,
  notch: number,
): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let start = onset;
  let peak = onset;
  let dip = -1;
  for (let i = onset; i <= offset; i++) {
    const value = x[i]!;
    if (dip < 0) {
      if (value > x[peak]!) peak = i;
      else if (x[peak]! - value >= notch) dip = i;
      continue;
    }
    if (value < x[dip]!) dip = i;
    else if (value - x[dip]! >= notch) {
      parts.push({ start, end: dip });
      start = dip + 1;
      peak = i;
      dip = -1;
    }
  }
  parts.push({ start, end: offset });
  return parts;
}
