// Writes a trained graph as a plain ONNX file with its weights inside.

import { EcgError } from "../shared/errors.ts";
import { buildModel } from "./build-model.ts";
import type { Tensor } from "./graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import { checkStoreFits, type ParameterStore } from "./parameter-store.ts";

export type ExportOptions = {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly store: ParameterStore;
  /** Text pairs kept in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Names for axes of outputs that vary from run to run, by output; inputs name theirs when declared. */
  readonly outputAxisNames?: Readonly<Record<string, readonly (string | undefined)[]>>;
};

/**
 * The ONNX file that computes `outputs` from the graph's inputs. Build the graph with
 * `standardOperators: true` for engines other than ONNX Runtime.
 * @throws EcgError UNSUPPORTED_FORMAT above 2 GiB; NOT_FOUND, SHAPE_MISMATCH on a store that does not fit.
 */
export function exportModel({ outputs, store, ...rest }: ExportOptions): Uint8Array {
  const graph = Object.values(outputs)[0]?.graph;
  if (!graph) throw new EcgError("INVALID_OPTION", "exportModel: expected at least one output, got none");
  const stored = (name: string) => (store.tensors.has(name) ? store.get(name).values : undefined);
  const { model } = buildModel(graph, outputs, { stored, ...rest });
  const names = new Set(model.initializers.map(({ name }) => name));
  checkStoreFits(
    store,
    [...graph.parameters, ...graph.states].filter(({ name }) => names.has(name)),
  );
  const unfilled = [...graph.parameters, ...graph.states].find(({ name }) =>
    model.inputs.some((value) => value.name === name),
  );
  if (unfilled)
    throw new EcgError("NOT_FOUND", `exportModel: expected ${unfilled.name} in the store, found none`);
  return encodeModel(model);
}
