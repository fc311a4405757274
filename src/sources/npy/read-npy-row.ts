// One recording of a stacked .npy array without reading the others. Format: numpy.lib.format 1.0-3.0.
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { isNpy, type NpyArray, readNpy } from "../../shared/npy.ts";

/** Longest header that is looked for; NumPy writes 118 bytes for ordinary arrays. */
const HEADER_BYTES = 4096;

/** What a .npy file says about itself. */
export type NpyHeader = {
  readonly shape: readonly number[];
  /** NumPy's type, e.g. `<i2`. */
  readonly type: string;
  readonly fortranOrder: boolean;
  /** Bytes of magic, version and header text before the numbers. */
  readonly dataStart: number;
  /** Magic, version and header text themselves. */
  readonly bytes: Uint8Array;
};

/** Read the header of a .npy file. @throws EcgError INVALID_FILE when it is none. */
export async function readNpyHeader(store: FileStore, path: string): Promise<NpyHeader> {
  const source = await store.open(path);
  const bytes = await source.read(0, Math.min(HEADER_BYTES, source.size));
  if (!isNpy(bytes)) {
    throw new EcgError("INVALID_FILE", `${path}: expected the magic \\x93NUMPY, found other bytes`, {
      hint: "the file is no .npy array or was cut",
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 1) >= 2;
  const dataStart = wide ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const text = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, dataStart));
  const type = /'descr'\s*:\s*'([^']+)'/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (type === undefined || shape === undefined || dataStart > bytes.length) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}: expected 'descr' and 'shape' in the header, found ${text.trim()}`,
    );
  }
  return {
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
    type,
    fortranOrder: /'fortran_order'\s*:\s*True/.test(text),
    dataStart,
    bytes: bytes.subarray(0, dataStart),
  };
}

/**
 * Recording `row` of a stack (records, a, b) as an array (a, b), with the bytes it was read from; other arrays
 * are read whole and only have row 0.
 * @throws EcgError INVALID_OPTION for a row that is not there, INVALID_FILE when the file is too short.
 */
export async function readNpyRow(
  store: FileStore,
  path: string,
  row: number,
): Promise<{ readonly array: NpyArray; readonly bytes: Uint8Array }> {
  const header = await readNpyHeader(store, path);
  const stacked = header.shape.length === 3;
  const recordCount = stacked ? header.shape[0]! : 1;
  if (!(Number.isInteger(row) && row >= 0 && row < recordCount)) {
    throw new EcgError("INVALID_OPTION", `${path}: expected a row from 0 to ${recordCount - 1}, got ${row}`);
  }
  const source = await store.open(path);
  if (!stacked || header.fortranOrder) {
    const whole = await source.read(0, source.size);
    const array = readNpy(whole, path);
    if (!stacked) return { array, bytes: whole.subarray(header.dataStart) };
    const size = array.data.length / recordCount;
    const data = array.data.slice(row * size, (row + 1) * size);
    return { array: { shape: header.shape.slice(1), data }, bytes: new Uint8Array(data.buffer) };
  }
  const itemSize = Number(/\d+$/.exec(header.type)?.[0] ?? 0);
  const rowBytes = itemSize * header.shape[1]! * header.shape[2]!;
  const start = header.dataStart + row * rowBytes;
  const bytes = await source.read(start, start + rowBytes);
  return { array: readNpy(joinHeader(header, bytes), path), bytes };
}

/** A .npy file of one row: the same header with the shape of the row in it. */
function joinHeader(header: NpyHeader, rowBytes: Uint8Array): Uint8Array {
  const head = header.bytes.slice();
  const text = new TextDecoder("latin1").decode(head);
  const shape = /\('?[\d, ]*\)/.exec(text.slice(text.indexOf("'shape'")))![0];
  const rowShape = `(${header.shape.slice(1).join(", ")})`.padEnd(shape.length);
  head.set(new TextEncoder().encode(rowShape), text.indexOf(shape));
  const file = new Uint8Array(head.length + rowBytes.length);
  file.set(head);
  file.set(rowBytes, head.length);
  return file;
}
