import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createGraph } from "../../src/graph/graph.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { languageConfigJson } from "../../src/model/config/language-config.ts";
import { generateText } from "../../src/model/generate/generate-text.ts";
import { loadLanguageModel } from "../../src/model/generate/load-language-model.ts";
import { buildLanguageModel } from "../../src/model/language/build-language-model.ts";
import { paperLoraConfig } from "../../src/model/lora/lora-config.ts";
import { isLoraName, loraDense } from "../../src/model/lora/lora-dense.ts";
import { writeModelFolder } from "../../src/model/weights/node/write-model-folder.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { openSafetensorsBytes } from "../../src/shared/safetensors.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_PHI3, tinyTokenizer } from "./tiny-models.ts";

const folder = mkdtempSync(join(tmpdir(), "heartcare-model-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("writeModelFolder", () => {
  it("gives a folder that loads and answers as the model in memory", async () => {
    const store = randomLanguageStore(TINY_PHI3, "written");
    await writeModelFolder(folder, {
      store,
      config: languageConfigJson(TINY_PHI3),
      tokenizer: tinyTokenizer(),
      files: { "README.md": "# A model\n" },
    });
    expect(readdirSync(folder).sort()).toEqual([
      "README.md",
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const model = await loadLanguageModel({ runtime: await testRuntime(), files: diskFileStore, folder });
    expect(model.config).toEqual(TINY_PHI3);
    for (const { name, values } of store.tensors.values()) {
      expect(model.store!.get(name).values, name).toEqual(values);
    }
    const prompt = { ids: model.tokenizer.encode("normal axis") };
    const answer = await generateText(model.session, model.tokenizer, prompt, { maxNewTokens: 4 });
    expect(answer.tokenIds.length).toBeGreaterThan(0);
    await model.dispose();
  });

  it("leaves adapters out and stores half precision when asked", async () => {
    const config = { ...paperLoraConfig("phi3"), rank: 2 };
    const { graph } = buildLanguageModel(createGraph(), TINY_PHI3, {
      batch: 1,
      tokens: 1,
      wrapDense: (dense, weights) => loraDense(dense, weights, { config }),
    });
    const store = createParameterStore(graph, { seed: 1 });
    const half = join(folder, "half");
    await writeModelFolder(half, { store, config: languageConfigJson(TINY_PHI3), dtype: "F16" });
    const file = await openSafetensorsBytes(readFileSync(join(half, "model.safetensors")));
    expect([...file.tensors.keys()].some(isLoraName)).toBe(false);
    expect(new Set([...file.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(["F16"]));
    expect(JSON.parse(readFileSync(join(half, "config.json"), "utf8"))).toMatchObject({
      torch_dtype: "float16",
    });
    await expect(
      writeModelFolder(join(folder, "README.md", "below-a-file"), { store, config: {} }),
    ).rejects.toMatchObject({
      code: "WRITE_FAILED",
    });
  });
});
