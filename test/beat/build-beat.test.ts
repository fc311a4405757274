import { beforeAll, describe, expect, it } from "vitest";
import { compileBeatForward } from "../../src/beat/beat-forward.ts";
import { openBeatPrograms } from "../../src/beat/beat-programs.ts";
import { buildBeat, buildBeatDecoder } from "../../src/beat/build-beat.ts";
import { buildModel } from "../../src/graph/build-model.ts";
import type { Tensor } from "../../src/graph/graph.ts";
import type { Runtime } from "../../src/graph/runtime.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { TINY_BEAT, tinyStore } from "./tiny-beat.ts";

const { leadCount, inputSamples, queryCount, dimension } = TINY_BEAT;

function randomSignal(seed: number, batch = 1): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: batch * leadCount * inputSamples }, () => rng.normal());
}

/** Names of the graph's inputs that a tensor depends on. */
function inputsOf(tensor: Tensor): string[] {
  const names = new Set(tensor.graph.inputs.map((entry) => entry.tensor.value));
  const { fed } = buildModel(tensor.graph, { tensor });
  return fed.map(({ value }) => value).filter((name) => names.has(name));
}

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

describe("the reverse path", () => {
  it("is fed with codes alone: the decoder's graph has no other input", () => {
    const { outputs } = buildBeatDecoder(TINY_BEAT, 1);
    expect(inputsOf(outputs["reconstruction"]!)).toEqual(["core", "residual"]);
    expect(inputsOf(outputs["prediction"]!)).toEqual(["core", "residual"]);
  });

  it("gives the same reconstruction and prediction for another input with the same codes", async () => {
    const store = tinyStore();
    const forward = await compileBeatForward(TINY_BEAT, { runtime, store, batch: 1 });
    const signal = randomSignal(1);
    const first = await forward.run(signal, 1);
    // Smaller and smaller changes, until one changes no code: its input differs, its queries differ.
    for (let size = 0.1; ; size /= 2) {
      const other = await forward.run(
        signal.map((x, i) => x + size * Math.sin(i)),
        1,
      );
      if (first.codes.some((codes, level) => codes.join() !== other.codes[level]!.join())) continue;
      expect(size).toBeGreaterThan(1e-5);
      expect(other.queries).not.toEqual(first.queries);
      // The straight-through sum z + (h - z) rounds: 1e-6, where the change itself moves the queries by far more.
      expect(other.reconstruction).toBeAllClose(first.reconstruction, { atol: 2e-6 });
      expect(other.prediction).toBeAllClose(first.prediction, { atol: 2e-6 });
      break;
    }
    await forward.dispose();
  });

  it("in the joint graph is the decoder alone on the encoder's codes", async () => {
    const store = tinyStore();
    const forward = await compileBeatForward(TINY_BEAT, { runtime, store, batch: 2 });
    const programs = openBeatPrograms(TINY_BEAT, store, { runtime, batch: 2 });
    const signal = randomSignal(4, 2);
    const joint = await forward.run(signal, 1);
    const encoded = await programs.encode(signal);
    expect(encoded.codes.map((codes) => [...codes])).toEqual(joint.codes.map((codes) => [...codes]));
    const decoded = await programs.decode(encoded.codes);
    expect(decoded.reconstruction).toBeAllClose(joint.reconstruction, { atol: 1e-4 });
    expect(decoded.prediction).toBeAllClose(joint.prediction, { atol: 1e-4 });
    await forward.dispose();
    await programs.dispose();
  });

  it("changes when a code changes", async () => {
    const programs = openBeatPrograms(TINY_BEAT, tinyStore(), { runtime, batch: 1 });
    const core = Array.from({ length: queryCount }, (_, index) => index);
    const a = await programs.decode([core, core]);
    const b = await programs.decode([core.with(3, 9), core]);
    const change = a.reconstruction.reduce((sum, x, i) => sum + Math.abs(x - b.reconstruction[i]!), 0);
    expect(change).toBeGreaterThan(0.1);
    await programs.dispose();
  });
});

describe("warm-up", () => {
  it("passes the query vectors themselves: the codes make no difference", async () => {
    const store = tinyStore();
    const forward = await compileBeatForward(TINY_BEAT, { runtime, store, batch: 1 });
    const signal = randomSignal(2);
    const before = await forward.run(signal, 0);
    (store.get("codebook.core").values as Float32Array).fill(5);
    const after = await forward.run(signal, 0);
    expect(after.reconstruction).toEqual(before.reconstruction);
    const quantised = await forward.run(signal, 1);
    expect(quantised.reconstruction).not.toEqual(before.reconstruction);
    await forward.dispose();
  });
});

describe("the encoder", () => {
  it("answers a segment alike alone and in a batch", async () => {
    const store = tinyStore();
    const single = openBeatPrograms(TINY_BEAT, store, { runtime, batch: 1 });
    const double = openBeatPrograms(TINY_BEAT, store, { runtime, batch: 2 });
    const [a, b] = [randomSignal(6), randomSignal(7)];
    const both = new Float32Array(2 * a.length);
    both.set(a);
    both.set(b, a.length);
    const joint = await double.encode(both);
    const first = await single.encode(a);
    const second = await single.encode(b);
    expect([...joint.codes[0]!]).toEqual([...first.codes[0]!, ...second.codes[0]!]);
    expect(joint.vectors.subarray(queryCount * dimension)).toBeAllClose(second.vectors, { atol: 1e-5 });
    await single.dispose();
    await double.dispose();
  });

  it("vectors are the sums of the chosen codes", async () => {
    const store = tinyStore();
    const programs = openBeatPrograms(TINY_BEAT, store, { runtime, batch: 1 });
    const { codes, vectors } = await programs.encode(randomSignal(8));
    const books = ["core", "residual"].map((name) => store.get(`codebook.${name}`).values as Float32Array);
    for (let query = 0; query < queryCount; query++) {
      const wanted = Float32Array.from({ length: dimension }, (_, d) =>
        books.reduce((sum, book, level) => sum + book[codes[level]![query]! * dimension + d]!, 0),
      );
      expect(vectors.subarray(query * dimension, (query + 1) * dimension)).toBeAllClose(wanted, {
        atol: 1e-5,
      });
    }
    await programs.dispose();
  });
});

describe("an ablation without the residual book", () => {
  it("has one level of codes and no residual tensors", () => {
    const beat = buildBeat({ ...TINY_BEAT, codebookLevels: 1 }, 1);
    expect(beat.indices).toHaveLength(1);
    expect(beat.graph.states.some(({ name }) => name.includes("residual"))).toBe(false);
  });
});
