// Turns outputs into a program to run: weights come live from a store, or are stored in the model.

import { EcgError } from "../shared/errors.ts";
import { bindInputs, bindStore, planFeeding, type RunInputs } from "./bind-inputs.ts";
import { buildModel } from "./build-model.ts";
import type { Tensor } from "./graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import type { ParameterStore } from "./parameter-store.ts";
import type { HostTensor, Runtime, SessionOptions } from "./runtime.ts";

export type InferenceOptions = {
  readonly runtime: Runtime;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Where parameters and states are read at every run: training can go on in between. */
  readonly store?: ParameterStore;
  readonly session?: SessionOptions;
  /** Names for axes of outputs that vary from run to run, by output; inputs name theirs when declared. */
  readonly outputAxisNames?: Readonly<Record<string, readonly (string | undefined)[]>>;
};

export type CompiledInference = {
  /** Bytes of the ONNX file behind it. */
  readonly model: Uint8Array;
  /** @throws EcgError SHAPE_MISMATCH for inputs that do not fit. The results are the caller's. */
  run(inputs: RunInputs): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
};

/** Compile outputs. @throws EcgError INVALID_OPTION without outputs; NOT_FOUND, SHAPE_MISMATCH on a store that does not fit. */
export async function compileInference(options: InferenceOptions): Promise<CompiledInference> {
  const { runtime, outputs, store } = options;
  const graph = Object.values(outputs)[0]?.graph;
  if (!graph)
    throw new EcgError("INVALID_OPTION", "compileInference: expected at least one output, got none");
  const { model, fed } = buildModel(
    graph,
    outputs,
    options.outputAxisNames ? { outputAxisNames: options.outputAxisNames } : {},
  );
  const feeding = planFeeding(graph, fed, store);
  const storeFeeds = bindStore(runtime, store, feeding.stored);
  const bytes = encodeModel(model);
  const session = await runtime.createSession(bytes, options.session);
  return {
    model: bytes,
    run: async (inputs) => session.run({ ...bindInputs("run", runtime, feeding, inputs), ...storeFeeds() }),
    dispose: () => session.dispose(),
  };
}
