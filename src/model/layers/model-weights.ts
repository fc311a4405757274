// ModelWeights: declares a model's parameters under the names that Hugging Face files give them, each once.
import { type Graph, type Initializer, parameter, type Tensor } from "../../graph/graph.ts";
import { fillWith, normalInit } from "../../graph/initialize.ts";
import type { Shape } from "../../graph/shape.ts";

export type ModelWeights = {
  readonly graph: Graph;
  /** A matrix or table; asked for twice (a tied head), it is the same tensor. New ones are drawn from a normal distribution. */
  matrix(name: string, shape: Shape): Tensor;
  /** A vector that starts at one value: 1 for the scale of a norm, 0 for a bias. */
  vector(name: string, size: number, start: number): Tensor;
  /** A parameter that starts as `initialize` says. */
  custom(name: string, shape: Shape, initialize: Initializer): Tensor;
};

export type ModelWeightsOptions = {
  /** Standard deviation of new matrices. */
  readonly initializerRange: number;
  /** Which parameters have no gradient and can be attached to a store without a copy. Default: none. */
  readonly isFrozen?: (name: string) => boolean;
};

/** Parameters of `graph`. */
export function modelWeights(graph: Graph, options: ModelWeightsOptions): ModelWeights {
  const { initializerRange, isFrozen = () => false } = options;
  const declared = new Map<string, Tensor>();
  const custom = (name: string, shape: Shape, initialize: Initializer): Tensor => {
    const known = declared.get(name);
    if (known) return known;
    const tensor = parameter(graph, name, shape, { initialize, frozen: isFrozen(name) });
    declared.set(name, tensor);
    return tensor;
  };
  return {
    graph,
    custom,
    matrix: (name, shape) => custom(name, shape, normalInit(initializerRange)),
    vector: (name, size, start) => custom(name, [size], fillWith(start)),
  };
}
