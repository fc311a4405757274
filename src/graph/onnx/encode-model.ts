// Writes an ONNX file (ModelProto) from nodes, inputs, outputs and initialisers.
// Source: onnx/onnx.proto, IR version 10; operator set 20 of the standard, 1 of com.microsoft.
import { EcgError } from "../../shared/errors.ts";
import type { Attribute, GraphNode } from "../graph.ts";
import type { Dtype, TensorData } from "../tensor-data.ts";
import { DTYPE_CODES } from "./dtype-codes.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const IR_VERSION = 10;
const OPERATOR_SET = 20;
/** Protobuf readers stop at 2 GiB. */
const SIZE_LIMIT = 2 ** 31 - 1;

/** A graph input or output: sizes are numbers, or names where they vary. */
export type OnnxValue = {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly (number | string)[];
};

/** Numbers stored in the file. */
export type OnnxInitializer = {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
};

export type OnnxModel = {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  /** Free text pairs kept in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/**
 * The bytes of an ONNX file.
 * @throws EcgError UNSUPPORTED_FORMAT above 2 GiB, protobuf's limit: feed large weights as inputs.
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  const stored = model.initializers.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (stored > SIZE_LIMIT) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `encodeModel: expected weights of at most ${SIZE_LIMIT} bytes (protobuf's limit), got ${stored}`,
      { hint: "leave weights out of the file and feed them as inputs" },
    );
  }
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION);
  writer.text(2, "heartcare-suite");
  writer.message(7, (graph) => writeGraph(graph, model));
  writeOperatorSet(writer, "", OPERATOR_SET);
  if (model.nodes.some((node) => node.domain === "com.microsoft"))
    writeOperatorSet(writer, "com.microsoft", 1);
  for (const [key, value] of Object.entries(model.metadata ?? {})) {
    writer.message(14, (entry) => {
      entry.text(1, key);
      entry.text(2, value);
    });
  }
  return writer.finish();
}

function writeOperatorSet(writer: ProtobufWriter, domain: string, version: number): void {
  writer.message(8, (set) => {
    set.text(1, domain);
    set.integer(2, version);
  });
}

function writeGraph(writer: ProtobufWriter, model: OnnxModel): void {
  for (const node of model.nodes) writer.message(1, (message) => writeNode(message, node));
  writer.text(2, "graph");
  for (const initializer of model.initializers) {
    writer.message(5, (message) => writeInitializer(message, initializer));
  }
  for (const value of model.inputs) writer.message(11, (message) => writeValue(message, value));
  for (const value of model.outputs) writer.message(12, (message) => writeValue(message, value));
}

function writeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const name of node.inputs) writer.text(1, name);
  for (const name of node.outputs) writer.text(2, name);
  writer.text(3, node.outputs.find((name) => name !== "") ?? node.opType);
  writer.text(4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (message) => writeAttribute(message, name, attribute));
  }
  if (node.domain !== "") writer.text(7, node.domain);
}

/** Field 20 is AttributeProto.AttributeType: 1 float, 2 int, 3 string, 6 floats, 7 ints. */
function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.text(1, name);
  if ("int" in attribute) {
    writer.integer(3, attribute.int);
    writer.integer(20, 2);
  } else if ("float" in attribute) {
    writer.float(2, attribute.float);
    writer.integer(20, 1);
  } else if ("string" in attribute) {
    writer.text(4, attribute.string);
    writer.integer(20, 3);
  } else if ("ints" in attribute) {
    for (const value of attribute.ints) writer.integer(8, value);
    writer.integer(20, 7);
  } else {
    for (const value of attribute.floats) writer.float(7, value);
    writer.integer(20, 6);
  }
}

function writeInitializer(writer: ProtobufWriter, { name, dtype, shape, data }: OnnxInitializer): void {
  for (const size of shape) writer.integer(1, size);
  writer.integer(2, DTYPE_CODES[dtype]);
  writer.text(8, name);
  writer.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(writer: ProtobufWriter, { name, dtype, shape }: OnnxValue): void {
  writer.text(1, name);
  writer.message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.integer(1, DTYPE_CODES[dtype]);
      tensorType.message(2, (tensorShape) => {
        for (const size of shape) {
          tensorShape.message(1, (dimension) => {
            if (typeof size === "number") dimension.integer(1, size);
            else dimension.text(2, size);
          });
        }
      });
    }),
  );
}
