// The graph under construction: tensors without numbers, nodes of ONNX, and the tape for gradients.
import { EcgError } from "../shared/errors.ts";
import type { Rng } from "../shared/rng.ts";
import { elementCount, formatShape, type Shape, sameShape, shapeError } from "./shape.ts";
import { type Dtype, type TensorData, toTensorData } from "./tensor-data.ts";

/**
 * A value of a graph: shape and type are known, numbers are not.
 *
 * `value` names what ONNX computes; `id` is what gradients flow along. {@link stopGradient} gives a
 * new `id` to the same `value`.
 */
export type Tensor = {
  readonly graph: Graph;
  readonly id: number;
  readonly value: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
};

/** An attribute of an ONNX node. Plain integers are `int`; use `{ float }` for numbers that are not. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] };

/** One ONNX operator application. An empty input name means "left out". */
export type GraphNode = {
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
};

/** Something fed at every run. `axisNames` replaces sizes by names in the ONNX file (dynamic axes). */
export type GraphInput = {
  readonly tensor: Tensor;
  readonly axisNames: readonly (string | undefined)[];
};

/** Numbers fixed when the graph was built; written into the ONNX file. */
export type GraphConstant = {
  readonly value: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly data: TensorData;
};

/** Fills a parameter's first values. Gets the values to fill, the shape, and its own generator. */
export type Initializer = (values: Float32Array, shape: Shape, rng: Rng) => void;

/** A weight: fed at every run, changed by the optimiser. */
export type Parameter = {
  readonly name: string;
  readonly tensor: Tensor;
  readonly initialize: Initializer;
  /** Whether weight decay applies (off for biases and norms by convention). */
  readonly decay: boolean;
  /** A frozen parameter has no gradient, no moments, and its own array in the store. */
  readonly frozen: boolean;
};

/** A tensor that a run replaces for the next run (running averages, EMA codebooks). */
export type GraphState = {
  readonly name: string;
  readonly tensor: Tensor;
  readonly initial: TensorData;
  next: Tensor | undefined;
};

/** What `grad` needs of one differentiable operation. */
export type TapeEntry = {
  readonly outputs: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  /** Gradients of the outputs (undefined: none arrived) to gradients of the inputs (undefined: none). */
  readonly vectorJacobian: (gradients: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
};

export type Graph = {
  /** Type of parameters and constants; float64 is for checking gradients, kernels are slower. */
  readonly dtype: "float32" | "float64";
  /** Only operators of the ONNX standard: files that run anywhere. Off: ONNX Runtime's fused matmul is used. */
  readonly standardOperators: boolean;
  readonly nodes: GraphNode[];
  readonly inputs: GraphInput[];
  readonly parameters: Parameter[];
  readonly states: GraphState[];
  readonly constants: Map<string, GraphConstant>;
  readonly constantCache: Map<string, Tensor>;
  readonly names: Set<string>;
  readonly tape: TapeEntry[];
  /** False while gradients are being built: their operations need no gradients. */
  recording: boolean;
  nextId: number;
};

export type GraphOptions = {
  readonly dtype?: "float32" | "float64";
  readonly standardOperators?: boolean;
};

/** An empty graph. */
export function createGraph(options: GraphOptions = {}): Graph {
  return {
    dtype: options.dtype ?? "float32",
    standardOperators: options.standardOperators ?? false,
    nodes: [],
    inputs: [],
    parameters: [],
    states: [],
    constants: new Map(),
    constantCache: new Map(),
    names: new Set(),
    tape: [],
    recording: true,
    nextId: 0,
  };
}

/** A tensor for a value that something else defines. Builders of operations use `emit` instead. */
export function createTensor(graph: Graph, value: string, shape: Shape, dtype: Dtype): Tensor {
  return { graph, id: graph.nextId++, value, shape: [...shape], dtype };
}

export type InputOptions = {
  readonly dtype?: Dtype;
  /**
   * Names for axes that vary from run to run, e.g. `[undefined, undefined, "past", undefined]`. The shape's
   * size then is only an example: operations that store sizes (reshape, expand, slice, split) must not
   * meet such an axis; products, sums of operands, softmax and concat may.
   */
  readonly axisNames?: readonly (string | undefined)[];
};

/**
 * A tensor fed at every run under `name`.
 * @throws EcgError INVALID_OPTION when the name is taken.
 */
export function input(graph: Graph, name: string, shape: Shape, options: InputOptions = {}): Tensor {
  claimName(graph, name);
  checkSizes(`input ${name}`, shape);
  const tensor = createTensor(graph, name, shape, options.dtype ?? graph.dtype);
  graph.inputs.push({ tensor, axisNames: options.axisNames ?? [] });
  return tensor;
}

export type ParameterOptions = {
  readonly initialize: Initializer;
  /** Whether weight decay applies. Default: to tensors of two or more axes. */
  readonly decay?: boolean;
  readonly frozen?: boolean;
  /** Element type of a frozen parameter (quantised or half-precision weights). Default: the graph's. */
  readonly dtype?: Dtype;
};

/**
 * A weight. Its numbers live in a parameter store, by name, so that several graphs (training,
 * evaluation, export) share them.
 * @throws EcgError INVALID_OPTION when the name is taken.
 */
export function parameter(graph: Graph, name: string, shape: Shape, options: ParameterOptions): Tensor {
  claimName(graph, name);
  checkSizes(`parameter ${name}`, shape);
  const { initialize, decay = shape.length > 1, frozen = false, dtype = graph.dtype } = options;
  if (dtype !== graph.dtype && !frozen) {
    throw new EcgError(
      "INVALID_OPTION",
      `parameter ${name}: expected ${graph.dtype} for training, got ${dtype}`,
    );
  }
  const tensor = createTensor(graph, name, shape, dtype);
  graph.parameters.push({ name, tensor, initialize, decay, frozen });
  return tensor;
}

/**
 * A tensor carried from run to run; say what follows with {@link updateState}.
 * @throws EcgError SHAPE_MISMATCH when `initial` does not hold as many numbers as the shape.
 */
export function state(graph: Graph, name: string, shape: Shape, initial: TensorData | number): Tensor {
  claimName(graph, name);
  checkSizes(`state ${name}`, shape);
  const count = elementCount(shape);
  const given = typeof initial === "number" ? new Float32Array(count).fill(initial) : initial;
  if (given.length !== count) {
    throw shapeError(`state ${name}`, `${count} numbers for ${formatShape(shape)}`, `${given.length}`);
  }
  const dtype = given instanceof BigInt64Array ? "int64" : graph.dtype;
  const data = given instanceof BigInt64Array ? given.slice() : toTensorData(given, dtype);
  const tensor = createTensor(graph, name, shape, dtype);
  graph.states.push({ name, tensor, initial: data, next: undefined });
  return tensor;
}

/**
 * Say what a state becomes after a training step.
 * @throws EcgError SHAPE_MISMATCH when `next` has another shape or type; INVALID_OPTION for no state.
 */
export function updateState(current: Tensor, next: Tensor): void {
  const found = current.graph.states.find((entry) => entry.tensor.id === current.id);
  if (!found) {
    throw new EcgError("INVALID_OPTION", `updateState: expected a state tensor, got ${current.value}`);
  }
  if (next.dtype !== current.dtype || !sameShape(next.shape, current.shape)) {
    throw shapeError(
      `updateState ${found.name}`,
      `${current.dtype} ${formatShape(current.shape)}`,
      `${next.dtype} ${formatShape(next.shape)}`,
    );
  }
  found.next = next;
}

function claimName(graph: Graph, name: string): void {
  if (name === "" || name.startsWith("/")) {
    throw new EcgError(
      "INVALID_OPTION",
      `graph: expected a name that does not start with "/", got "${name}"`,
    );
  }
  if (graph.names.has(name)) {
    throw new EcgError("INVALID_OPTION", `graph: expected every name once, got "${name}" twice`);
  }
  graph.names.add(name);
}

function checkSizes(where: string, shape: Shape): void {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw shapeError(where, "whole sizes of 0 or more", formatShape(shape));
  }
}
