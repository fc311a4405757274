// Reverse-mode differentiation: walks the tape backwards and adds the gradient nodes to the same graph.
import { EcgError } from "../shared/errors.ts";
import { constant } from "./constant.ts";
import { emitOne, withoutRecording } from "./emit.ts";
import type { Graph, Tensor } from "./graph.ts";
import { formatShape, sameShape, shapeError } from "./shape.ts";

export type GradOptions = {
  /** What to do for a tensor that the loss does not depend on: fail (default) or give zeros. */
  readonly unreached?: "error" | "zeros";
};

/**
 * Gradients of a scalar with respect to tensors, each of its tensor's shape.
 *
 * Only operations between the tensors and the loss get gradient nodes. Gradients that meet in one
 * tensor are summed in tape order, so the same graph gives the same bits.
 * @throws EcgError SHAPE_MISMATCH when the loss is no scalar; INVALID_OPTION when a tensor is unreached.
 */
export function grad(loss: Tensor, tensors: readonly Tensor[], options: GradOptions = {}): Tensor[] {
  if (loss.shape.length > 0) throw shapeError("grad", "a scalar loss ()", formatShape(loss.shape));
  const { graph } = loss;
  const dependent = findDependents(graph, tensors);
  const parts = new Map<number, Tensor[]>([[loss.id, [constant(graph, 1, [], loss.dtype)]]]);
  return withoutRecording(graph, () => {
    for (const entry of graph.tape.toReversed()) {
      if (!entry.outputs.some((output) => dependent.has(output.id))) continue;
      const gradients = entry.outputs.map((output) => total(parts, output));
      if (gradients.every((gradient) => gradient === undefined)) continue;
      entry.vectorJacobian(gradients).forEach((gradient, index) => {
        const target = entry.inputs[index]!;
        if (!gradient || !dependent.has(target.id)) return;
        checkGradient(target, gradient);
        parts.set(target.id, [...(parts.get(target.id) ?? []), gradient]);
      });
    }
    return tensors.map((tensor) => total(parts, tensor) ?? unreached(tensor, options));
  });
}

/** Ids of the tensors themselves and of everything computed from them. */
function findDependents(graph: Graph, tensors: readonly Tensor[]): Set<number> {
  const dependent = new Set(tensors.map((tensor) => tensor.id));
  for (const entry of graph.tape) {
    if (!entry.inputs.some((tensor) => dependent.has(tensor.id))) continue;
    for (const output of entry.outputs) dependent.add(output.id);
  }
  return dependent;
}

function total(parts: Map<number, Tensor[]>, tensor: Tensor): Tensor | undefined {
  const list = parts.get(tensor.id);
  if (!list) return undefined;
  const sum =
    list.length === 1 ? list[0]! : emitOne(list.length === 2 ? "Add" : "Sum", list, { shape: tensor.shape });
  parts.set(tensor.id, [sum]);
  return sum;
}

/** A gradient of the wrong shape is a defect of an operation, found here rather than in a wrong model. */
function checkGradient(target: Tensor, gradient: Tensor): void {
  if (!sameShape(target.shape, gradient.shape) || target.dtype !== gradient.dtype) {
    throw shapeError(
      `grad of ${target.value}`,
      `a gradient ${target.dtype} ${formatShape(target.shape)}`,
      `${gradient.dtype} ${formatShape(gradient.shape)} from ${gradient.value}`,
    );
  }
}

function unreached(tensor: Tensor, options: GradOptions): Tensor {
  if (options.unreached === "zeros") {
    const zero = constant(tensor.graph, 0, [], tensor.dtype);
    const sizes = constant(tensor.graph, tensor.shape, [tensor.shape.length], "int64");
    return emitOne("Expand", [zero, sizes], { shape: tensor.shape });
  }
  throw new EcgError(
    "INVALID_OPTION",
    `grad: expected the loss to depend on ${tensor.value} ${formatShape(tensor.shape)}, found no path`,
    { hint: "freeze it, leave it out, or ask for zeros" },
  );
}
