// sampleToken: the next token from logits: penalty for repetition, temperature, top-k, top-p, in the reference's order.
// Source: transformers generation/logits_process.py; Keskar et al. 2019 (penalty), Holtzman et al. 2020 (top-p).
import { EcgError } from "../../shared/errors.ts";
import type { Rng } from "../../shared/rng.ts";

export type SamplingOptions = {
  /** 0 takes the likeliest token (greedy). Default 0. */
  readonly temperature?: number;
  /** Only the k likeliest tokens. Default all. */
  readonly topK?: number;
  /** Only the likeliest tokens that together reach this probability. Default 1: all. */
  readonly topP?: number;
  /** Logits of tokens seen before are divided (when positive) or multiplied (when negative) by this. Default 1. */
  readonly repetitionPenalty?: number;
};

export type SampledToken = {
  readonly id: number;
  /** Natural logarithm of its probability under the model itself, before penalty, temperature and cuts. */
  readonly logProbability: number;
};

/** @throws EcgError INVALID_OPTION naming the option that is out of range. */
export function checkSampling(options: SamplingOptions): void {
  const { temperature = 0, topK = 1, topP = 1, repetitionPenalty = 1 } = options;
  const check = (name: string, value: number, holds: boolean): void => {
    if (!holds) throw new EcgError("INVALID_OPTION", `sampling: expected ${name}, got ${value}`);
  };
  check("temperature >= 0", temperature, Number.isFinite(temperature) && temperature >= 0);
  check("topK of at least 1", topK, Number.isInteger(topK) && topK >= 1);
  check("topP in (0, 1]", topP, topP > 0 && topP <= 1);
  check(
    "repetitionPenalty > 0",
    repetitionPenalty,
    Number.isFinite(repetitionPenalty) && repetitionPenalty > 0,
  );
}

/**
 * Choose a token.
 * @param seen Ids of prompt and answer so far, for the penalty.
 * @param allowed When given, only these ids can be chosen.
 * @throws EcgError INVALID_OPTION when nothing is allowed; INVALID_SIGNAL for logits that are not finite.
 */
export function sampleToken(
  logits: Float32Array,
  options: SamplingOptions & {
    readonly rng: Rng;
    readonly seen?: Iterable<number>;
    readonly allowed?: readonly number[] | undefined;
  },
): SampledToken {
  const { temperature = 0, topK, topP = 1, repetitionPenalty = 1, rng, seen = [], allowed } = options;
  if (allowed?.length === 0) {
    throw new EcgError("INVALID_OPTION", "sampleToken: expected at least one allowed token, got 0");
  }
  const normaliser = logSumExp(logits);
  if (!Number.isFinite(normaliser)) {
    throw new EcgError("INVALID_SIGNAL", `sampleToken: expected finite logits, got a sum of ${normaliser}`, {
      hint: "the weights hold NaN or infinity",
    });
  }
  const scores = penalise(logits, seen, repetitionPenalty);
  const id =
    temperature === 0
      ? argMaxOf(scores, allowed)
      : draw(shortlist(scores, allowed, { temperature, topK, topP }), rng);
  return { id, logProbability: logits[id]! - normaliser };
}

/** log of the sum of exponentials, without overflow. */
export function logSumExp(values: ArrayLike<number>): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= peak)) peak = values[i]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - peak);
  return peak + Math.log(sum);
}

function penalise(logits: Float32Array, seen: Iterable<number>, penalty: number): Float32Array {
  if (penalty === 1) return logits;
  const scores = logits.slice();
  for (const id of new Set(seen)) {
    const value = logits[id];
    if (value !== undefined) scores[id] = value > 0 ? value / penalty : value * penalty;
  }
  return scores;
}

/** The first of the largest. */
function argMaxOf(scores: Float32Array, allowed: readonly number[] | undefined): number {
  let best = allowed?.[0] ?? 0;
  const consider = (id: number): void => {
    if (scores[id]! > scores[best]!) best = id;
  };
  if (allowed) allowed.forEach(consider);
  else for (let id = 1; id < scores.length; id++) consider(id);
  return best;
}

type Candidate = { readonly id: number; readonly probability: number };

/** Candidates by falling probability, cut by top-k, then by top-p (the token that reaches topP stays). */
function shortlist(
  scores: Float32Array,
  allowed: readonly number[] | undefined,
  cut: { readonly temperature: number; readonly topK: number | undefined; readonly topP: number },
): Candidate[] {
  const ids = allowed ?? Array.from(scores.keys());
  const sorted = [...ids].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, cut.topK);
  const scaled = sorted.map((id) => scores[id]! / cut.temperature);
  const normaliser = logSumExp(scaled);
  const candidates: Candidate[] = [];
  let reached = 0;
  for (const [index, id] of sorted.entries()) {
    if (reached >= cut.topP) break;
    const probability = Math.exp(scaled[index]! - normaliser);
    candidates.push({ id, probability });
    reached += probability;
  }
  return candidates;
}

function draw(candidates: readonly Candidate[], rng: Rng): number {
  const total = candidates.reduce((sum, { probability }) => sum + probability, 0);
  let left = rng.next() * total;
  for (const { id, probability } of candidates) {
    left -= probability;
    if (left < 0) return id;
  }
  return candidates.at(-1)!.id;
}
