// First values of parameters.
import type { Initializer } from "./graph.ts";

/** All equal: 0 for biases, 1 for the scale of a norm. */
export function fillWith(value: number): Initializer {
  return (values) => void values.fill(value);
}

/** Uniform in [-limit, limit). */
export function uniformInit(limit: number): Initializer {
  return (values, _shape, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = rng.uniform(-limit, limit);
  };
}

/** Normal with mean 0. */
export function normalInit(standardDeviation: number): Initializer {
  return (values, _shape, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = standardDeviation * rng.normal();
  };
}

/**
 * Uniform in ±1 / sqrt(inputs), what PyTorch's Linear and Conv start with. Counts the inputs of a
 * weight (inputs, outputs); with `transposed`, of (outputs, inputs, …kernel).
 */
export function fanInInit(options: { readonly transposed?: boolean } = {}): Initializer {
  return (values, shape, rng) => {
    const inputs = options.transposed
      ? shape.slice(1).reduce((product, size) => product * size, 1)
      : shape[0];
    uniformInit(1 / Math.sqrt(inputs ?? 1))(values, shape, rng);
  };
}

/** Copies of given numbers, e.g. a table of sines. The count must be the parameter's. */
export function copyInit(source: ArrayLike<number>): Initializer {
  return (values) => values.set(Array.from(source));
}
