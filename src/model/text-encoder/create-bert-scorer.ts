// createBertScorer: BERTScore of texts with any local BERT folder, in batches of texts of like length.
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { loadTokenizer, requireTokens } from "../tokenizer/load-tokenizer.ts";
import {
  type BertScore,
  bertScore,
  bestScore,
  type EmbeddedText,
  inverseDocumentWeight,
  uniformWeight,
} from "./bert-score.ts";
import { type LoadedTextEncoder, loadTextEncoder } from "./load-text-encoder.ts";

export type BertScorerOptions = {
  readonly runtime: Runtime;
  readonly files: FileStore;
  readonly folder: string;
  /** Which hidden state is compared; there is no agreed choice for BioBERT, so it must be said. */
  readonly layer: number;
  /** Weigh tokens by how rare they are in the references of a call. Default false. */
  readonly idf?: boolean;
  /** Texts at once. Default 16. */
  readonly batch?: number;
  readonly session?: SessionOptions;
};

export type BertScorer = {
  /**
   * P, R and F1 of each candidate against its reference; with several references, the best of each over them.
   * Empty texts score 0. Texts longer than the model's positions are cut.
   */
  score(
    pairs: readonly { readonly candidate: string; readonly references: readonly string[] }[],
  ): Promise<BertScore[]>;
  dispose(): Promise<void>;
};

/** @throws EcgError for folders that are no BERT, as `loadTextEncoder` and `loadTokenizer`. */
export async function createBertScorer(options: BertScorerOptions): Promise<BertScorer> {
  const { files, folder, layer, idf = false, batch = 16 } = options;
  const tokenizer = await loadTokenizer(files, folder);
  const [begin, end] = requireTokens(tokenizer, ["[CLS]", "[SEP]"], folder) as [number, number];
  const encoder = await loadTextEncoder({ ...options, layers: layer });
  const tokenize = (text: string): number[] => {
    const ids = tokenizer.encode(text.trim());
    return [begin, ...ids.slice(0, encoder.config.maxPositions - 2), end];
  };
  return {
    async score(pairs) {
      const references = pairs.flatMap((pair) => pair.references);
      const weight = idf
        ? inverseDocumentWeight(references.map(tokenize))
        : uniformWeight(new Set([begin, end]));
      const texts = new Set([...pairs.map(({ candidate }) => candidate), ...references]);
      const embedded = await embedTexts([...texts], tokenize, encoder, batch);
      return pairs.map(({ candidate, references: several }) =>
        bestScore(
          several.map((reference) => bertScore(embedded.get(candidate)!, embedded.get(reference)!, weight)),
        ),
      );
    },
    dispose: () => encoder.dispose(),
  };
}

/** Each text once, sorted by length so that a batch has little padding. */
async function embedTexts(
  texts: readonly string[],
  tokenize: (text: string) => number[],
  encoder: LoadedTextEncoder,
  batch: number,
): Promise<Map<string, EmbeddedText>> {
  const sorted = texts
    .map((text) => ({ text, ids: tokenize(text) }))
    .sort((a, b) => a.ids.length - b.ids.length);
  const embedded = new Map<string, EmbeddedText>();
  for (let start = 0; start < sorted.length; start += batch) {
    const chosen = sorted.slice(start, start + batch);
    const length = chosen.at(-1)!.ids.length;
    const padded = (fill: (ids: readonly number[]) => number[]): number[][] =>
      chosen.map(({ ids }) => [...fill(ids), ...new Array<number>(length - ids.length).fill(0)]);
    const states = await encoder.encode({
      ids: padded((ids) => [...ids]),
      attentionMask: padded((ids) => ids.map(() => 1)),
    });
    const hidden = states[encoder.layerCount]!;
    const size = encoder.config.hiddenSize;
    for (const [row, { text, ids }] of chosen.entries()) {
      const from = row * length * size;
      embedded.set(text, { ids, vectors: hidden.subarray(from, from + ids.length * size) });
    }
  }
  return embedded;
}
