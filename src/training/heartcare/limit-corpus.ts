// limitCorpus: the written items that a model of fewer modalities can be shown.
import type { QaItem } from "../../qa/qa-item.ts";
import type { ModalityMix } from "./draw-sequences.ts";
import type { Corpus } from "./training-corpus.ts";

/**
 * Leave out items that show a recording in a modality of which the mix has none: a model of signals alone is neither
 * trained nor chosen by pictures. The same corpus where the mix has both.
 */
export function limitCorpus(corpus: Corpus, { signal, image, both }: ModalityMix): Corpus {
  const shown = { signal: signal + both > 0, image: image + both > 0 };
  if (shown.signal && shown.image) return corpus;
  const fits = (item: QaItem): boolean => item.records.every(({ modality }) => shown[modality]);
  return {
    ...corpus,
    singles: new Map([...corpus.singles].map(([id, items]) => [id, items.filter(fits)])),
    pairs: corpus.pairs.filter(fits),
  };
}
