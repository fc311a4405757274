// limitCorpus: which written items remain for a model of one modality.
import { describe, expect, it } from "vitest";
import type { QaItem } from "../../../src/qa/qa-item.ts";
import { limitCorpus } from "../../../src/training/heartcare/limit-corpus.ts";
import type { Corpus } from "../../../src/training/heartcare/training-corpus.ts";

const item = (...modalities: ("signal" | "image")[]): QaItem =>
  ({ records: modalities.map((modality, i) => ({ recordId: `r${i}`, modality })) }) as unknown as QaItem;
const SIGNAL = item("signal");
const IMAGE = item("image");
const PAIRS = [item("signal", "signal"), item("image", "image"), item("signal", "image")];
const corpus: Corpus = {
  records: [],
  byId: new Map(),
  singles: new Map([
    ["r0", [SIGNAL, IMAGE]],
    ["r1", [IMAGE]],
  ]),
  pairs: PAIRS,
};

describe("limitCorpus", () => {
  it("keeps items that show nothing but what the mix has", () => {
    const signals = limitCorpus(corpus, { signal: 1, image: 0, both: 0 });
    expect(signals.pairs).toEqual([PAIRS[0]]);
    expect([...signals.singles]).toEqual([
      ["r0", [SIGNAL]],
      ["r1", []],
    ]);
    const images = limitCorpus(corpus, { signal: 0, image: 0.4, both: 0 });
    expect(images.pairs).toEqual([PAIRS[1]]);
    expect(images.singles.get("r0")).toEqual([IMAGE]);
  });

  it("is the corpus itself where both are shown, be it together alone", () => {
    expect(limitCorpus(corpus, { signal: 0.5, image: 0.3, both: 0.2 })).toBe(corpus);
    expect(limitCorpus(corpus, { signal: 0, image: 0, both: 1 })).toBe(corpus);
  });
});
