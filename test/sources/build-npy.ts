// Any .npy array for tests: type and order of choice (src/shared/npy.ts writes float32 only).

export type NpyBuildOptions = {
  readonly type: "<i2" | "<f4" | "<f8";
  readonly shape: readonly number[];
  readonly fortranOrder?: boolean;
};

/** The bytes of an array whose numbers, in the file's own order, are `values`. */
export function buildNpy(values: readonly number[], options: NpyBuildOptions): Uint8Array {
  const { type, shape, fortranOrder = false } = options;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${type}', 'fortran_order': ${fortranOrder ? "True" : "False"}, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(117)}\n`;
  const data =
    type === "<i2"
      ? Int16Array.from(values)
      : type === "<f4"
        ? Float32Array.from(values)
        : Float64Array.from(values);
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer), 10 + header.length);
  return bytes;
}
