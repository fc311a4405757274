import { describe, expect, it } from "vitest";
import { floatToHalf, halfToFloat } from "../../src/shared/half-float.ts";
import { readNpy, writeNpy } from "../../src/shared/npy.ts";

function npyBytes(descr: string, shape: string, body: Uint8Array, fortran = "False"): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const bytes = new Uint8Array(10 + header.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(body, 10 + header.length);
  return bytes;
}

describe("npy", () => {
  it("writes what it reads, aligned to 64 bytes as NumPy does", () => {
    const bytes = writeNpy(Float32Array.of(1.5, -2, 3, Number.NaN, 5, 6), [2, 3]);
    const back = readNpy(bytes);
    expect(back.shape).toEqual([2, 3]);
    expect([...back.data]).toEqual([1.5, -2, 3, Number.NaN, 5, 6]);
    expect((bytes.length - 24) % 64).toBe(0);
  });

  it("turns Fortran order and big-endian int16 into rows", () => {
    const body = Uint8Array.of(0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6);
    const array = readNpy(npyBytes(">i2", "(2, 3)", body, "True"));
    expect([...array.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("reads a Node Buffer inside a larger one, whose slice() would share memory", () => {
    const written = writeNpy(Float32Array.of(1.5, -2, 3), [3]);
    const pool = Buffer.concat([Buffer.alloc(4, 7), written]);
    expect([...readNpy(pool.subarray(4)).data]).toEqual([1.5, -2, 3]);
  });

  it("says how many bytes are missing", () => {
    expect(() => readNpy(npyBytes("<f4", "(3,)", new Uint8Array(8)), "x.npy")).toThrow(
      "x.npy: expected 12 bytes for shape (3), found 8",
    );
  });
});

describe("half floats", () => {
  it("keeps every 16-bit number through float and back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(halfToFloat(floatToHalf(value)))).toBe(true);
      else if (floatToHalf(value) !== bits)
        throw new Error(`bits ${bits} -> ${value} -> ${floatToHalf(value)}`);
    }
  });

  it("rounds half to even: 1 + 2^-11 goes down, 1 + 3 * 2^-11 goes up", () => {
    expect(halfToFloat(floatToHalf(1 + 2 ** -11))).toBe(1);
    expect(halfToFloat(floatToHalf(1 + 3 * 2 ** -11))).toBe(1 + 2 * 2 ** -10);
  });
});
