import { describe, expect, it } from "vitest";
import { createDecoderSession } from "../../src/model/generate/decoder-session.ts";
import { collectTokens, readPrompts } from "../../src/model/generate/generate-tokens.ts";
import { scoreOptions } from "../../src/model/generate/score-options.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, TINY_QWEN2 } from "./tiny-models.ts";

const BEFORE = [5, 9, 40, 77, 12, 8, 60, 2, 19, 33];
const QUESTION = [14, 3, 90, 21];

describe.each([
  ["qwen2", TINY_QWEN2],
  ["phi3 across its longrope switch", TINY_PHI3],
])("a prompt after what was read before, %s", (_name, config) => {
  it("gives the tokens and scores of the whole prompt read at once, again and again", async () => {
    const runtime = await testRuntime();
    const store = randomLanguageStore(config, "after");
    const session = await createDecoderSession({ runtime, config, store, session: { threads: 1 } });
    const after = session.newCache();
    await readPrompts(session, after, [{ ids: BEFORE }]);
    const options = { maxNewTokens: 16, endTokenIds: [] };
    const whole = await collectTokens(session, [{ ids: [...BEFORE, ...QUESTION] }], options);
    for (let time = 0; time < 2; time++) {
      expect(await collectTokens(session, [{ ids: QUESTION, after }], options)).toEqual(whole);
    }
    const answers = [[7], [50, 6], [4, 4, 4]];
    const expected = await scoreOptions(session, { ids: [...BEFORE, ...QUESTION] }, answers);
    const found = await scoreOptions(session, { ids: QUESTION, after }, answers);
    for (const [index, score] of found.entries()) {
      expect(score.logProbability).toBeCloseTo(expected[index]!.logProbability, 4);
    }
    expect(after.length).toBe(BEFORE.length);
    await session.dispose();
  });

  it("takes one prompt at a time", async () => {
    const runtime = await testRuntime();
    const store = randomLanguageStore(config, "after");
    const session = await createDecoderSession({ runtime, config, store, session: { threads: 1 } });
    const after = session.newCache();
    await readPrompts(session, after, [{ ids: BEFORE }]);
    await expect(collectTokens(session, [{ ids: QUESTION, after }, { ids: QUESTION }])).rejects.toThrow(
      /expected one prompt after what was read before, got 2/,
    );
    await session.dispose();
  });
});
