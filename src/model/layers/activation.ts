// activation: the nonlinearity that a config names.
import type { Tensor } from "../../graph/graph.ts";
import { gelu } from "../../graph/ops/gelu.ts";
import { geluTanh } from "../../graph/ops/gelu-tanh.ts";
import { relu } from "../../graph/ops/relu.ts";

export type ActivationName = "gelu" | "gelu-tanh" | "relu";

/** Any shape, kept. */
export function activation(x: Tensor, name: ActivationName): Tensor {
  if (name === "relu") return relu(x);
  return name === "gelu" ? gelu(x) : geluTanh(x);
}
