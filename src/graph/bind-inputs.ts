// Checks the numbers given to a run and wraps them for the engine.
import { EcgError } from "../shared/errors.ts";
import type { Graph, GraphInput, Tensor } from "./graph.ts";
import { checkStoreFits, type ParameterStore } from "./parameter-store.ts";
import type { BoundTensor, Runtime } from "./runtime.ts";
import { elementCount, formatShape, type Shape, shapeError } from "./shape.ts";
import { type Dtype, holdsDtype, type TensorData, toTensorData } from "./tensor-data.ts";

/** Numbers with their shape, for inputs with axes that vary. */
export type ShapedData = { readonly data: TensorData; readonly shape: Shape };

/**
 * The numbers of a run by input name: an array, a plain number for a scalar, or an array with its shape
 * where axes vary. Arrays are used as they are, not copied.
 */
export type RunInputs = Readonly<Record<string, TensorData | number | ShapedData>>;

/** Splits what a model must be fed into the caller's inputs and the store's tensors. */
export type Feeding = {
  readonly inputs: readonly GraphInput[];
  /** All inputs that the graph declares: those that this model does not need are ignored when given. */
  readonly declared: ReadonlySet<string>;
  readonly stored: readonly string[];
};

/**
 * Which of a model's feeds come from a run's inputs and which from a store.
 * @throws EcgError NOT_FOUND or SHAPE_MISMATCH when the store lacks one or has another shape.
 */
export function planFeeding(
  graph: Graph,
  fed: readonly Tensor[],
  store: ParameterStore | undefined,
): Feeding {
  const variables = [...graph.parameters, ...graph.states];
  const names = new Set(fed.map(({ value }) => value));
  const stored = variables.filter(({ name }) => names.has(name));
  if (stored.length > 0 && !store) {
    throw new EcgError(
      "INVALID_OPTION",
      `compile: expected a parameter store for ${stored.length} parameters, got none`,
    );
  }
  if (store) checkStoreFits(store, stored);
  const storedNames = stored.map(({ name }) => name);
  return {
    inputs: graph.inputs.filter(({ tensor }) => names.has(tensor.value)),
    declared: new Set(graph.inputs.map(({ tensor }) => tensor.value)),
    stored: storedNames,
  };
}

/** Wraps a store's tensors, again only after one was replaced. */
export function bindStore(
  runtime: Runtime,
  store: ParameterStore | undefined,
  names: readonly string[],
): () => Readonly<Record<string, BoundTensor>> {
  let version = -1;
  let bound: Readonly<Record<string, BoundTensor>> = {};
  return () => {
    if (!store || store.version === version) return bound;
    version = store.version;
    bound = Object.fromEntries(
      names.map((name) => {
        const { dtype, shape, values } = store.get(name);
        return [name, runtime.bind({ dtype, shape, data: values })];
      }),
    );
    return bound;
  };
}

/**
 * Wrap one run's inputs.
 * @throws EcgError SHAPE_MISMATCH naming the input, what it must hold and what it holds; INVALID_OPTION
 * for a name that the graph does not declare.
 */
export function bindInputs(
  where: string,
  runtime: Runtime,
  { inputs, declared }: Feeding,
  given: RunInputs,
): Record<string, BoundTensor> {
  const unknown = Object.keys(given).find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected inputs ${[...declared].join(", ") || "none"}, got "${unknown}"`,
    );
  }
  const namedSizes = new Map<string, number>();
  return Object.fromEntries(
    inputs.map(({ tensor, axisNames }) => {
      const { value: name, dtype, shape: nominal } = tensor;
      const numbers = given[name];
      if (numbers === undefined) {
        throw shapeError(where, `input ${name} ${dtype} ${formatShape(nominal)}`, "nothing");
      }
      const shaped = isShaped(numbers) ? numbers : { data: asArray(numbers, dtype), shape: nominal };
      checkInput(`${where}: input ${name}`, tensor, axisNames, shaped);
      checkNamedSizes(`${where}: input ${name}`, axisNames, shaped.shape, namedSizes);
      return [name, runtime.bind({ dtype, ...shaped })];
    }),
  );
}

const isShaped = (value: TensorData | number | ShapedData): value is ShapedData =>
  typeof value === "object" && "shape" in value;

const asArray = (value: TensorData | number, dtype: Dtype): TensorData =>
  typeof value === "number" ? toTensorData([value], dtype) : value;

function checkInput(
  where: string,
  { dtype, shape: nominal }: Tensor,
  axisNames: readonly (string | undefined)[],
  { data, shape }: ShapedData,
): void {
  const fits =
    shape.length === nominal.length &&
    shape.every((size, axis) => axisNames[axis] !== undefined || size === nominal[axis]);
  if (!fits) {
    const wanted = nominal.map((size, axis) => axisNames[axis] ?? size).join(", ");
    throw shapeError(where, `shape (${wanted})`, formatShape(shape));
  }
  const count = elementCount(shape);
  if (data.length !== count || !holdsDtype(data, dtype)) {
    throw shapeError(
      where,
      `${count} ${dtype} numbers for ${formatShape(shape)}`,
      `${data.length} in a ${data.constructor.name}`,
    );
  }
}

/** One name means one size within a run. */
function checkNamedSizes(
  where: string,
  axisNames: readonly (string | undefined)[],
  shape: Shape,
  seen: Map<string, number>,
): void {
  for (const [axis, name] of axisNames.entries()) {
    if (name === undefined) continue;
    const size = shape[axis]!;
    const before = seen.get(name) ?? size;
    if (size !== before) throw shapeError(where, `${name} = ${before} as in another input`, `${size}`);
    seen.set(name, size);
  }
}
