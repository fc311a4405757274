// Reads an ONNX file back: for inspection, and to run files with weights changed or taken out.
// Source: onnx/onnx.proto.
import { EcgError } from "../../shared/errors.ts";
import type { Attribute, GraphNode } from "../graph.ts";
import type { TensorData } from "../tensor-data.ts";
import { dtypeOfCode } from "./dtype-codes.ts";
import type { OnnxInitializer, OnnxModel, OnnxValue } from "./encode-model.ts";
import { float, type ProtobufField, readFields, signed, text } from "./protobuf-reader.ts";

export type DecodedModel = OnnxModel & {
  readonly producer: string;
  /** Version of each operator set by domain ("" is the standard). */
  readonly operatorSets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
};

/**
 * The model in the bytes of an ONNX file. Subgraphs, sparse and external tensors are not supported.
 * @throws EcgError INVALID_FILE for other bytes, UNSUPPORTED_FORMAT for what the suite does not use.
 */
export function decodeModel(bytes: Uint8Array, where = "onnx"): DecodedModel {
  let producer = "";
  let graph: Omit<OnnxModel, "metadata"> | undefined;
  const operatorSets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  for (const { field, bytes: body } of readFields(bytes, where)) {
    if (field === 2) producer = text(body);
    if (field === 7) graph = readGraph(body, where);
    if (field === 8) {
      const fields = collect(body, where);
      operatorSets[textOf(fields, 1)] = signed(fields.get(2)?.[0]?.number ?? 0n);
    }
    if (field === 14) {
      const fields = collect(body, where);
      metadata[textOf(fields, 1)] = textOf(fields, 2);
    }
  }
  if (!graph) throw new EcgError("INVALID_FILE", `${where}: expected a graph in the ONNX file, found none`);
  return { ...graph, producer, operatorSets, metadata };
}

type Fields = ReadonlyMap<number, readonly ProtobufField[]>;

function collect(message: Uint8Array, where: string): Fields {
  const fields = new Map<number, ProtobufField[]>();
  for (const entry of readFields(message, where)) {
    const list = fields.get(entry.field);
    if (list) list.push(entry);
    else fields.set(entry.field, [entry]);
  }
  return fields;
}

const textOf = (fields: Fields, field: number): string =>
  text(fields.get(field)?.[0]?.bytes ?? new Uint8Array(0));
const textsOf = (fields: Fields, field: number): string[] =>
  (fields.get(field) ?? []).map((entry) => text(entry.bytes));
const messagesOf = (fields: Fields, field: number): Uint8Array[] =>
  (fields.get(field) ?? []).map((entry) => entry.bytes);

function readGraph(message: Uint8Array, where: string): Omit<OnnxModel, "metadata"> {
  const fields = collect(message, where);
  return {
    nodes: messagesOf(fields, 1).map((body) => readNode(body, where)),
    initializers: messagesOf(fields, 5).map((body) => readInitializer(body, where)),
    inputs: messagesOf(fields, 11).map((body) => readValue(body, where)),
    outputs: messagesOf(fields, 12).map((body) => readValue(body, where)),
  };
}

function readNode(message: Uint8Array, where: string): GraphNode {
  const fields = collect(message, where);
  const attributes = messagesOf(fields, 5).map((body) => readAttribute(body, where));
  return {
    inputs: textsOf(fields, 1),
    outputs: textsOf(fields, 2),
    opType: textOf(fields, 4),
    domain: textOf(fields, 7),
    attributes: Object.fromEntries(attributes),
  };
}

function readAttribute(message: Uint8Array, where: string): [string, Attribute] {
  const fields = collect(message, where);
  const name = textOf(fields, 1);
  const type = signed(fields.get(20)?.[0]?.number ?? 0n);
  const first = (field: number): bigint => fields.get(field)?.[0]?.number ?? 0n;
  switch (type) {
    case 1:
      return [name, { float: float(first(2)) }];
    case 2:
      return [name, { int: signed(first(3)) }];
    case 3:
      return [name, { string: textOf(fields, 4) }];
    case 6:
      return [name, { floats: numbersOf(fields, 7, (value) => float(value), 4) }];
    case 7:
      return [name, { ints: numbersOf(fields, 8, signed) }];
    default:
      throw new EcgError(
        "UNSUPPORTED_FORMAT",
        `${where}: expected attribute types 1 2 3 6 7, got ${type} of ${name}`,
      );
  }
}

/** A repeated number field, written one by one or packed (varints, or fixed values of `fixedBytes`). */
function numbersOf(
  fields: Fields,
  field: number,
  convert: (value: bigint) => number,
  fixedBytes = 0,
): number[] {
  return (fields.get(field) ?? []).flatMap(({ number, bytes }) => {
    if (bytes.length === 0) return [convert(number)];
    return fixedBytes > 0 ? unpackFixed32(bytes).map(convert) : unpackVarints(bytes).map(convert);
  });
}

function unpackVarints(bytes: Uint8Array): bigint[] {
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) {
      values.push(BigInt.asUintN(64, value));
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}

function unpackFixed32(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) => BigInt(view.getUint32(index * 4, true)));
}

function readValue(message: Uint8Array, where: string): OnnxValue {
  const fields = collect(message, where);
  const name = textOf(fields, 1);
  const tensorType = collect(
    collect(messagesOf(fields, 2)[0] ?? new Uint8Array(0), where).get(1)?.[0]?.bytes ?? new Uint8Array(0),
    where,
  );
  const dimensions = collect(messagesOf(tensorType, 2)[0] ?? new Uint8Array(0), where);
  const shape = messagesOf(dimensions, 1).map((body) => {
    const dimension = collect(body, where);
    return dimension.has(2) ? textOf(dimension, 2) : signed(dimension.get(1)?.[0]?.number ?? 0n);
  });
  return { name, dtype: resolveDtype(tensorType.get(1)?.[0]?.number ?? 0n, `${where}: ${name}`), shape };
}

function readInitializer(message: Uint8Array, where: string): OnnxInitializer {
  const fields = collect(message, where);
  const name = textOf(fields, 8);
  const dtype = resolveDtype(fields.get(2)?.[0]?.number ?? 0n, `${where}: ${name}`);
  const shape = numbersOf(fields, 1, signed);
  const raw = fields.get(9)?.[0]?.bytes;
  if (!raw) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: ${name}: expected numbers as raw bytes, got another storage`,
    );
  }
  return { name, dtype, shape, data: fromRaw(dtype, new Uint8Array(raw).buffer) };
}

function fromRaw(dtype: OnnxInitializer["dtype"], buffer: ArrayBuffer): TensorData {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
    case "float16":
      return new Uint16Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer);
  }
}

function resolveDtype(code: bigint, where: string): OnnxInitializer["dtype"] {
  const dtype = dtypeOfCode(Number(code));
  if (dtype) return dtype;
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${where}: expected a type of float, int or bool, got number ${code}`,
  );
}
