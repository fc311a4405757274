// mergeAdapter and unmergeAdapter: an adapter worked into the weights, for inference at the base model's speed.
import { compileInference } from "../../graph/compile-inference.ts";
import { createGraph, input } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { matmul } from "../../graph/ops/matmul.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime } from "../../graph/runtime.ts";
import { formatShape, shapeError } from "../../graph/shape.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LoraAdapter, LoraMatrices } from "./adapter-folder.ts";

/**
 * W + scaling * B A for every adapted module of a store, in place; programs over the store use the result at once.
 * @throws EcgError NOT_FOUND or SHAPE_MISMATCH naming the module that does not fit; nothing is changed then.
 */
export function mergeAdapter(store: ParameterStore, adapter: LoraAdapter, runtime: Runtime): Promise<void> {
  return applyAdapter(store, adapter, runtime, 1);
}

/** The way back: W - scaling * B A, exact but for one rounding an element. */
export function unmergeAdapter(store: ParameterStore, adapter: LoraAdapter, runtime: Runtime): Promise<void> {
  return applyAdapter(store, adapter, runtime, -1);
}

async function applyAdapter(
  store: ParameterStore,
  adapter: LoraAdapter,
  runtime: Runtime,
  sign: 1 | -1,
): Promise<void> {
  for (const [module, matrices] of adapter.modules) checkFits(store, module, matrices);
  const add = await compileAdd(runtime);
  try {
    for (const [module, { rank, scaling, a, b }] of adapter.modules) {
      const weight = store.get(`${module}.weight`);
      const sum = await add.run({
        weight: { data: weight.values, shape: weight.shape },
        a: { data: a, shape: [rank, a.length / rank] },
        b: { data: scaled(b, sign * scaling), shape: [b.length / rank, rank] },
      });
      weight.values.set(sum["merged"]!.data as never);
    }
  } finally {
    await add.dispose();
  }
}

/** One program for matrices of any size. */
function compileAdd(runtime: Runtime) {
  const graph = createGraph();
  const weight = input(graph, "weight", [3, 4], { axisNames: ["outputs", "inputs"] });
  const a = input(graph, "a", [2, 4], { axisNames: ["rank", "inputs"] });
  const b = input(graph, "b", [3, 2], { axisNames: ["outputs", "rank"] });
  return compileInference({
    runtime,
    outputs: { merged: add(weight, matmul(b, a)) },
    outputAxisNames: { merged: ["outputs", "inputs"] },
  });
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}

function checkFits(store: ParameterStore, module: string, { rank, a, b }: LoraMatrices): void {
  const name = `${module}.weight`;
  if (!store.tensors.has(name)) {
    throw new EcgError("NOT_FOUND", `adapter: expected a model with ${name}, found none`, {
      hint: "the adapter was made for another model",
    });
  }
  const { shape } = store.get(name);
  const adapted = [b.length / rank, a.length / rank];
  if (shape[0] !== adapted[0] || shape[1] !== adapted[1]) {
    throw shapeError(`adapter: ${module}`, `a model's weight ${formatShape(adapted)}`, formatShape(shape));
  }
}
