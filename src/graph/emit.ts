// Adds one ONNX node to a graph and names its outputs. Every operation ends here.
import { EcgError } from "../shared/errors.ts";
import { type Attribute, createTensor, type Graph, type TapeEntry, type Tensor } from "./graph.ts";
import type { Shape } from "./shape.ts";
import type { Dtype } from "./tensor-data.ts";

export type OutputSpec = { readonly shape: Shape; readonly dtype?: Dtype };

export type EmitOptions = {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operator domain; "" is the ONNX standard, "com.microsoft" ONNX Runtime's own. */
  readonly domain?: string;
};

/**
 * Append a node. It records no gradient: operations that have one call {@link recordGradient} after.
 * Output types default to the type of the first input.
 * @throws EcgError INVALID_OPTION when the inputs belong to different graphs.
 */
export function emit(
  opType: string,
  inputs: readonly (Tensor | undefined)[],
  outputs: readonly OutputSpec[],
  options: EmitOptions = {},
): Tensor[] {
  const first = inputs.find((tensor) => tensor !== undefined);
  if (!first) throw new EcgError("INVALID_OPTION", `${opType}: expected at least one input, got none`);
  const graph = commonGraph(opType, inputs);
  const tensors = outputs.map(({ shape, dtype }) =>
    createTensor(graph, `/${opType}_${graph.nextId}`, shape, dtype ?? first.dtype),
  );
  graph.nodes.push({
    opType,
    domain: options.domain ?? "",
    inputs: inputs.map((tensor) => tensor?.value ?? ""),
    outputs: tensors.map((tensor) => tensor.value),
    attributes: options.attributes ?? {},
  });
  return tensors;
}

/** {@link emit} for nodes with one output. */
export function emitOne(
  opType: string,
  inputs: readonly (Tensor | undefined)[],
  output: OutputSpec,
  options: EmitOptions = {},
): Tensor {
  return emit(opType, inputs, [output], options)[0]!;
}

/** Put an operation on the tape: how the gradient of its one output becomes gradients of its inputs. */
export function recordGradient(
  output: Tensor,
  inputs: readonly Tensor[],
  vectorJacobian: (gradient: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  recordGradients([output], inputs, ([gradient]) => vectorJacobian(gradient!));
  return output;
}

/** {@link recordGradient} for several outputs; a gradient is undefined where none arrived. */
export function recordGradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  vectorJacobian: TapeEntry["vectorJacobian"],
): void {
  const graph = inputs[0]?.graph;
  if (graph?.recording) graph.tape.push({ outputs, inputs, vectorJacobian });
}

/** Build nodes without putting them on the tape: for gradients, and for formulas with a gradient of their own. */
export function withoutRecording<T>(graph: Graph, build: () => T): T {
  const recording = graph.recording;
  graph.recording = false;
  try {
    return build();
  } finally {
    graph.recording = recording;
  }
}

function commonGraph(where: string, inputs: readonly (Tensor | undefined)[]): Graph {
  const graphs = new Set(inputs.flatMap((tensor) => (tensor ? [tensor.graph] : [])));
  if (graphs.size > 1) {
    const names = inputs.flatMap((tensor) => (tensor ? [tensor.value] : []));
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected tensors of one graph, got ${graphs.size} graphs (${names.join(", ")})`,
    );
  }
  return [...graphs][0]!;
}
