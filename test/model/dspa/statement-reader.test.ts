import { describe, expect, it } from "vitest";
import { compileInference } from "../../../src/graph/compile-inference.ts";
import { createGraph } from "../../../src/graph/graph.ts";
import { createStatementReader } from "../../../src/model/dspa/statement-reader.ts";
import { buildLanguageModel, languageInputs } from "../../../src/model/language/build-language-model.ts";
import { testRuntime } from "../../graph/gradient-check.ts";
import { randomLanguageStore, TINY_QWEN2 } from "../tiny-models.ts";

const IDS = [5, 9, 40, 77, 12, 8, 60, 2, 19, 33];
const LAYERS = 1;

describe("createStatementReader", () => {
  it("gives the hidden states of the training graph after its layers, behind the last token", async () => {
    const runtime = await testRuntime();
    const store = randomLanguageStore(TINY_QWEN2, "statements");
    const sizes = { batch: 1, tokens: IDS.length };
    const { layerInputs } = buildLanguageModel(createGraph(), TINY_QWEN2, { ...sizes, isFrozen: () => true });
    const session = { threads: 1 };
    const program = await compileInference({
      runtime,
      store,
      outputs: { hidden: layerInputs[LAYERS]! },
      session,
    });
    const { hidden } = await program.run(languageInputs(TINY_QWEN2, { ids: [IDS] }));
    const wanted = hidden!.data as Float32Array;

    const reader = createStatementReader({ runtime, config: TINY_QWEN2, store, layerCount: LAYERS, session });
    const size = TINY_QWEN2.hiddenSize;
    const table = store.get("model.embed_tokens.weight").values as Float32Array;
    const embeddings = new Float32Array(IDS.length * size);
    for (const [at, id] of IDS.entries())
      embeddings.set(table.subarray(id * size, (id + 1) * size), at * size);
    for (const tokens of [4, IDS.length]) {
      const read = await reader.hiddenState({ tokens, embeddings: embeddings.slice(0, tokens * size) });
      expect(read).toBeAllClose(wanted.subarray((tokens - 1) * size, tokens * size), { atol: 1e-5 });
    }
    await reader.dispose();
    await program.dispose();
  });
});
