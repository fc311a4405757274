// Checks the numbers given to a run and wraps them for the engine.
import { EcgError } from "../shared/errors.ts";
import type { Graph, Tensor } from "./graph.ts";
import { checkStoreFits, type ParameterStore } from "./parameter-store.ts";
import type { BoundTensor, Runtime } from "./runtime.ts";
import { elementCount, formatShape, type Shape, shapeError } from "./shape.ts";
import { holdsDtype, type TensorData, toTensorData } from "./tensor-data.ts";

/** The numbers of a run by input name; a plain number for scalars. Arrays are used as they are, not copied. */
export type RunInputs = Readonly<Record<string, TensorData | number>>;

/** Splits what a model must be fed into the caller's inputs and the store's tensors. */
export type Feeding = {
  readonly inputs: readonly Tensor[];
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
    inputs: fed.filter(({ value }) => !storedNames.includes(value)),
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
  return Object.fromEntries(
    inputs.map(({ value, dtype, shape }) => {
      const numbers = given[value];
      if (numbers === undefined) {
        throw shapeError(where, `input ${value} ${dtype} ${formatShape(shape)}`, "nothing");
      }
      const data = typeof numbers === "number" ? toTensorData([numbers], dtype) : numbers;
      checkInput(where, value, { dtype, shape }, data);
      return [value, runtime.bind({ dtype, shape, data })];
    }),
  );
}

function checkInput(
  where: string,
  name: string,
  expected: { readonly dtype: Tensor["dtype"]; readonly shape: Shape },
  data: TensorData,
): void {
  const count = elementCount(expected.shape);
  if (data.length !== count || !holdsDtype(data, expected.dtype)) {
    throw shapeError(
      `${where}: input ${name}`,
      `${count} ${expected.dtype} numbers for ${formatShape(expected.shape)}`,
      `${data.length} in a ${data.constructor.name}`,
    );
  }
}
