// BERT against transformers v4.44 and BERTScore against bert_score on tiny checkpoints.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createBertScorer } from "../../src/model/text-encoder/create-bert-scorer.ts";
import { loadTextEncoder } from "../../src/model/text-encoder/load-text-encoder.ts";
import { loadTokenizer } from "../../src/model/tokenizer/load-tokenizer.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { GOLDEN_MODELS, goldenFolders, readArray, readExpected, worstDifference } from "./golden-models.ts";

type Scores = { readonly P: number[]; readonly R: number[]; readonly F1: number[] };

type Expected = {
  readonly forward: {
    readonly input_ids: number[][];
    readonly attention_mask: number[][];
    readonly token_type_ids: number[][];
    readonly files: { hidden_states?: string; last_hidden_state?: string };
  }[];
  readonly tokenizer: readonly { readonly text: string; readonly ids: number[] }[];
  readonly bertscore: {
    readonly pairs: readonly { candidate: string; reference: string }[];
    readonly runs: readonly (Scores & { num_layers: number; idf: boolean })[];
    readonly multi_reference: Scores & {
      num_layers: number;
      idf: boolean;
      candidates: string[];
      references: string[][];
    };
    readonly empty_candidate: Scores & {
      num_layers: number;
      idf: boolean;
      candidates: string[];
      references: string[];
    };
  };
};

const folders = goldenFolders("bert");
const files = diskFileStore;

describe.skipIf(!existsSync(GOLDEN_MODELS))("text encoders against transformers", () => {
  it.each(folders)("%s: hidden states", async (folder) => {
    const runtime = await testRuntime();
    const encoder = await loadTextEncoder({ runtime, files, folder: GOLDEN_MODELS + folder });
    for (const forward of readExpected<Expected>(folder).forward) {
      const states = await encoder.encode({
        ids: forward.input_ids,
        attentionMask: forward.attention_mask,
        typeIds: forward.token_type_ids,
      });
      const mask = forward.attention_mask.flat();
      if (forward.files.last_hidden_state) {
        const want = readArray(folder, forward.files.last_hidden_state).data;
        expect(worstDifference(states.at(-1)!, want, mask)).toBeLessThan(2e-4);
      }
      if (forward.files.hidden_states) {
        const all = readArray(folder, forward.files.hidden_states).data;
        const size = all.length / states.length;
        for (const [layer, got] of states.entries()) {
          const want = all.subarray(layer * size, (layer + 1) * size);
          expect(worstDifference(got, want, mask), `layer ${layer}`).toBeLessThan(2e-4);
        }
      }
    }
    await encoder.dispose();
  });

  it.each(folders)("%s: token ids", async (folder) => {
    const tokenizer = await loadTokenizer(files, GOLDEN_MODELS + folder);
    for (const { text, ids } of readExpected<Expected>(folder).tokenizer) {
      expect(tokenizer.encode(text, { addSpecialTokens: true }), text).toEqual(ids);
    }
  });

  it.each(folders)("%s: BERTScore", async (folder) => {
    const { bertscore } = readExpected<Expected>(folder);
    const check = async (
      run: Scores & { num_layers: number; idf: boolean },
      pairs: { candidate: string; references: string[] }[],
    ): Promise<void> => {
      const scorer = await createBertScorer({
        runtime: await testRuntime(),
        files,
        folder: GOLDEN_MODELS + folder,
        layer: run.num_layers,
        idf: run.idf,
        session: { threads: 1 },
      });
      const scores = await scorer.score(pairs);
      await scorer.dispose();
      const where = `layer ${run.num_layers}, idf ${run.idf}`;
      expect(
        scores.map(({ precision }) => precision),
        where,
      ).toBeAllClose(run.P, { atol: 1e-5 });
      expect(
        scores.map(({ recall }) => recall),
        where,
      ).toBeAllClose(run.R, { atol: 1e-5 });
      expect(
        scores.map(({ f1 }) => f1),
        where,
      ).toBeAllClose(run.F1, { atol: 1e-5 });
    };
    const single = (candidates: string[], references: string[]) =>
      candidates.map((candidate, index) => ({ candidate, references: [references[index]!] }));
    const { pairs, runs, multi_reference: multi, empty_candidate: empty } = bertscore;
    for (const run of runs) {
      await check(
        run,
        single(
          pairs.map(({ candidate }) => candidate),
          pairs.map(({ reference }) => reference),
        ),
      );
    }
    await check(
      multi,
      multi.candidates.map((candidate, index) => ({ candidate, references: multi.references[index]! })),
    );
    await check(empty, single(empty.candidates, empty.references));
  });
});
