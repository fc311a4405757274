// loraDense: linear layers with a low-rank correction that is trained while the layer itself stays as it is.
// Source: Hu et al. 2021: y = W x + scaling * B A dropout(x). Parameters have PEFT's names.

import type { Tensor } from "../../graph/graph.ts";
import { type Graph, input } from "../../graph/graph.ts";
import { fanInInit, fillWith } from "../../graph/initialize.ts";
import { add } from "../../graph/ops/add.ts";
import { linear } from "../../graph/ops/linear.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { ROW_DRAW_LIMIT, rowColumnDropout } from "../../graph/ops/row-column-dropout.ts";
import { elementCount } from "../../graph/shape.ts";
import type { Rng } from "../../shared/rng.ts";
import type { Dense } from "../layers/dense.ts";
import type { ModelWeights } from "../layers/model-weights.ts";
import { adaptationOf, type LoraConfig } from "./lora-config.ts";

const PREFIX = "base_model.model.";

/** PEFT's names of a module's two matrices: A (rank, inputs) and B (outputs, rank). */
export function loraNames(module: string): { readonly a: string; readonly b: string } {
  return { a: `${PREFIX}${module}.lora_A.weight`, b: `${PREFIX}${module}.lora_B.weight` };
}

/** Whether a parameter belongs to an adapter. */
export function isLoraName(name: string): boolean {
  return /\.lora_[AB]\.weight$/.test(name);
}

/** The module that an adapter's tensor belongs to; undefined for other names. */
export function loraModule(name: string): string | undefined {
  return /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name)?.[1];
}

export type LoraDenseOptions = {
  readonly config: LoraConfig;
  /** Drop inputs as the config says; the graph then needs the numbers of {@link drawLoraDropout}. Off for inference. */
  readonly training?: boolean;
};

/** `dense` with the adapter's correction on its target modules. A starts uniform in ±1 / sqrt(inputs), B at 0. */
export function loraDense(dense: Dense, weights: ModelWeights, options: LoraDenseOptions): Dense {
  const { config, training = false } = options;
  return (x, layer) => {
    const base = dense(x, layer);
    const adaptation = adaptationOf(config, layer.name);
    if (!adaptation) return base;
    const { rank, scaling } = adaptation;
    const names = loraNames(layer.name);
    const a = weights.custom(names.a, [rank, layer.inputs], fanInInit({ transposed: true }));
    const b = weights.custom(names.b, [layer.outputs, rank], fillWith(0));
    const kept = training && config.dropout > 0 ? dropInputs(x, layer.name, config.dropout) : x;
    const low = linear(kept, a, undefined, { transposed: true });
    return add(base, multiply(linear(low, b, undefined, { transposed: true }), scaling));
  };
}

const ROWS = "loraDropoutRows:";
const COLUMNS = "loraDropoutColumns:";

function dropInputs(x: Tensor, module: string, dropProbability: number): Tensor {
  const rows = input(x.graph, ROWS + module, [...x.shape.slice(0, -1), 1]);
  const columns = input(x.graph, COLUMNS + module, [x.shape.at(-1)!]);
  return rowColumnDropout(x, rows, columns, { dropProbability });
}

/** Fresh numbers for every dropout of a graph built with `training`; add them to a step's inputs. */
export function drawLoraDropout(graph: Graph, rng: Rng): Record<string, Float32Array> {
  const drawn: Record<string, Float32Array> = {};
  for (const { tensor } of graph.inputs) {
    const limit = tensor.value.startsWith(ROWS) ? ROW_DRAW_LIMIT : tensor.value.startsWith(COLUMNS) ? 1 : 0;
    if (limit === 0) continue;
    drawn[tensor.value] = Float32Array.from({ length: elementCount(tensor.shape) }, () =>
      rng.uniform(0, limit),
    );
  }
  return drawn;
}
