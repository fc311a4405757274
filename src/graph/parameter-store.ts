// The numbers of a model: one flat array for all weights, so that the optimiser runs over it in one go.
import { EcgError } from "../shared/errors.ts";
import { createRng } from "../shared/rng.ts";
import type { Graph, GraphState, Parameter } from "./graph.ts";
import { elementCount, formatShape, type Shape, sameShape, shapeError } from "./shape.ts";
import { type Dtype, emptyTensorData, holdsDtype, type TensorData } from "./tensor-data.ts";

/** A named array of a store. `values` is the live memory: what is written there, the next run uses. */
export type StoredTensor = {
  readonly name: string;
  readonly kind: "parameter" | "frozen" | "state";
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly values: TensorData;
  /** Where a trainable parameter begins in {@link ParameterStore.flat}; -1 for others. */
  readonly offset: number;
  readonly decay: boolean;
};

export type ParameterStore = {
  /** All trainable parameters, those with weight decay first. */
  readonly flat: Float32Array;
  /** In the order of the flat array, then frozen parameters and states. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Rises when an array is replaced by {@link attach}; compiled programs then wrap it anew. */
  readonly version: number;
  /** @throws EcgError NOT_FOUND for an unknown name. */
  get(name: string): StoredTensor;
  /** Copy numbers in. @throws EcgError SHAPE_MISMATCH on another count or type, NOT_FOUND on an unknown name. */
  set(name: string, values: TensorData, shape?: Shape): void;
  /** Use the given array itself for a frozen parameter or a state: no copy of large weights. */
  attach(name: string, values: TensorData): void;
};

export type ParameterStoreOptions = {
  /** Every parameter draws from its own generator, named by seed and parameter: order does not matter. */
  readonly seed: number | string;
  /**
   * Leave frozen parameters empty, to be attached: they take no memory and no initialisation. Those of
   * another type than float32 are never initialised.
   */
  readonly attachFrozen?: boolean;
  /** False leaves zeros, where every number is about to be loaded: drawing them takes longer than reading them. */
  readonly initialize?: boolean;
};

/**
 * A store for the parameters and states of a graph, filled with first values. Other graphs with the
 * same names and shapes (another batch size, evaluation, export) can use it too.
 * @throws EcgError UNSUPPORTED_FORMAT for a float64 graph: training is float32.
 */
export function createParameterStore(graph: Graph, options: ParameterStoreOptions): ParameterStore {
  if (graph.dtype !== "float32") {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `createParameterStore: expected a float32 graph, got ${graph.dtype}`,
    );
  }
  const trainable = graph.parameters.filter(({ frozen }) => !frozen);
  const ordered = [...trainable.filter(({ decay }) => decay), ...trainable.filter(({ decay }) => !decay)];
  const flat = new Float32Array(ordered.reduce((sum, { tensor }) => sum + elementCount(tensor.shape), 0));
  const tensors = new Map<string, StoredTensor>();
  let offset = 0;
  for (const entry of ordered) {
    const count = elementCount(entry.tensor.shape);
    const values = flat.subarray(offset, offset + count);
    if (options.initialize !== false) initialize(entry, values, options.seed);
    tensors.set(entry.name, describe(entry, { kind: "parameter", values, offset }));
    offset += count;
  }
  for (const entry of graph.parameters.filter(({ frozen }) => frozen)) {
    const count = options.attachFrozen ? 0 : elementCount(entry.tensor.shape);
    const values = emptyTensorData(count, entry.tensor.dtype);
    if (count > 0 && values instanceof Float32Array && options.initialize !== false)
      initialize(entry, values, options.seed);
    tensors.set(entry.name, describe(entry, { kind: "frozen", values, offset: -1 }));
  }
  for (const entry of graph.states) {
    tensors.set(entry.name, describe(entry, { kind: "state", values: entry.initial.slice(), offset: -1 }));
  }
  return createStore(flat, tensors);
}

function createStore(flat: Float32Array, tensors: Map<string, StoredTensor>): ParameterStore {
  let version = 0;
  const store: ParameterStore = {
    flat,
    tensors,
    get version() {
      return version;
    },
    get: (name) => {
      const found = tensors.get(name);
      if (found) return found;
      throw new EcgError(
        "NOT_FOUND",
        `parameter store: expected one of its ${tensors.size} names, got "${name}"`,
      );
    },
    set: (name, values, shape) => {
      const target = store.get(name);
      checkFits(target, values, shape);
      if (target.values.length === 0 && values.length > 0) store.attach(name, values.slice());
      else target.values.set(values as never);
    },
    attach: (name, values) => {
      const target = store.get(name);
      if (target.kind === "parameter") {
        throw new EcgError(
          "INVALID_OPTION",
          `parameter store: expected a frozen parameter or state to attach to, got trainable ${name}`,
          { hint: "use set(), which copies" },
        );
      }
      checkFits(target, values);
      tensors.set(name, { ...target, values });
      version++;
    },
  };
  return store;
}

/**
 * Check that a graph's parameters and states are in the store with the same shapes.
 * @throws EcgError NOT_FOUND or SHAPE_MISMATCH naming the tensor, expected and found shape.
 */
export function checkStoreFits(store: ParameterStore, entries: readonly (Parameter | GraphState)[]): void {
  for (const { name, tensor } of entries) {
    const found = store.get(name);
    if (!sameShape(found.shape, tensor.shape) || found.dtype !== tensor.dtype) {
      throw shapeError(
        `tensor ${name}`,
        `${tensor.dtype} ${formatShape(tensor.shape)}`,
        `${found.dtype} ${formatShape(found.shape)}`,
      );
    }
    if (found.values.length !== elementCount(found.shape)) {
      throw new EcgError("NOT_FOUND", `tensor ${name}: expected attached values, got none`, {
        hint: "attach() the frozen weight first",
      });
    }
  }
}

function checkFits(target: StoredTensor, values: TensorData, shape: Shape = target.shape): void {
  if (!sameShape(shape, target.shape)) {
    throw shapeError(`tensor ${target.name}`, formatShape(target.shape), formatShape(shape));
  }
  const count = elementCount(target.shape);
  if (values.length !== count || !holdsDtype(values, target.dtype)) {
    throw shapeError(
      `tensor ${target.name}`,
      `${count} ${target.dtype} numbers for ${formatShape(target.shape)}`,
      `${values.length} in a ${values.constructor.name}`,
    );
  }
}

function initialize(entry: Parameter, values: Float32Array, seed: number | string): void {
  entry.initialize(values, entry.tensor.shape, createRng(`${seed}/${entry.name}`));
}

function describe(
  entry: Parameter | GraphState,
  place: Pick<StoredTensor, "kind" | "values" | "offset">,
): StoredTensor {
  const { shape, dtype } = entry.tensor;
  return { name: entry.name, shape, dtype, decay: "decay" in entry && entry.decay, ...place };
}
