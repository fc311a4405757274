// safetensors: named arrays in one file, readable one at a time. Format: huggingface/safetensors README.
import { floatToBrain } from "./brain-float.ts";
import type { ByteSource } from "./byte-source.ts";
import { EcgError } from "./errors.ts";
import { floatToHalf, halfToFloat } from "./half-float.ts";

/** Element types of the format that the suite reads and writes. */
export type SafetensorsDtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "U8" | "BOOL";

const ITEM_BYTES: Readonly<Record<SafetensorsDtype, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  U8: 1,
  BOOL: 1,
};

/** The format's own limit; a larger number means that the file is something else. */
const HEADER_LIMIT = 100_000_000;

/** An array to write. Float32Array may be stored as F32 (default), F16 or BF16. */
export type TensorToWrite = {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
  /** Default follows the array: F32, F64, I64, I32, U8. */
  readonly dtype?: SafetensorsDtype;
};

export type TensorInfo = {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
};

/** An open file: its header is read, arrays are read on demand. */
export type SafetensorsFile = {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Any float type as float32. @throws EcgError NOT_FOUND for an unknown name, UNSUPPORTED_FORMAT for integers. */
  readFloats(name: string): Promise<Float32Array>;
  /** I64, I32, U8 and BOOL as numbers; exact up to 2^53. @throws as readFloats, for floats. */
  readIntegers(name: string): Promise<Float64Array>;
  /** The stored little-endian bytes, copied. */
  readBytes(name: string): Promise<Uint8Array>;
};

/**
 * Read a file's header.
 * @throws EcgError INVALID_FILE when the header is no JSON of the format, or ranges and shapes disagree.
 */
export async function openSafetensors(source: ByteSource, where = "safetensors"): Promise<SafetensorsFile> {
  const { header, dataStart } = await readHeader(source, where);
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, never>;
  const ranges = new Map<string, Range>();
  for (const [name, entry] of Object.entries(entries)) {
    ranges.set(name, checkEntry(`${where}: ${name}`, entry, source.size - dataStart));
  }
  const find = (name: string): Range => {
    const range = ranges.get(name);
    if (range) return range;
    throw new EcgError("NOT_FOUND", `${where}: expected one of its ${ranges.size} tensors, got "${name}"`);
  };
  const readBytes = async (name: string): Promise<Uint8Array> => {
    const { start, end } = find(name);
    const bytes = await source.read(dataStart + start, dataStart + end);
    return new Uint8Array(bytes); // aligned and the caller's own; slice() of a Node Buffer would not copy
  };
  return {
    metadata: metadata as Record<string, string>,
    tensors: ranges,
    readBytes,
    readFloats: async (name) => toFloats(`${where}: ${name}`, find(name).dtype, await readBytes(name)),
    readIntegers: async (name) => toIntegers(`${where}: ${name}`, find(name).dtype, await readBytes(name)),
  };
}

/** {@link openSafetensors} over bytes in memory. */
export function openSafetensorsBytes(bytes: Uint8Array, where = "safetensors"): Promise<SafetensorsFile> {
  const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
  return openSafetensors({ size: bytes.length, read }, where);
}

/** The file's bytes in one array. See {@link safetensorsParts} for files that should not be held whole. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const parts = [...safetensorsParts(tensors, metadata)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The file part by part: the header, then one array at a time. Widest types first, then by name (as the
 * reference does), so that arrays are aligned and equal tensors give equal bytes.
 * @throws EcgError SHAPE_MISMATCH when an array does not hold its shape, UNSUPPORTED_FORMAT for a
 * type that its array cannot become.
 */
export function* safetensorsParts(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const ordered = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, ...tensor, dtype: resolveDtype(name, tensor) }))
    .sort((a, b) => ITEM_BYTES[b.dtype] - ITEM_BYTES[a.dtype] || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header["__metadata__"] = metadata;
  let offset = 0;
  for (const { name, dtype, shape, data } of ordered) {
    const end = offset + data.length * ITEM_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const length = Math.ceil(encoded.length / 8) * 8;
  const start = new Uint8Array(8 + length).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  start.set(encoded, 8);
  yield start;
  for (const { dtype, data } of ordered) yield toBytes(dtype, data);
}

type Range = TensorInfo & { readonly start: number; readonly end: number };

async function readHeader(
  source: ByteSource,
  where: string,
): Promise<{ header: Record<string, unknown>; dataStart: number }> {
  const first = await source.read(0, Math.min(8, source.size));
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const length = first.length === 8 ? Number(view.getBigUint64(0, true)) : -1;
  if (length < 2 || length > HEADER_LIMIT || 8 + length > source.size) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected a header of 2 to ${Math.max(0, source.size - 8)} bytes, found length ${length}`,
      { hint: "the file is no safetensors file or was cut" },
    );
  }
  const text = new TextDecoder().decode(await source.read(8, 8 + length));
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return { header: header as Record<string, unknown>, dataStart: 8 + length };
    }
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${where}: expected a JSON header, found ${text.slice(0, 40)}`, {
      cause,
    });
  }
  throw new EcgError(
    "INVALID_FILE",
    `${where}: expected a JSON object as header, found ${text.slice(0, 40)}`,
  );
}

function checkEntry(where: string, entry: unknown, dataBytes: number): Range {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const wholeNumbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (typeof dtype !== "string" || !wholeNumbers(shape) || !wholeNumbers(offsets) || offsets.length !== 2) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected dtype, shape and data_offsets, found ${JSON.stringify(entry)?.slice(0, 80)}`,
    );
  }
  if (!(dtype in ITEM_BYTES)) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected one of ${Object.keys(ITEM_BYTES).join(" ")}, found ${dtype}`,
    );
  }
  const [start = 0, end = 0] = offsets;
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = count * ITEM_BYTES[dtype as SafetensorsDtype];
  if (end - start !== bytes || end > dataBytes) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected ${bytes} bytes of ${dataBytes} for shape (${shape.join(", ")}), found ${start} to ${end}`,
      { hint: "the file looks truncated; fetch it again" },
    );
  }
  return { dtype: dtype as SafetensorsDtype, shape, start, end };
}

let halfTable: Float32Array | undefined;

function toFloats(where: string, dtype: SafetensorsDtype, bytes: Uint8Array): Float32Array {
  switch (dtype) {
    case "F32":
      return new Float32Array(bytes.buffer);
    case "F64":
      return Float32Array.from(new Float64Array(bytes.buffer));
    case "BF16": {
      // widen in place of converting: the bits of bfloat16 are the upper bits of float32
      const bits = new Uint16Array(bytes.buffer);
      const wide = new Uint32Array(bits.length);
      for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] ?? 0) << 16;
      return new Float32Array(wide.buffer);
    }
    case "F16": {
      halfTable ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToFloat(bits));
      const table = halfTable;
      const bits = new Uint16Array(bytes.buffer);
      const wide = new Float32Array(bits.length);
      for (let i = 0; i < bits.length; i++) wide[i] = table[bits[i] ?? 0] ?? 0;
      return wide;
    }
    default:
      throw new EcgError("UNSUPPORTED_FORMAT", `${where}: expected a float type, found ${dtype}`);
  }
}

function toIntegers(where: string, dtype: SafetensorsDtype, bytes: Uint8Array): Float64Array {
  switch (dtype) {
    case "I64":
      return Float64Array.from(new BigInt64Array(bytes.buffer), Number);
    case "I32":
      return Float64Array.from(new Int32Array(bytes.buffer));
    case "U8":
    case "BOOL":
      return Float64Array.from(bytes);
    default:
      throw new EcgError("UNSUPPORTED_FORMAT", `${where}: expected an integer type, found ${dtype}`);
  }
}

function resolveDtype(name: string, { dtype, shape, data }: TensorToWrite): SafetensorsDtype {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `encodeSafetensors ${name}: expected ${count} numbers for (${shape.join(", ")}), got ${data.length}`,
    );
  }
  const [own, ...others] = storableAs(data);
  if (dtype === undefined || dtype === own) return own;
  if (others.includes(dtype)) return dtype;
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `encodeSafetensors ${name}: expected ${[own, ...others].join(" or ")} for a ${data.constructor.name}, got ${dtype}`,
  );
}

function storableAs(data: TensorToWrite["data"]): [SafetensorsDtype, ...SafetensorsDtype[]] {
  if (data instanceof Float32Array) return ["F32", "F16", "BF16"];
  if (data instanceof Float64Array) return ["F64"];
  if (data instanceof BigInt64Array) return ["I64"];
  return data instanceof Int32Array ? ["I32"] : ["U8", "BOOL"];
}

function toBytes(dtype: SafetensorsDtype, data: TensorToWrite["data"]): Uint8Array {
  if (dtype === "F16") return bytesOf(Uint16Array.from(data as Float32Array, floatToHalf));
  if (dtype === "BF16") return bytesOf(Uint16Array.from(data as Float32Array, floatToBrain));
  return bytesOf(data);
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
