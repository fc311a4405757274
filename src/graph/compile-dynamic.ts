// compileDynamic: an inference program whose inputs may have other sizes at every run, on the axes that were named.
// The graph is built with example sizes; its operations must not fix them (reshapeByPattern instead of reshape).
import { EcgError } from "../shared/errors.ts";
import { bindStore, planFeeding } from "./bind-inputs.ts";
import { buildModel } from "./build-model.ts";
import type { InferenceOptions } from "./compile-inference.ts";
import type { Graph, GraphInput, Tensor } from "./graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import type { BoundTensor, HostTensor, Runtime } from "./runtime.ts";
import { formatShape, type Shape, shapeError } from "./shape.ts";

export type CompiledDynamic = {
  /** Bytes of the ONNX file behind it. */
  readonly model: Uint8Array;
  /**
   * Compute. Inputs bring their shape; arrays are used as they are, not copied.
   * @throws EcgError SHAPE_MISMATCH when a fixed size differs or one axis name has two sizes.
   */
  run(inputs: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
};

/** Compile outputs of a graph with named axes. @throws EcgError as `compileInference`. */
export async function compileDynamic(options: InferenceOptions): Promise<CompiledDynamic> {
  const { runtime, outputs, store } = options;
  const graph = Object.values(outputs)[0]?.graph;
  if (!graph) throw new EcgError("INVALID_OPTION", "compileDynamic: expected at least one output, got none");
  const { model, fed } = buildModel(graph, outputs);
  const feeding = planFeeding(graph, fed, store);
  const storeFeeds = bindStore(runtime, store, feeding.stored);
  const inputs = findInputs(graph, feeding.inputs);
  const named = model.outputs.map((value) => ({
    ...value,
    shape: value.shape.map((_, axis) => `${value.name}_${axis}`),
  }));
  const bytes = encodeModel({ ...model, outputs: named });
  const session = await runtime.createSession(bytes, options.session);
  return {
    model: bytes,
    run: async (given) => session.run({ ...bindNamed(runtime, inputs, given), ...storeFeeds() }),
    dispose: () => session.dispose(),
  };
}

function findInputs(graph: Graph, tensors: readonly Tensor[]): GraphInput[] {
  return graph.inputs.filter(({ tensor }) => tensors.includes(tensor));
}

function bindNamed(
  runtime: Runtime,
  inputs: readonly GraphInput[],
  given: Readonly<Record<string, HostTensor>>,
): Record<string, BoundTensor> {
  const sizes = new Map<string, number>();
  const bound: Record<string, BoundTensor> = {};
  for (const { tensor, axisNames } of inputs) {
    const host = given[tensor.value];
    const expected = describe(tensor.shape, axisNames);
    if (!host) throw shapeError("run", `input ${tensor.value} ${expected}`, "nothing");
    const fits =
      host.dtype === tensor.dtype &&
      host.shape.length === tensor.shape.length &&
      host.shape.every((size, axis) => {
        const name = axisNames[axis];
        if (name === undefined) return size === tensor.shape[axis];
        const seen = sizes.get(name) ?? size;
        sizes.set(name, seen);
        return seen === size;
      });
    if (!fits) {
      throw shapeError(
        `run: input ${tensor.value}`,
        `${tensor.dtype} ${expected}${[...sizes].map(([name, size]) => `, ${name} ${size}`).join("")}`,
        `${host.dtype} ${formatShape(host.shape)}`,
      );
    }
    bound[tensor.value] = runtime.bind(host);
  }
  return bound;
}

function describe(shape: Shape, axisNames: readonly (string | undefined)[]): string {
  return `(${shape.map((size, axis) => axisNames[axis] ?? size).join(", ")})`;
}
