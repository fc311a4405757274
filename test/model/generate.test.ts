import { beforeAll, describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { createGraph } from "../../src/graph/graph.ts";
import type { ParameterStore } from "../../src/graph/parameter-store.ts";
import type { LanguageConfig } from "../../src/model/config/language-config.ts";
import { createDecoderSession, type DecoderSession } from "../../src/model/generate/decoder-session.ts";
import { generateText, streamText } from "../../src/model/generate/generate-text.ts";
import { collectTokens, readPrompts } from "../../src/model/generate/generate-tokens.ts";
import { copyCache, truncateCache } from "../../src/model/generate/key-value-cache.ts";
import { loadLanguageModel } from "../../src/model/generate/load-language-model.ts";
import { logSumExp } from "../../src/model/generate/sample-token.ts";
import { chooseOption, scoreOptions } from "../../src/model/generate/score-options.ts";
import {
  buildLanguageModel,
  countedPositions,
  languageInputs,
} from "../../src/model/language/build-language-model.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, TINY_QWEN2, tinyLanguageFolder } from "./tiny-models.ts";

type Tiny = {
  readonly config: LanguageConfig;
  readonly store: ParameterStore;
  readonly session: DecoderSession;
};

async function openTiny(config: LanguageConfig): Promise<Tiny> {
  const store = randomLanguageStore(config, "generate");
  const session = await createDecoderSession({ runtime: await testRuntime(), config, store });
  return { config, store, session };
}

/** Logits of a whole text by the graph of fixed sizes, (tokens, vocabulary) of the row. */
async function readAtOnce(
  { config, store }: Tiny,
  rows: number[][],
  mask?: number[][],
): Promise<Float32Array> {
  const model = buildLanguageModel(createGraph(), config, { batch: rows.length, tokens: rows[0]!.length });
  const compiled = await compileInference({
    runtime: await testRuntime(),
    store,
    outputs: { logits: model.logits() },
  });
  const positions = mask ? { attentionMask: mask, positionIds: countedPositions(mask) } : {};
  const { logits } = await compiled.run(languageInputs(config, { ids: rows, ...positions }));
  await compiled.dispose();
  return logits!.data as Float32Array;
}

const rng = createRng("ids");
const randomIds = (count: number): number[] => Array.from({ length: count }, () => rng.integer(300));
const models: Record<string, Tiny> = {};

beforeAll(async () => {
  models["qwen2"] = await openTiny(TINY_QWEN2);
  models["phi3"] = await openTiny(TINY_PHI3);
});

describe.each(["qwen2", "phi3"])("a tiny %s", (name) => {
  it("gives the same logits piece by piece as at once, over longrope's switch and the window's edge", async () => {
    const tiny = models[name]!;
    const ids = randomIds(40);
    const want = await readAtOnce(tiny, [ids]);
    const width = tiny.config.vocabularySize;
    const cache = tiny.session.newCache();
    let at = 0;
    for (const tokens of [7, 1, 1, 10, 1, 16, 4]) {
      const embeddings = tiny.session.embed(ids.slice(at, at + tokens));
      const hidden = await tiny.session.advance(cache, { embeddings, tokens });
      at += tokens;
      // what longrope's short factors gave is compared with a text of that length
      const whole =
        tiny.config.rotary.longrope && at <= 24 ? await readAtOnce(tiny, [ids.slice(0, at)]) : want;
      const last = await tiny.session.logits(hidden.slice(-tiny.config.hiddenSize));
      expect(last).toBeAllClose(whole.subarray((at - 1) * width, at * width), { atol: 2e-4 });
    }
  });

  it("gives a batch of prompts of different lengths what each gets alone", async () => {
    const { session } = models[name]!;
    const prompts = [{ ids: randomIds(9) }, { ids: randomIds(3) }, { ids: randomIds(14) }];
    // 23 tokens at most: longrope's factors are the same for all rows of a batch, as in the reference
    const options = { maxNewTokens: 9, endTokenIds: [] };
    const together = await collectTokens(session, prompts, options);
    for (const [row, prompt] of prompts.entries()) {
      expect(together[row], `row ${row}`).toEqual((await collectTokens(session, [prompt], options))[0]);
    }
  });

  it("ignores padding on the left", async () => {
    const tiny = models[name]!;
    const ids = randomIds(6);
    const alone = await readAtOnce(tiny, [ids]);
    const padded = await readAtOnce(tiny, [[5, 5, 5, ...ids]], [[0, 0, 0, 1, 1, 1, 1, 1, 1]]);
    expect(padded.subarray(3 * tiny.config.vocabularySize)).toBeAllClose(alone, { atol: 1e-4 });
  });

  it("does not see the future", async () => {
    const tiny = models[name]!;
    const ids = randomIds(8);
    const changed = [...ids.slice(0, 7), (ids[7]! + 1) % 300];
    const [a, b] = [await readAtOnce(tiny, [ids]), await readAtOnce(tiny, [changed])];
    const before = 7 * tiny.config.vocabularySize;
    expect(a.subarray(0, before)).toEqual(b.subarray(0, before));
    expect(a.subarray(before)).not.toEqual(b.subarray(before));
  });

  it("scores answers as a reading of the whole text does", async () => {
    const tiny = models[name]!;
    const prompt = { ids: randomIds(5) };
    const options = [randomIds(1), randomIds(4), randomIds(2)];
    const scores = await scoreOptions(tiny.session, prompt, options);
    const width = tiny.config.vocabularySize;
    for (const [index, answer] of options.entries()) {
      const logits = await readAtOnce(tiny, [[...prompt.ids, ...answer]]);
      const expected = answer.reduce((sum, id, i) => {
        const row = logits.subarray((4 + i) * width, (5 + i) * width);
        return sum + row[id]! - logSumExp(row);
      }, 0);
      expect(scores[index]!.logProbability).toBeCloseTo(expected, 3);
      expect(scores[index]!.tokenCount).toBe(answer.length);
    }
    const choice = await chooseOption(tiny.session, prompt, options, { perToken: false });
    const best = Math.max(...scores.map(({ logProbability }) => logProbability));
    expect(scores[choice.index]!.logProbability).toBe(best);
    expect(choice.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });
});

describe("generation", () => {
  const prompt = { ids: [3, 14, 15, 92, 65] };

  it("repeats for a seed and differs between seeds", async () => {
    const { session } = models["qwen2"]!;
    const run = (seed: number) =>
      collectTokens(session, [prompt], { maxNewTokens: 16, temperature: 1, endTokenIds: [], seed });
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it("ends at an end token, keeps to allowed tokens, and stops on abort", async () => {
    const { session } = models["qwen2"]!;
    const [free] = await collectTokens(session, [prompt], { maxNewTokens: 6, endTokenIds: [] });
    const end = free![3]!;
    const at = free!.indexOf(end);
    const [ended] = await collectTokens(session, [prompt], { maxNewTokens: 6, endTokenIds: [end] });
    expect(ended).toEqual(free!.slice(0, at));
    const [kept] = await collectTokens(session, [prompt], {
      maxNewTokens: 5,
      endTokenIds: [],
      allow: (answer) => (answer.length % 2 === 0 ? [7, 8] : [9]),
    });
    expect(kept!.map((id, i) => (i % 2 === 0 ? [7, 8].includes(id) : id === 9))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    const controller = new AbortController();
    controller.abort();
    await expect(collectTokens(session, [prompt], { signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  it("goes back to an earlier length, and two ways from a copy", async () => {
    const { session, config } = models["phi3"]!;
    const cache = session.newCache();
    await readPrompts(session, cache, [prompt]);
    const step = async (target: typeof cache, id: number): Promise<Float32Array> =>
      session.advance(target, { embeddings: session.embed([id]), tokens: 1 });
    const first = await step(cache, 7);
    await step(cache, 8);
    const copy = copyCache(cache);
    truncateCache(cache, prompt.ids.length);
    expect(cache.nextPosition).toEqual([prompt.ids.length]);
    expect(await step(cache, 7)).toBeAllClose(first, { atol: 1e-6 });
    expect(copy.length).toBe(prompt.ids.length + 2);
    expect(() => truncateCache(cache, 99)).toThrow("truncateCache: expected 0 to 6 slots, got 99");
    expect(config.layerCount).toBe(cache.keys.length);
  });

  it("refuses prompts that cannot be read", async () => {
    const { session } = models["qwen2"]!;
    await expect(collectTokens(session, [{ ids: [] }])).rejects.toThrow("expected a prompt, got 0 tokens");
    await expect(collectTokens(session, [{ ids: [300] }])).rejects.toThrow("ids from 0 to 299, got 300");
    await expect(collectTokens(session, [{ ids: randomIds(129) }])).rejects.toThrow(
      "advance: expected at most 128 tokens in a text, got 129",
    );
    await expect(
      collectTokens(session, [{ ids: [1, 2], embeddings: new Float32Array(32) }]),
    ).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
  });

  it("reads a prompt longer than a chunk as one", async () => {
    const config = { ...TINY_QWEN2, maxPositions: 2048 };
    const tiny = await openTiny(config);
    const ids = randomIds(530);
    const last = await readPrompts(tiny.session, tiny.session.newCache(), [{ ids }]);
    const want = (await readAtOnce(tiny, [ids])).subarray(529 * config.vocabularySize);
    expect(await tiny.session.logits(last)).toBeAllClose(want, { atol: 2e-4 });
    await tiny.session.dispose();
  });
});

describe("answers as text", () => {
  it("stream in pieces that join to the whole, and end before a stop string", async () => {
    const files = tinyLanguageFolder(TINY_QWEN2, "text");
    const model = await loadLanguageModel({ runtime: await testRuntime(), files, folder: "model" });
    const { session, tokenizer } = model;
    const prompt = { ids: tokenizer.encode("sinus rhythm") };
    const options = { maxNewTokens: 24, temperature: 1.5, seed: 5, endTokenIds: [] };
    const whole = await generateText(session, tokenizer, prompt, options);
    expect(whole.reason).toBe("length");
    expect(whole.text).toBe(tokenizer.decode(whole.tokenIds));
    expect(whole.logProbability).toBeLessThan(0);
    const pieces: string[] = [];
    for await (const event of streamText(session, tokenizer, prompt, options)) {
      if (event.type === "text") pieces.push(event.text);
    }
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(whole.text);
    const stop = whole.text.slice(6, 9);
    const stopped = await generateText(session, tokenizer, prompt, { ...options, stopStrings: [stop] });
    expect(stopped.reason).toBe("stop-string");
    expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    await model.dispose();
  });
});
