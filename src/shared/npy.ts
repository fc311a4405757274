// NumPy's .npy: one array with its shape. Format: numpy.lib.format 1.0-3.0 (NEP 1).
import { EcgError } from "./errors.ts";
import { halfToFloat } from "./half-float.ts";

/** A dense array in C order. `data` holds shape[0] * shape[1] * ... numbers. */
export type NpyArray = {
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int8Array
    | Uint8Array
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array;
};

const READERS: Readonly<Record<string, (buffer: ArrayBuffer) => NpyArray["data"]>> = {
  f2: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToFloat),
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
  i1: (buffer) => new Int8Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
  b1: (buffer) => new Uint8Array(buffer),
  i2: (buffer) => new Int16Array(buffer),
  u2: (buffer) => new Uint16Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u4: (buffer) => new Uint32Array(buffer),
  i8: (buffer) => Float64Array.from(new BigInt64Array(buffer), Number),
  u8: (buffer) => Float64Array.from(new BigUint64Array(buffer), Number),
};

/** True when the bytes begin with NumPy's magic. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 10 && bytes[0] === 0x93 && String.fromCharCode(...bytes.subarray(1, 6)) === "NUMPY";
}

/**
 * Read an array. Fortran order and big-endian numbers are turned into C order and native numbers;
 * float16 becomes float32, 64-bit integers become float64.
 * @throws EcgError INVALID_FILE on a broken header or short data, UNSUPPORTED_FORMAT on other types.
 */
export function readNpy(bytes: Uint8Array, where = "npy"): NpyArray {
  if (!isNpy(bytes)) {
    throw new EcgError("INVALID_FILE", `${where}: expected the magic \\x93NUMPY, found other bytes`, {
      hint: "the file is no .npy array or was cut",
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 1) >= 2;
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + headerLength;
  const header = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, start));
  const descr = /'descr'\s*:\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(header);
  if (!descr || !shapeText) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected 'descr' and 'shape' in the header, found ${header.trim()}`,
    );
  }
  const shape = (shapeText[1] ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const type = descr[2] ?? "";
  const reader = READERS[type];
  if (!reader) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected a number type (f2 f4 f8 i1-i8 u1-u8), found ${type}`,
    );
  }
  const itemSize = Number(type.slice(1));
  const count = shape.reduce((product, size) => product * size, 1);
  // Not bytes.slice: a Node Buffer overrides it to share its memory, which would then be read from byte 0.
  const body = Uint8Array.prototype.slice.call(bytes, start, start + count * itemSize);
  if (body.length !== count * itemSize) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected ${count * itemSize} bytes for shape (${shape.join(", ")}), found ${body.length}`,
      { hint: "the file looks truncated; fetch it again" },
    );
  }
  if (descr[1] === ">") swapBytes(body, itemSize);
  const data = reader(body.buffer);
  return { shape, data: /'fortran_order'\s*:\s*True/.test(header) ? toRowMajor(data, shape) : data };
}

/** Write float32 data in C order, version 1.0, aligned to 64 bytes as NumPy does. */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `writeNpy: shape (${shape.join(", ")}) holds ${count} numbers, got ${data.length}`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 0xff, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return bytes;
}

function swapBytes(bytes: Uint8Array, itemSize: number): void {
  for (let at = 0; at < bytes.length; at += itemSize) bytes.subarray(at, at + itemSize).reverse();
}

function toRowMajor<T extends NpyArray["data"]>(data: T, shape: readonly number[]): T {
  const out = data.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  for (let at = 0; at < out.length; at++) {
    out[at] = data[index.reduce((sum, value, axis) => sum + value * (strides[axis] ?? 0), 0)] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
  return out;
}
