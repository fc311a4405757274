// scoreHeldOut: closed and comparison questions of val, as written in the dataset, by what the model says of
// each offered answer, and beside it by the letter that it finds likeliest.

import { verdictIds } from "../../model/dspa/build-prompt.ts";
import type { TextTokenizer } from "../../model/tokenizer/load-tokenizer.ts";
import { parseAnswerPlace } from "../../qa/parse-options.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import { OPTION_LETTERS } from "../../qa/write-options.ts";
import { createRng } from "../../shared/rng.ts";
import type { EvaluationScores } from "../run-training.ts";
import { pairPlan, type SequencePlan, type Shown, singlePlan } from "./draw-sequences.ts";
import type { PackedBatch, RowContent } from "./pack-batch.ts";
import type { Corpus } from "./training-corpus.ts";

/** Rows of val with the items that their questions are. */
export type HeldOutRows = readonly { readonly plan: SequencePlan; readonly items: readonly QaItem[] }[];

export type ScoreHeldOutOptions = {
  readonly batch: number;
  readonly run: (rows: readonly RowContent[]) => Promise<{ packed: PackedBatch; logits: Float32Array }>;
  readonly capacity: { readonly segments: number; readonly images: number };
  readonly segmentsOf: (shown: Shown) => number;
  readonly tokenizer: TextTokenizer;
};

/** At most this many questions a row: more would not fit. */
const QUESTIONS_PER_ROW = 3;

/** All closed items of a corpus and at most `pairLimit` comparisons, drawn by a seed. */
export function heldOutRows(
  corpus: Corpus,
  options: { readonly pairLimit: number; readonly seed: number },
): HeldOutRows {
  const rows: { plan: SequencePlan; items: readonly QaItem[] }[] = [];
  for (const all of corpus.singles.values()) {
    for (const subset of ["S", "I"] as const) {
      const items = all.filter((item) => item.task === "closed-qa" && item.subset === subset);
      for (let from = 0; from < items.length; from += QUESTIONS_PER_ROW) {
        const part = items.slice(from, from + QUESTIONS_PER_ROW);
        rows.push({ plan: singlePlan(part, corpus), items: part });
      }
    }
  }
  const pairs = createRng(`held-out/${options.seed}`).shuffle(corpus.pairs).slice(0, options.pairLimit);
  for (const item of pairs)
    rows.push({ plan: pairPlan(item, corpus, { measured: { signal: true, image: false } }), items: [item] });
  return rows;
}

/** Accuracies by subset; the score to make small is 1 - the mean of closed S, closed I and comparisons. */
export async function scoreHeldOut(
  rows: HeldOutRows,
  options: ScoreHeldOutOptions,
): Promise<EvaluationScores> {
  const tallies = new Map<string, { right: number; count: number }>();
  let unfit = 0;
  for (const chunk of chunksOf(rows, options)) {
    const contents = chunk.map(({ plan }) => ({ plan, segments: plan.shown.map(options.segmentsOf) }));
    const { packed, logits } = await options.run(contents);
    unfit += packed.leftOut;
    const width = logits.length / (packed.inputs["targetIds"]?.length ?? 1);
    const [yes, no] = verdictIds(options.tokenizer);
    for (const { row, question, target, offered } of packed.firsts) {
      const item = chunk[row]!.items[question]!;
      const place = parseAnswerPlace(item.answer, item.options ?? []);
      const letters = (item.options ?? []).map(
        (_, index) => options.tokenizer.encode(OPTION_LETTERS[index]!)[0]!,
      );
      const byLetter = letters.map((id) => logits[target * width + id]!);
      const byVerdict = offered.map((at) => logits[at * width + yes]! - logits[at * width + no]!);
      const tally = (key: string, scores: readonly number[]): void => {
        const before = tallies.get(key) ?? { right: 0, count: 0 };
        const isRight = scores.indexOf(Math.max(...scores)) === place;
        tallies.set(key, { right: before.right + (isRight ? 1 : 0), count: before.count + 1 });
      };
      tally(nameOf(item), byVerdict);
      tally(`${nameOf(item)} ${item.dimension}`, byVerdict);
      tally(`letters, ${nameOf(item)}`, byLetter);
    }
  }
  const accuracy = (name: string): number => {
    const tally = tallies.get(name);
    return tally && tally.count > 0 ? tally.right / tally.count : 0;
  };
  const main = ["closed S", "closed I", "comparison"].filter((name) => tallies.has(name));
  const mean = main.reduce((sum, name) => sum + accuracy(name), 0) / Math.max(1, main.length);
  const scores = Object.fromEntries([...tallies.keys()].sort().map((name) => [name, accuracy(name)]));
  return { scores: { ...scores, mean, unfit }, score: 1 - mean };
}

function nameOf(item: QaItem): string {
  if (item.task === "comparison-qa") return "comparison";
  return `closed ${item.subset}`;
}

/** Rows that fit a batch's room for segments and pictures. */
function* chunksOf(rows: HeldOutRows, options: ScoreHeldOutOptions): Generator<HeldOutRows> {
  let chunk: HeldOutRows[number][] = [];
  let [segments, images] = [0, 0];
  for (const row of rows) {
    const more = row.plan.shown.reduce((sum, shown) => sum + options.segmentsOf(shown), 0);
    const pictures = row.plan.shown.filter(({ image }) => image).length;
    const full =
      chunk.length === options.batch ||
      segments + more > options.capacity.segments ||
      images + pictures > options.capacity.images;
    if (full && chunk.length > 0) {
      yield chunk;
      chunk = [];
      [segments, images] = [0, 0];
    }
    chunk.push(row);
    segments += more;
    images += pictures;
  }
  if (chunk.length > 0) yield chunk;
}
