// Dense: how a linear layer of a model is computed. Models are built over this type, so that the same description
// trains (one Gemm over all rows), runs on sizes that vary, carries LoRA, or multiplies 4-bit weights.
import type { Tensor } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { linear } from "../../graph/ops/linear.ts";
import { matmul } from "../../graph/ops/matmul.ts";
import { type FourBitOptions, type FourBitWeight, matmulFourBit } from "../../graph/ops/matmul-four-bit.ts";
import type { ModelWeights } from "./model-weights.ts";

/** A linear layer; its parameters are `<name>.weight` (outputs, inputs) and `<name>.bias` (outputs). */
export type DenseLayer = {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
};

/** (…, inputs) -> (…, outputs). */
export type Dense = (x: Tensor, layer: DenseLayer) => Tensor;

/** For training and other graphs of fixed sizes: all rows in one product, the fastest with gradients. */
export function fixedDense(weights: ModelWeights): Dense {
  return (x, layer) => linear(x, weightOf(weights, layer), biasOf(weights, layer), { transposed: true });
}

/** For graphs with axes that vary. */
export function varyingDense(weights: ModelWeights): Dense {
  return (x, layer) => {
    const product = matmul(x, weightOf(weights, layer), { transposeB: true });
    const bias = biasOf(weights, layer);
    return bias ? add(product, bias) : product;
  };
}

/** For inference: layers that `find` has in 4 bits use these, the others go to `otherwise`. */
export function fourBitDense(
  weights: ModelWeights,
  find: (name: string) => FourBitWeight | undefined,
  otherwise: Dense,
  options: FourBitOptions = {},
): Dense {
  return (x, layer) => {
    const weight = find(`${layer.name}.weight`);
    if (!weight) return otherwise(x, layer);
    const product = matmulFourBit(x, weight, options);
    const bias = biasOf(weights, layer);
    return bias ? add(product, bias) : product;
  };
}

function weightOf(weights: ModelWeights, { name, inputs, outputs }: DenseLayer): Tensor {
  return weights.matrix(`${name}.weight`, [outputs, inputs]);
}

function biasOf(weights: ModelWeights, { name, outputs, bias }: DenseLayer): Tensor | undefined {
  return bias ? weights.vector(`${name}.bias`, outputs, 0) : undefined;
}
