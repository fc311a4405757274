// BERTScore: how well the tokens of two texts match by the angles of their contextual vectors.
// Source: Zhang et al. 2020; bert_score (19e7f551) for weights of special tokens, idf and empty texts.

/** A text as BERTScore sees it. */
export type EmbeddedText = {
  /** Token ids with the special tokens around them. */
  readonly ids: readonly number[];
  /** (tokens, size): hidden states of one layer, in the order of the ids. */
  readonly vectors: Float32Array;
};

export type BertScore = { readonly precision: number; readonly recall: number; readonly f1: number };

/** How much a token counts. */
export type TokenWeight = (id: number) => number;

/** Every token counts 1, the special tokens 0; they stay possible matches of others. */
export function uniformWeight(specialIds: ReadonlySet<number>): TokenWeight {
  return (id) => (specialIds.has(id) ? 0 : 1);
}

/**
 * Rare tokens count more: log((N + 1) / (df + 1)) over the N reference texts, log(N + 1) for tokens that none has.
 * Special tokens occur in all, so they count 0.
 */
export function inverseDocumentWeight(references: readonly (readonly number[])[]): TokenWeight {
  const frequency = new Map<number, number>();
  for (const ids of references) {
    for (const id of new Set(ids)) frequency.set(id, (frequency.get(id) ?? 0) + 1);
  }
  const count = references.length;
  return (id) => Math.log((count + 1) / ((frequency.get(id) ?? 0) + 1));
}

/**
 * Precision: each candidate token's best cosine among the reference's tokens, weighted; recall: the other way round.
 * 0 for all three when a text is empty (nothing but two special tokens) or no token weighs anything.
 */
export function bertScore(candidate: EmbeddedText, reference: EmbeddedText, weight: TokenWeight): BertScore {
  if (candidate.ids.length <= 2 || reference.ids.length <= 2) return { precision: 0, recall: 0, f1: 0 };
  const a = normaliseRows(candidate);
  const b = normaliseRows(reference);
  const size = a.length / candidate.ids.length;
  const bestOfCandidate = new Float64Array(candidate.ids.length).fill(Number.NEGATIVE_INFINITY);
  const bestOfReference = new Float64Array(reference.ids.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < candidate.ids.length; i++) {
    for (let j = 0; j < reference.ids.length; j++) {
      let cosine = 0;
      for (let k = 0; k < size; k++) cosine += a[i * size + k]! * b[j * size + k]!;
      bestOfCandidate[i] = Math.max(bestOfCandidate[i]!, cosine);
      bestOfReference[j] = Math.max(bestOfReference[j]!, cosine);
    }
  }
  const precision = weightedMean(bestOfCandidate, candidate.ids, weight);
  const recall = weightedMean(bestOfReference, reference.ids, weight);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

/** The best of each of P, R and F1 over several references, taken separately (what bert_score does). */
export function bestScore(scores: readonly BertScore[]): BertScore {
  const best = (key: keyof BertScore): number => Math.max(...scores.map((score) => score[key]));
  return { precision: best("precision"), recall: best("recall"), f1: best("f1") };
}

function normaliseRows({ ids, vectors }: EmbeddedText): Float64Array {
  const size = vectors.length / ids.length;
  const rows = Float64Array.from(vectors);
  for (let row = 0; row < ids.length; row++) {
    let squares = 0;
    for (let k = row * size; k < (row + 1) * size; k++) squares += rows[k]! * rows[k]!;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let k = row * size; k < (row + 1) * size; k++) rows[k]! *= scale;
  }
  return rows;
}

function weightedMean(values: Float64Array, ids: readonly number[], weight: TokenWeight): number {
  let sum = 0;
  let total = 0;
  for (const [index, id] of ids.entries()) {
    const share = weight(id);
    sum += share * values[index]!;
    total += share;
  }
  return total > 0 ? sum / total : 0;
}
