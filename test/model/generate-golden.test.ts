// Greedy continuation against transformers v4.44 on tiny checkpoints, with a cache and without.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readLanguageConfig } from "../../src/model/config/read-model-config.ts";
import { createDecoderSession } from "../../src/model/generate/decoder-session.ts";
import { collectTokens, type Prompt, readPrompts } from "../../src/model/generate/generate-tokens.ts";
import { languageStore } from "../../src/model/generate/load-language-model.ts";
import { LANGUAGE_NAMES } from "../../src/model/weights/find-tensor-names.ts";
import { loadWeights } from "../../src/model/weights/load-weights.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { GOLDEN_MODELS, goldenFolders, readArray, readExpected, worstDifference } from "./golden-models.ts";

type Expected = {
  readonly forward: readonly {
    readonly name: string;
    readonly input_ids: number[][];
    readonly attention_mask: number[][] | null;
    readonly files: { readonly last_layer_before_norm?: string; readonly logits: string };
  }[];
  readonly greedy?: readonly {
    readonly name: string;
    readonly input_ids: number[][];
    readonly attention_mask: number[][];
    readonly max_new_tokens: number;
    readonly new_tokens: number[][];
  }[];
};

const promptsOf = (ids: number[][], mask: number[][] | null): Prompt[] =>
  ids.map((row, index) => ({ ids: row.filter((_, t) => mask?.[index]?.[t] !== 0) }));

describe.skipIf(!existsSync(GOLDEN_MODELS))("generation against transformers", () => {
  it.each(goldenFolders("causal-lm"))("%s", async (folder) => {
    const config = await readLanguageConfig(diskFileStore, GOLDEN_MODELS + folder);
    const store = languageStore(config);
    await loadWeights(store, diskFileStore, GOLDEN_MODELS + folder, { rule: LANGUAGE_NAMES });
    const session = await createDecoderSession({ runtime: await testRuntime(), config, store });
    const { forward, greedy = [] } = readExpected<Expected>(folder);
    for (const { name, input_ids: ids, attention_mask: mask, files } of forward) {
      const last = await readPrompts(session, session.newCache(ids.length), promptsOf(ids, mask));
      const want = readArray(folder, files.logits);
      const [batch, tokens, width] = want.shape as [number, number, number];
      const logits = await session.logits(last);
      for (let row = 0; row < batch; row++) {
        const end = (row + 1) * tokens * width;
        const got = logits.subarray(row * width, (row + 1) * width);
        expect(worstDifference(got, want.data.subarray(end - width, end)), name).toBeLessThan(2e-4);
      }
    }
    for (const { name, input_ids: ids, attention_mask: mask, ...expected } of greedy) {
      const prompts = promptsOf(ids, mask);
      const maxNewTokens = expected.max_new_tokens;
      const answers = await collectTokens(session, prompts, { maxNewTokens, endTokenIds: [] });
      expect(answers, name).toEqual(expected.new_tokens);
      // without a cache: every token from the whole text anew
      const [prompt] = prompts as [Prompt];
      const answer = answers[0]!;
      for (const step of [0, 1, 7, maxNewTokens - 1]) {
        const whole = [{ ids: [...prompt.ids, ...answer.slice(0, step)] }];
        const [next] = await collectTokens(session, whole, { maxNewTokens: 1, endTokenIds: [] });
        expect(next, `${name}, token ${step} without cache`).toEqual([answer[step]]);
      }
    }
    await session.dispose();
  });
});
