// From a graph to an ONNX model: keeps only what the outputs need, and gives them their names.
import { EcgError } from "../shared/errors.ts";
import type { Graph, GraphNode, Tensor } from "./graph.ts";
import type { OnnxInitializer, OnnxModel, OnnxValue } from "./onnx/encode-model.ts";
import type { TensorData } from "./tensor-data.ts";

/** Outputs that ONNX allows to leave out at the end of a node. */
const OPTIONAL_OUTPUTS = new Set(["LayerNormalization", "MaxPool"]);

export type BuildModelOptions = {
  /** Numbers of parameters and states to store in the file instead of asking for them at every run. */
  readonly stored?: (name: string) => TensorData | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Names for axes of outputs that vary from run to run, by output. */
  readonly outputAxisNames?: Readonly<Record<string, readonly (string | undefined)[]>>;
};

export type BuiltModel = {
  readonly model: OnnxModel;
  /** What every run must feed: inputs, parameters and states that the outputs depend on. */
  readonly fed: readonly Tensor[];
};

/**
 * The model that computes `outputs` and nothing else.
 * @throws EcgError INVALID_OPTION when an output has the name of an input, parameter or state.
 */
export function buildModel(
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  options: BuildModelOptions = {},
): BuiltModel {
  const needed = findNeeded(graph, Object.values(outputs));
  const { rename, identities } = nameOutputs(graph, outputs);
  const nodes = graph.nodes
    .filter((node) => node.outputs.some((value) => needed.has(value)))
    .map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: dropUnused(node, needed).map(rename),
    }));
  const variables = [...graph.parameters, ...graph.states].filter(({ name }) => needed.has(name));
  const initializers: OnnxInitializer[] = [...graph.constants.values()]
    .filter(({ value }) => needed.has(value))
    .map(({ value, dtype, shape, data }) => ({ name: value, dtype, shape, data }));
  const fedVariables = variables.filter(({ name, tensor }) => {
    const data = options.stored?.(name);
    if (data) initializers.push({ name, dtype: tensor.dtype, shape: tensor.shape, data });
    return !data;
  });
  const inputs = graph.inputs.filter(({ tensor }) => needed.has(tensor.value));
  const asValue = (name: string, tensor: Tensor): OnnxValue => ({
    name,
    dtype: tensor.dtype,
    shape: tensor.shape,
  });
  return {
    model: {
      nodes: [...nodes, ...identities],
      inputs: [
        ...inputs.map(({ tensor, axisNames }) => ({
          ...asValue(tensor.value, tensor),
          shape: nameAxes(tensor, axisNames),
        })),
        ...fedVariables.map(({ name, tensor }) => asValue(name, tensor)),
      ],
      outputs: Object.entries(outputs).map(([name, tensor]) => ({
        ...asValue(name, tensor),
        shape: nameAxes(tensor, options.outputAxisNames?.[name] ?? []),
      })),
      initializers,
      ...(options.metadata ? { metadata: options.metadata } : {}),
    },
    fed: [...inputs, ...fedVariables].map(({ tensor }) => tensor),
  };
}

function nameAxes({ shape }: Tensor, names: readonly (string | undefined)[]): (number | string)[] {
  return shape.map((size, axis) => names[axis] ?? size);
}

/** Names of all values that the outputs depend on, themselves included. */
function findNeeded(graph: Graph, outputs: readonly Tensor[]): Set<string> {
  const needed = new Set(outputs.map((tensor) => tensor.value));
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    for (const value of node.inputs) needed.add(value);
  }
  return needed;
}

/** A value takes its output's name; a second name for it, or one for an input, costs an Identity node. */
function nameOutputs(
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
): { rename: (value: string) => string; identities: GraphNode[] } {
  const produced = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  const identities: GraphNode[] = [];
  for (const [name, { value }] of Object.entries(outputs)) {
    if (graph.names.has(name)) {
      throw new EcgError(
        "INVALID_OPTION",
        `output ${name}: expected a name that no input, parameter or state has, got theirs`,
        { hint: "ONNX files have one space of names" },
      );
    }
    if (produced.has(value) && !names.has(value)) names.set(value, name);
    else {
      const source = names.get(value) ?? value;
      identities.push({ opType: "Identity", domain: "", inputs: [source], outputs: [name], attributes: {} });
    }
  }
  return { rename: (value) => names.get(value) ?? value, identities };
}

function dropUnused(node: GraphNode, needed: ReadonlySet<string>): readonly string[] {
  if (!OPTIONAL_OUTPUTS.has(node.opType)) return node.outputs;
  const last = node.outputs.findLastIndex((value) => needed.has(value));
  return node.outputs.slice(0, last + 1);
}
