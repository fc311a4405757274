import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { BeatConfig } from "../../src/beat/beat-config.ts";
import { quantise } from "../../src/beat/quantise.ts";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { grad } from "../../src/graph/grad.ts";
import { createGraph, input, parameter, type Tensor } from "../../src/graph/graph.ts";
import { fillWith } from "../../src/graph/initialize.ts";
import { add } from "../../src/graph/ops/add.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { stopGradient } from "../../src/graph/ops/stop-gradient.ts";
import { subtract } from "../../src/graph/ops/subtract.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { readNpy } from "../../src/shared/npy.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { TINY_BEAT } from "./tiny-beat.ts";

const GOLDENS = fileURLToPath(new URL("../../../shared/golden/models/", import.meta.url));
const CASES = existsSync(GOLDENS) ? readdirSync(GOLDENS).filter((name) => name.startsWith("vq-dual")) : [];

type Run = {
  readonly vectors: ArrayLike<number>;
  readonly indices: number[][];
  readonly loss: number;
  /** Of the VQ loss and of a task on the straight-through vectors. */
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
};

/** Quantise with gradient codebooks, and the gradients of VQ loss and of sum(vectors * upstream). */
async function runQuantise(
  rows: Float32Array,
  codebooks: { core: Float32Array; residual: Float32Array },
  upstream: Float32Array,
  sizes: { readonly dimension: number; readonly commitment: number },
): Promise<Run> {
  const { dimension } = sizes;
  const config: BeatConfig = {
    ...TINY_BEAT,
    ...sizes,
    codebookSize: codebooks.core.length / dimension,
    codebookUpdate: "gradient",
  };
  const graph = createGraph();
  const shape = [rows.length / dimension, dimension];
  const z = parameter(graph, "z", shape, { initialize: fillWith(0) });
  const { vectors, indices, loss } = quantise(z, config);
  const passed = add(z, stopGradient(subtract(vectors, z)));
  const task = sum(multiply(passed, input(graph, "upstream", shape)));
  const variables = graph.parameters.map(({ tensor }) => tensor);
  const outputs: Record<string, Tensor> = { vectors, loss, core: indices[0]!, residual: indices[1]! };
  for (const [name, scalar] of Object.entries({ vq: loss, total: add(loss, task) })) {
    for (const [index, gradient] of grad(scalar, variables).entries()) {
      outputs[`${name}/${graph.parameters[index]!.name}`] = gradient;
    }
  }
  const store = createParameterStore(graph, { seed: 1 });
  store.set("z", rows);
  store.set("codebook.core", codebooks.core);
  store.set("codebook.residual", codebooks.residual);
  const program = await compileInference({ runtime: await testRuntime(), outputs, store });
  const found = await program.run({ upstream });
  await program.dispose();
  const numbers = (name: string): number[] => Array.from(found[name]!.data as Float32Array, Number);
  return {
    vectors: numbers("vectors"),
    indices: [numbers("core"), numbers("residual")],
    loss: numbers("loss")[0]!,
    gradients: Object.fromEntries(
      Object.keys(found)
        .filter((name) => name.includes("/"))
        .map((name) => [name, numbers(name)]),
    ),
  };
}

describe("quantise", () => {
  it("takes the nearest code of each level and adds up the losses of both", async () => {
    // z = (1, 0): core (1, 1) at distance 1 beats (-1, 0) at 4; left (0, -1): residual (0, -0.5) beats (0.5, 0).
    const found = await runQuantise(
      Float32Array.of(1, 0),
      { core: Float32Array.of(-1, 0, 1, 1), residual: Float32Array.of(0.5, 0, 0, -0.5) },
      Float32Array.of(3, 5),
      { dimension: 2, commitment: 0.25 },
    );
    expect(found.indices).toEqual([[1], [1]]);
    expect(found.vectors).toBeAllClose([1, 0.5], { atol: 1e-7 });
    // level 1: mean((0, -1)^2) = 0.5, level 2: mean((0, -0.5)^2) = 0.125; times 1 + 0.25.
    expect(found.loss).toBeCloseTo(1.25 * 0.625, 6);
    // commitment: d/dz 0.25 * (mean (z - c1)^2 + mean (z - c1 - c2)^2) = 0.25 * ((0, -1) + (0, -0.5)).
    expect(found.gradients["vq/z"]).toBeAllClose([0, -0.375], { atol: 1e-6 });
    expect(found.gradients["total/z"]).toBeAllClose([3, 5 - 0.375], { atol: 1e-6 });
    expect(found.gradients["vq/codebook.core"]).toBeAllClose([0, 0, 0, 1], { atol: 1e-6 });
  });

  describe.skipIf(CASES.length === 0)("as the reference", () => {
    it.each(CASES)("%s: codes, losses and gradients", async (name) => {
      const read = (file: string) => readNpy(readFileSync(`${GOLDENS}${name}/${file}.npy`));
      const floats = (file: string): Float32Array => Float32Array.from(read(file).data);
      const expected = JSON.parse(readFileSync(`${GOLDENS}${name}/expected.json`, "utf8")) as {
        beta: number;
        indices1: number[];
        indices2: number[];
        losses: { vq_total: number };
      };
      const sizes = { dimension: read("z").shape[1]!, commitment: expected.beta };
      const books = [floats("codebook1"), floats("codebook2")] as const;
      // Our levels share one size: a smaller book is filled up with codes that nothing is near.
      const size = Math.max(...books.map((book) => book.length));
      const filled = (book: Float32Array): Float32Array => {
        const out = new Float32Array(size).fill(50);
        out.set(book);
        return out;
      };
      const codebooks = { core: filled(books[0]), residual: filled(books[1]) };
      const found = await runQuantise(floats("z"), codebooks, floats("upstream"), sizes);
      expect(found.indices).toEqual([expected.indices1, expected.indices2]);
      expect(found.vectors).toBeAllClose(floats("quantised_sum"), { atol: 1e-5 });
      expect(found.loss).toBeCloseTo(expected.losses.vq_total, 4);
      const pad = (values: Float32Array): number[] => [
        ...values,
        ...new Array<number>(size - values.length).fill(0),
      ];
      for (const kind of ["vq", "total"]) {
        expect(found.gradients[`${kind}/z`]).toBeAllClose(floats(`grad_z_${kind}`), { atol: 1e-5 });
        for (const [level, tensor] of ["core", "residual"].entries()) {
          const wanted = pad(floats(`grad_codebook${level + 1}_${kind}`));
          expect(found.gradients[`${kind}/codebook.${tensor}`]).toBeAllClose(wanted, { atol: 1e-5 });
        }
      }
    });
  });

  it("moves EMA codes to running means of the rows that chose them, and keeps those that nobody chose", async () => {
    const config: BeatConfig = {
      ...TINY_BEAT,
      dimension: 2,
      codebookSize: 3,
      codebookLevels: 1,
      emaDecay: 0.5,
    };
    const runtime = await testRuntime();
    const graph = createGraph();
    const rows = input(graph, "rows", [3, 2]);
    const shift = parameter(graph, "shift", [2], { initialize: fillWith(0) });
    const { loss } = quantise(add(rows, shift), config);
    const store = createParameterStore(graph, { seed: 1 });
    store.set("codebook.core", Float32Array.of(0, 0, 10, 10, -20, 0));
    store.set("codebook.core.counts", Float32Array.of(2, 4, 1));
    store.set("codebook.core.sums", Float32Array.of(0, 0, 40, 40, -20, 0));
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer });
    await training.step({ rows: Float32Array.of(1, 0, 0, 1, 8, 10) }, { learningRate: 0 });
    await training.dispose();
    // rows 0 and 1 choose code 0, row 2 code 1, nobody code 2; decay 0.5.
    expect(store.get("codebook.core.counts").values).toBeAllClose([2, 2.5, 0.5], { atol: 1e-6 });
    expect(store.get("codebook.core.sums").values).toBeAllClose([0.5, 0.5, 24, 25, -10, 0], { atol: 1e-5 });
    const codes = [0.25, 0.25, 9.6, 10, -20, 0];
    expect(store.get("codebook.core").values).toBeAllClose(codes, { atol: 1e-4 });
  });
});
