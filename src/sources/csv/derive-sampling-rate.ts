// The sampling rate of a text file: stated in its comments, counted from its time column, or given. Never guessed.
import { EcgError } from "../../shared/errors.ts";

/** Where a rate can come from. */
export type SamplingRateClues = {
  readonly where: string;
  /** Rate that the caller gives. */
  readonly given?: number;
  /** Rate that the file states, e.g. `# Sampling Rate (Hz):= 1000.00`. */
  readonly stated?: number;
  /** Rate that follows from a time column. */
  readonly counted?: number;
};

/** A column of times and what is known about it. */
export type TimeColumn = {
  readonly where: string;
  readonly values: Float64Array;
  /** `s` or `ms`, or undefined where the file does not say. */
  readonly unit: "s" | "ms" | undefined;
  /** Digits after the decimal mark, for the rounding that the times may carry. */
  readonly decimals: number;
};

/**
 * Decide between what is given, stated and counted.
 * @throws EcgError INVALID_OPTION when there is none, or when two differ by more than 1 %.
 */
export function decideSamplingRate(clues: SamplingRateClues): number {
  const { where, given, stated, counted } = clues;
  const rates = [given, stated, counted].filter((rate) => rate !== undefined);
  const [rate] = rates;
  if (rate === undefined) {
    throw new EcgError("INVALID_OPTION", `${where}: expected a sampling rate, the file states none`, {
      hint: "give --sampling-rate-hz, e.g. --sampling-rate-hz 500",
    });
  }
  if (!(rate > 0) || !Number.isFinite(rate)) {
    throw new EcgError("INVALID_OPTION", `${where}: expected a sampling rate above 0 Hz, got ${rate}`, {
      hint: "give --sampling-rate-hz, e.g. --sampling-rate-hz 500",
    });
  }
  const other = rates.find((candidate) => Math.abs(candidate - rate) > 0.01 * rate);
  if (other !== undefined) {
    const said = given === undefined ? `the header states ${rate} Hz` : `the given rate is ${rate} Hz`;
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected one sampling rate, ${said}, the file ${other} Hz`,
      {
        hint: "leave the option out, or correct the file",
        details: { rate, other },
      },
    );
  }
  return rate;
}

/** The rate that a comment states, in Hz: `Sampling Rate (Hz):= 1000.00`, `"sampling rate": 1000`, `fs = 500`. */
export function statedSamplingRate(comments: readonly string[]): number | undefined {
  for (const comment of comments) {
    const match =
      /(?:sampl\w*[\s_]*(?:rate|freq\w*)|\bfs\b)[^0-9\n]{0,20}?([0-9]+(?:\.[0-9]+)?)\s*(khz)?/i.exec(comment);
    if (match) return Number(match[1]) * (match[2] ? 1000 : 1);
  }
  return undefined;
}

/** True for a column that rises by the same step from row to row, which no ECG lead does: a time or a counter. */
export function risesEvenly(values: Float64Array): boolean {
  if (values.length < 3) return false;
  const step = (values[values.length - 1]! - values[0]!) / (values.length - 1);
  if (!(step > 0)) return false;
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i]! - values[0]! - i * step) <= 0.51 * step)) return false;
    if (i > 0 && !(values[i]! >= values[i - 1]!)) return false;
  }
  return true;
}

/**
 * The rate of evenly spaced times, or undefined when their unit is unknown and the step is no second.
 *
 * Times written with few digits do not pin the rate: where a whole number of Hz explains them, it is taken.
 * @throws EcgError INVALID_SIGNAL when the times do not rise evenly.
 */
export function countSamplingRate(column: TimeColumn): number | undefined {
  const { where, values, unit, decimals } = column;
  if (values.length < 3) return undefined;
  if (!risesEvenly(values)) {
    throw new EcgError(
      "INVALID_SIGNAL",
      `${where}: expected a time column that rises evenly, ${firstBreak(values)}`,
      {
        hint: "samples are missing or doubled; resample the file to a fixed rate first",
      },
    );
  }
  const span = values[values.length - 1]! - values[0]!;
  // A step of 0.1 and more without a unit may be milliseconds or anything else.
  if (unit === undefined && span / (values.length - 1) >= 0.1) return undefined;
  const perUnit = (values.length - 1) / span;
  const rate = unit === "ms" ? perUnit * 1000 : perUnit;
  const rounding = 10 ** -decimals / span + 1e-9;
  const whole = Math.round(rate);
  return whole > 0 && Math.abs(rate - whole) <= rate * rounding ? whole : rate;
}

function firstBreak(values: Float64Array): string {
  const steps = Array.from({ length: values.length - 1 }, (_, i) => values[i + 1]! - values[i]!);
  const median = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? Number.NaN;
  const at = steps.findIndex((step) => !(Math.abs(step - median) <= 0.5 * Math.abs(median)));
  return `row ${at + 2} is ${steps[at]} after the row before, most are ${median}`;
}
