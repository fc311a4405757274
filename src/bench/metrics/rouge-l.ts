// ROUGE-L as google-research's rouge-score defines it: longest common subsequence of words, F measure.

export type RougeScore = { readonly precision: number; readonly recall: number; readonly f1: number };

/**
 * Words of a text as rouge-score splits them without a stemmer: lower case, everything but a-z and 0-9 is a gap.
 * Texts in other scripts give no words at all; see {@link tokeniseCjk}.
 */
export function tokenise(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Latin words plus one token a CJK character: for Chinese reports. Numbers are not those of rouge-score. */
export function tokeniseCjk(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+|\p{Script=Han}/gu) ?? [];
}

/**
 * ROUGE-L of a prediction against a reference; all zero when either is empty.
 * Golden: reference "Sinus rhythm. Left axis deviation; non-specific ST-T changes.", prediction
 * "Sinus rhythm with ST-T changes, left axis" gives precision 0.625, recall 0.5, F 0.5556 (rouge-score 0.1.2).
 */
export function rougeL(
  prediction: string,
  reference: string,
  split: (text: string) => string[] = tokenise,
): RougeScore {
  const [said, wanted] = [split(prediction), split(reference)];
  if (said.length === 0 || wanted.length === 0) return { precision: 0, recall: 0, f1: 0 };
  const common = longestCommonSubsequence(said, wanted);
  const precision = common / said.length;
  const recall = common / wanted.length;
  return { precision, recall, f1: common === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1);
  for (const word of a) {
    const current = new Uint32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++) {
      current[j] =
        word === b[j - 1] ? (previous[j - 1] ?? 0) + 1 : Math.max(previous[j] ?? 0, current[j - 1] ?? 0);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
