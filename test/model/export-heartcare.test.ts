// A HeartcareGPT folder exported: as a folder that opens and answers as before, and as graphs that compute its features.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { inspectModel } from "../../src/graph/onnx/inspect-model.ts";
import { askQuestion } from "../../src/model/dspa/ask-question.ts";
import { createFeatureEncoder } from "../../src/model/dspa/feature-encoder.ts";
import { loadFeatures } from "../../src/model/dspa/load-heartcare-model.ts";
import { exportHeartcare } from "../../src/model/dspa/node/export-heartcare.ts";
import { openHeartcare } from "../../src/model/dspa/node/open-heartcare.ts";
import { prepareEcg } from "../../src/model/dspa/prepare-ecg.ts";
import { scaleInputs } from "../../src/model/dspa/project-features.ts";
import { showRecording } from "../../src/model/dspa/show-recording.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { exampleEcg, TINY_HEARTCARE, writeTinyHeartcare } from "./tiny-heartcare.ts";
import { TINY_QWEN2, TINY_VISION } from "./tiny-models.ts";

const QUESTION = "Which is right? A: Sinus rhythm; B: Atrial fibrillation; C: Atrial flutter";
const emptyFolder = (): string => join(mkdtempSync(join(tmpdir(), "heartcare-export-")), "out");

describe("exportHeartcare", () => {
  it("to hf: a folder that opens and answers with the same shares", async () => {
    const folder = await writeTinyHeartcare();
    const out = emptyFolder();
    const written = await exportHeartcare(folder, out, { to: "hf" });
    expect(written.files).toEqual(
      expect.arrayContaining([
        "beat/config.json",
        "beat/model.safetensors",
        "config.json",
        "heartcare.json",
        "model.safetensors",
        "projectors.safetensors",
        "tokenizer.json",
        "vision/config.json",
        "vision/model.safetensors",
      ]),
    );
    expect(written.files.filter((file) => !existsSync(join(out, file)))).toEqual([]);
    const prepared = prepareEcg(exampleEcg("exported"), { toHz: 250 });
    const shares: (readonly number[])[] = [];
    for (const one of [folder, out]) {
      const model = await openHeartcare(one, { threads: 1 });
      const answer = await askQuestion(
        model,
        [showRecording(model, prepared, { shownAs: "both" })],
        QUESTION,
      );
      shares.push(answer.shares ?? []);
      await model.dispose();
    }
    expect(shares[0]).toHaveLength(3);
    for (const [i, share] of shares[0]!.entries()) expect(shares[1]?.[i]).toBeCloseTo(share, 6);
  });

  it("to onnx: graphs of segments and pictures with the numbers of the model itself", async () => {
    const folder = await writeTinyHeartcare();
    const out = emptyFolder();
    const { files } = await exportHeartcare(folder, out, { to: "onnx" });
    expect(files).toEqual(
      expect.arrayContaining([
        "decoder.onnx",
        "features.json",
        "image_encoder.onnx",
        "signal_projector.onnx",
      ]),
    );
    const runtime = await loadNodeRuntime();
    const hiddenSize = TINY_QWEN2.hiddenSize;
    const features = await loadFeatures(diskFileStore, folder, { config: TINY_HEARTCARE, hiddenSize });
    const { store, vision } = features;
    const encoder = createFeatureEncoder({ runtime, store, vision, heartcare: TINY_HEARTCARE, hiddenSize });
    const rng = createRng("features");
    const { queryCount, dimension, leadCount } = TINY_HEARTCARE.signal;
    const vectors = Float32Array.from({ length: queryCount * dimension }, () => rng.normal());
    const leadSdMv = Array.from({ length: leadCount }, () => 0.1 + rng.next());
    const patchCount = (TINY_VISION.imageSize / TINY_VISION.patchSize) ** 2;
    const patchSize = TINY_VISION.channelCount * TINY_VISION.patchSize ** 2;
    const patches = Float32Array.from({ length: 12 * patchCount * patchSize }, () => rng.normal());
    const run = async (
      file: string,
      inputs: Readonly<Record<string, { shape: number[]; data: Float32Array }>>,
    ): Promise<Float32Array> => {
      const session = await runtime.createSession(readFileSync(join(out, file)));
      const bound = Object.entries(inputs).map(
        ([name, tensor]) => [name, runtime.bind({ dtype: "float32", ...tensor })] as const,
      );
      const { rows } = await session.run(Object.fromEntries(bound));
      await session.dispose();
      return rows?.data as Float32Array;
    };
    const segmentRows = await run("signal_projector.onnx", {
      vectors: { shape: [1, queryCount, dimension], data: vectors },
      scales: { shape: [1, 2 * leadCount], data: scaleInputs(leadSdMv, leadCount) },
    });
    expect(segmentRows).toBeAllClose(await encoder.segment({ vectors, leadSdMv }), { atol: 1e-5 });
    expect(segmentRows).toHaveLength((queryCount + 1) * hiddenSize);
    const imageRows = await run("image_encoder.onnx", {
      patches: { shape: [12, patchCount, patchSize], data: patches },
    });
    expect(imageRows).toBeAllClose(await encoder.image(patches), { atol: 1e-4 });
    expect(imageRows).toHaveLength(12 * hiddenSize);
    await encoder.dispose();
    const described = JSON.parse(readFileSync(join(out, "features.json"), "utf8")) as Record<string, unknown>;
    expect(described).toMatchObject({ vectorsPerSegment: queryCount + 1, vectorsPerImage: 12 });
    expect(Object.keys(described["files"] as object)).toEqual([
      "signal_projector.onnx",
      "image_encoder.onnx",
    ]);
    for (const file of ["signal_projector.onnx", "image_encoder.onnx"]) {
      const { operators } = inspectModel(readFileSync(join(out, file)), file);
      expect(Object.keys(operators).filter((name) => name.includes("::"))).toEqual([]);
    }
  });

  it("of a model without a vision encoder leaves the picture's graph out", async () => {
    const out = emptyFolder();
    const { files } = await exportHeartcare(await writeTinyHeartcare({ vision: false }), out, { to: "onnx" });
    expect(files).not.toContain("image_encoder.onnx");
    expect(files).toContain("signal_projector.onnx");
  });

  it("never onto itself", async () => {
    const folder = await writeTinyHeartcare();
    await expect(exportHeartcare(folder, folder, { to: "hf" })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });
});
