// Losses and gradients against PyTorch 1.13: a Qwen2 decoder and two-level vector quantisation, built from
// graph/ operations. The numbers are in ../shared/golden/models (see its README for how they were made).
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { constant } from "../../src/graph/constant.ts";
import { grad } from "../../src/graph/grad.ts";
import { createGraph, type Graph, input, parameter, type Tensor } from "../../src/graph/graph.ts";
import { fillWith } from "../../src/graph/initialize.ts";
import { add } from "../../src/graph/ops/add.ts";
import { argMin } from "../../src/graph/ops/arg-min.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { causalMask } from "../../src/graph/ops/causal-mask.ts";
import { crossEntropy } from "../../src/graph/ops/cross-entropy.ts";
import { embedding } from "../../src/graph/ops/embedding.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { rmsNorm } from "../../src/graph/ops/rms-norm.ts";
import { rotaryEmbedding } from "../../src/graph/ops/rotary-embedding.ts";
import { silu } from "../../src/graph/ops/silu.ts";
import { square } from "../../src/graph/ops/square.ts";
import { stopGradient } from "../../src/graph/ops/stop-gradient.ts";
import { straightThrough } from "../../src/graph/ops/straight-through.ts";
import { subtract } from "../../src/graph/ops/subtract.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { transpose } from "../../src/graph/ops/transpose.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { rotaryFrequencies, rotaryTable } from "../../src/graph/rotary-table.ts";
import { loadStore } from "../../src/graph/store-file.ts";
import { readNpy } from "../../src/shared/npy.ts";
import { openSafetensorsBytes } from "../../src/shared/safetensors.ts";
import { testRuntime } from "./gradient-check.ts";

const models = fileURLToPath(new URL("../../../shared/golden/models/", import.meta.url));
const npy = (path: string): Float32Array => readNpy(readFileSync(models + path)).data as Float32Array;
const json = (path: string): never => JSON.parse(readFileSync(models + path, "utf8")) as never;

type QwenConfig = {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_attention_heads: number;
  readonly num_hidden_layers: number;
  readonly num_key_value_heads: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly vocab_size: number;
};

/** Qwen2 in Hugging Face names, (batch, tokens) ids to logits (batch * tokens, vocabulary). */
function buildQwen(graph: Graph, config: QwenConfig, batch: number, tokens: number): Tensor {
  const { hidden_size: size, num_attention_heads: heads, num_key_value_heads: shared } = config;
  const headSize = size / heads;
  const weight = (name: string, shape: number[]): Tensor =>
    parameter(graph, name, shape, { initialize: fillWith(0) });
  const dense = (x: Tensor, name: string, inputs: number, outputs: number, biased = false): Tensor =>
    linear(
      x,
      weight(`${name}.weight`, [outputs, inputs]),
      biased ? weight(`${name}.bias`, [outputs]) : undefined,
      {
        transposed: true,
      },
    );
  const norm = (x: Tensor, name: string): Tensor =>
    rmsNorm(x, weight(`${name}.weight`, [size]), { epsilon: config.rms_norm_eps });
  const table = rotaryTable({ tokens, frequencies: rotaryFrequencies(headSize, config.rope_theta) });
  const cosines = constant(graph, table.cosines, [tokens, headSize / 2]);
  const sines = constant(graph, table.sines, [tokens, headSize / 2]);
  const splitHeads = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [batch, tokens, count, headSize]), [0, 2, 1, 3]);
  const ids = input(graph, "ids", [batch, tokens], { dtype: "int64" });
  const words = weight("model.embed_tokens.weight", [config.vocab_size, size]);
  let x = embedding(words, ids);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `model.layers.${layer}`;
    const h = norm(x, `${name}.input_layernorm`);
    const project = (part: string, count: number): Tensor =>
      splitHeads(dense(h, `${name}.self_attn.${part}_proj`, size, count * headSize, true), count);
    // (batch, shared, heads / shared, tokens, size): each key serves a group of queries
    const q = reshape(rotaryEmbedding(project("q", heads), cosines, sines), [
      batch,
      shared,
      heads / shared,
      tokens,
      headSize,
    ]);
    const k = reshape(rotaryEmbedding(project("k", shared), cosines, sines), [
      batch,
      shared,
      1,
      tokens,
      headSize,
    ]);
    const v = reshape(project("v", shared), [batch, shared, 1, tokens, headSize]);
    const mixed = attention(q, k, v, { mask: causalMask(graph, tokens) });
    const joined = reshape(transpose(reshape(mixed, [batch, heads, tokens, headSize]), [0, 2, 1, 3]), [
      batch,
      tokens,
      size,
    ]);
    x = add(x, dense(joined, `${name}.self_attn.o_proj`, size, size));
    const h2 = norm(x, `${name}.post_attention_layernorm`);
    const gate = silu(dense(h2, `${name}.mlp.gate_proj`, size, config.intermediate_size));
    const up = dense(h2, `${name}.mlp.up_proj`, size, config.intermediate_size);
    x = add(x, dense(multiply(gate, up), `${name}.mlp.down_proj`, config.intermediate_size, size));
  }
  return matmul(reshape(norm(x, "model.norm"), [batch * tokens, size]), words, { transposeB: true });
}

describe.skipIf(!existsSync(`${models}tiny-qwen2`))("Qwen2 against transformers", () => {
  const config: QwenConfig = existsSync(models) ? json("tiny-qwen2/config.json") : (undefined as never);

  it("loss, gradient norms and sample gradients", async () => {
    const runtime = await testRuntime();
    const { loss: expected } = json("tiny-qwen2/expected.json") as {
      loss: {
        input_ids: number[][];
        labels: number[][];
        loss: number;
        grad_norm_total: number;
        grad_norms: Record<string, number>;
        grads: Record<string, string>;
      };
    };
    const [batch, tokens] = [expected.input_ids.length, expected.input_ids[0]!.length];
    const graph = createGraph();
    const logits = buildQwen(graph, config, batch, tokens);
    const labels = input(graph, "labels", [batch * tokens], { dtype: "int64" });
    const store = createParameterStore(graph, { seed: 0 });
    await loadStore(store, await openSafetensorsBytes(readFileSync(`${models}tiny-qwen2/model.safetensors`)));
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss: crossEntropy(logits, labels), optimizer });
    const shifted = expected.labels.flatMap((row) => [...row.slice(1), -100]);
    const result = await training.step(
      {
        ids: BigInt64Array.from(expected.input_ids.flat(), BigInt),
        labels: BigInt64Array.from(shifted, BigInt),
      },
      { learningRate: 0 },
    );
    expect(result.loss).toBeCloseTo(expected.loss, 4);
    expect(result.gradientNorm / expected.grad_norm_total).toBeCloseTo(1, 4);
    expect(Object.keys(expected.grad_norms).sort()).toEqual([...optimizer.trained.keys()].sort());
    for (const [name, norm] of Object.entries(expected.grad_norms)) {
      expect(Math.hypot(...optimizer.trained.get(name)!.gradient) / norm, name).toBeCloseTo(1, 3);
    }
    for (const [name, file] of Object.entries(expected.grads)) {
      const want = npy(`tiny-qwen2/${file}`);
      const largest = want.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
      expect(optimizer.trained.get(name)!.gradient, name).toBeAllClose(want, { atol: 1e-3 * largest });
    }
    await training.dispose();
  });

  it("logits", async () => {
    const { forward } = json("tiny-qwen2/expected.json") as {
      forward: { name: string; input_ids: number[][] }[];
    };
    const ids = forward.find(({ name }) => name === "prompt_a")!.input_ids[0]!;
    const graph = createGraph();
    const logits = buildQwen(graph, config, 1, ids.length);
    const store = createParameterStore(graph, { seed: 0 });
    await loadStore(store, await openSafetensorsBytes(readFileSync(`${models}tiny-qwen2/model.safetensors`)));
    const compiled = await compileInference({ runtime: await testRuntime(), store, outputs: { logits } });
    const results = await compiled.run({ ids: BigInt64Array.from(ids, BigInt) });
    expect(results["logits"]!.data as Float32Array).toBeAllClose(npy("tiny-qwen2/prompt_a.logits.npy"), {
      atol: 2e-4,
    });
    await compiled.dispose();
  });
});

describe.each(["vq-dual", "vq-dual-wide"])("%s against PyTorch's autograd", (folder) => {
  it.skipIf(!existsSync(models + folder))(
    "codes, losses and gradients of straight-through and codebooks",
    async () => {
      const expected = json(`${folder}/expected.json`) as {
        beta: number;
        indices1: number[];
        indices2: number[];
        losses: { vq_total: number; task: number };
      };
      const arrays = Object.fromEntries(
        ["z", "codebook1", "codebook2", "upstream"].map((name) => [
          name,
          readNpy(readFileSync(`${models}${folder}/${name}.npy`)),
        ]),
      );
      const graph = createGraph();
      const [z, codebook1, codebook2, upstream] = ["z", "codebook1", "codebook2", "upstream"].map((name) =>
        input(graph, name, arrays[name]!.shape),
      ) as [Tensor, Tensor, Tensor, Tensor];
      const quantise = (x: Tensor, codebook: Tensor): { codes: Tensor; chosen: Tensor; loss: Tensor } => {
        const products = matmul(x, codebook, { transposeB: true });
        const codes = argMin(subtract(sum(square(codebook), { axes: [1] }), multiply(products, 2)));
        const chosen = embedding(codebook, codes);
        const commitment = meanSquaredError(x, stopGradient(chosen));
        return {
          codes,
          chosen,
          loss: add(meanSquaredError(chosen, stopGradient(x)), multiply(commitment, expected.beta)),
        };
      };
      const core = quantise(z, codebook1);
      const residual = quantise(subtract(z, stopGradient(core.chosen)), codebook2);
      const vq = add(core.loss, residual.loss);
      const task = sum(multiply(straightThrough(add(core.chosen, residual.chosen), z), upstream));
      const gradients = grad(add(vq, task), [z, codebook1, codebook2]);
      const compiled = await compileInference({
        runtime: await testRuntime(),
        outputs: {
          vq,
          task,
          codes1: core.codes,
          codes2: residual.codes,
          gz: gradients[0]!,
          g1: gradients[1]!,
          g2: gradients[2]!,
        },
      });
      const results = await compiled.run(
        Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data as Float32Array])),
      );
      const data = (name: string): number[] => Array.from(results[name]!.data, Number);
      expect(data("codes1")).toEqual(expected.indices1);
      expect(data("codes2")).toEqual(expected.indices2);
      expect(data("vq")[0]).toBeCloseTo(expected.losses.vq_total, 5);
      expect(data("task")[0]).toBeCloseTo(expected.losses.task, 4);
      expect(data("gz")).toBeAllClose(npy(`${folder}/grad_z_total.npy`), { atol: 1e-5 });
      expect(data("g1")).toBeAllClose(npy(`${folder}/grad_codebook1_total.npy`), { atol: 1e-5 });
      expect(data("g2")).toBeAllClose(npy(`${folder}/grad_codebook2_total.npy`), { atol: 1e-5 });
      await compiled.dispose();
    },
  );
});
