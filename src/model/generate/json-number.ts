// JSON numbers character by character: which beginnings can still become a number of a range, and how soon.

/** Digits in all: float64 keeps 15 of them. No exponents are written. */
const DIGITS = 15;
/** Digits behind the point. */
const FRACTION_DIGITS = 9;

export type NumberRange = {
  /** Whole numbers only. */
  readonly whole: boolean;
  /** Both inclusive; infinite when there is no limit. */
  readonly minimum: number;
  readonly maximum: number;
};

const FORM = /^-?(?:0|[1-9]\d*)?(?:(?<=\d)\.\d*)?$/;
const COMPLETE = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Whether the text is a number of the range as it stands. */
export function isNumberOf(range: NumberRange, text: string): boolean {
  if (!COMPLETE.test(text) || (range.whole && text.includes("."))) return false;
  const value = Number(text);
  return value >= range.minimum && value <= range.maximum;
}

/**
 * Characters that a beginning lacks to be a number of the range, at least; undefined when none completes it.
 * "" is the beginning of all.
 */
export function charactersToNumber(range: NumberRange, text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  const negative = text.startsWith("-");
  const [whole = "", fraction] = text.slice(negative ? 1 : 0).split(".");
  if (whole.length > DIGITS || (fraction !== undefined && (range.whole || whole.length === DIGITS))) {
    return undefined;
  }
  if ((fraction?.length ?? 0) > mostDecimals(whole.length)) return undefined;
  if (isNumberOf(range, text)) return 0;
  if (text === "") {
    const found = ["-", ...Array.from("0123456789")].map((start) => charactersToNumber(range, start));
    return least(found.map((count) => (count === undefined ? undefined : count + 1)));
  }
  // a negative number is looked for among the positive ones of the mirrored range
  const low = negative ? -range.maximum : range.minimum;
  const high = negative ? -range.minimum : range.maximum;
  const limits = { low, high, whole: range.whole };
  return fraction === undefined ? toWhole(whole, limits) : toFraction(whole, fraction, limits);
}

type Limits = { readonly low: number; readonly high: number; readonly whole: boolean };

/** More digits before the point, then some behind it. */
function toWhole(digits: string, limits: Limits): number | undefined {
  const room = digits === "0" ? 0 : DIGITS - digits.length;
  const counts: (number | undefined)[] = [];
  for (let more = digits === "" ? 1 : 0; more <= room; more++) {
    const scale = 10 ** more;
    // of a minus alone: 0 to 9 with one digit, 10 to 99 with two
    const from = digits === "" ? (more === 1 ? 0 : scale / 10) : Number(digits) * scale;
    const to = digits === "" ? scale : (Number(digits) + 1) * scale;
    const most = limits.whole ? 0 : mostDecimals(digits.length + more);
    const behind = leastDecimals(from, to, limits, [0, most]);
    if (behind !== undefined) counts.push(more + (behind === 0 ? 0 : behind + 1));
  }
  return least(counts);
}

/** More digits behind the point. */
function toFraction(whole: string, fraction: string, limits: Limits): number | undefined {
  const from = Number(`${whole}.${fraction}0`);
  const next = (Number(whole + fraction) + 1) / 10 ** fraction.length;
  const to = Number(next.toFixed(fraction.length));
  const most = mostDecimals(whole.length);
  const decimals = leastDecimals(from, to, limits, [Math.max(1, fraction.length), most]);
  return decimals === undefined ? undefined : decimals - fraction.length;
}

function mostDecimals(wholeDigits: number): number {
  return Math.min(FRACTION_DIGITS, DIGITS - wholeDigits);
}

/** The fewest digits behind the point, of the given span, that a number of [from, to) within the limits has. */
function leastDecimals(
  from: number,
  to: number,
  limits: Limits,
  [fewest, most]: readonly [number, number],
): number | undefined {
  const low = Math.max(from, limits.low);
  if (low > limits.high || low >= to) return undefined;
  for (let decimals = fewest; decimals <= most; decimals++) {
    const unit = 10 ** decimals;
    const first = Math.ceil(low * unit);
    for (const step of [first - 1, first, first + 1]) {
      const value = Number((step / unit).toFixed(decimals));
      if (value >= low && value < to && value <= limits.high) return decimals;
    }
  }
  return undefined;
}

function least(counts: readonly (number | undefined)[]): number | undefined {
  const found = counts.filter((count) => count !== undefined);
  return found.length > 0 ? Math.min(...found) : undefined;
}
