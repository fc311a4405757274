// inspectModel: what is in an ONNX file, in numbers.
import { decodeModel } from "./decode-model.ts";
import type { OnnxValue } from "./encode-model.ts";

export type ModelSummary = {
  readonly producer: string;
  readonly operatorSets: Readonly<Record<string, number>>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** How often each operator occurs, `domain::name` where the domain is not the standard one. */
  readonly operators: Readonly<Record<string, number>>;
  readonly initializerCount: number;
  /** Numbers stored in the file. */
  readonly parameterCount: number;
  readonly metadata: Readonly<Record<string, string>>;
};

/** @throws EcgError as decodeModel. */
export function inspectModel(bytes: Uint8Array, where = "onnx"): ModelSummary {
  const model = decodeModel(bytes, where);
  const operators: Record<string, number> = {};
  for (const { opType, domain } of model.nodes) {
    const name = domain === "" ? opType : `${domain}::${opType}`;
    operators[name] = (operators[name] ?? 0) + 1;
  }
  return {
    producer: model.producer,
    operatorSets: model.operatorSets,
    inputs: model.inputs,
    outputs: model.outputs,
    operators: Object.fromEntries(Object.entries(operators).sort(([a], [b]) => (a < b ? -1 : 1))),
    initializerCount: model.initializers.length,
    parameterCount: model.initializers.reduce((sum, { data }) => sum + data.length, 0),
    metadata: model.metadata,
  };
}
