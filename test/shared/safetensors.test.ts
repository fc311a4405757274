import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { brainToFloat, floatToBrain } from "../../src/shared/brain-float.ts";
import { encodeSafetensors, openSafetensors, openSafetensorsBytes } from "../../src/shared/safetensors.ts";

describe("encodeSafetensors", () => {
  it("writes the format byte by byte", () => {
    const bytes = encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1, -2) } });
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(header);
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it("reads back every type, ordered widest first whatever the order given", async () => {
    const floats = Float32Array.of(0.5, -1.25, 65504, 1e-3);
    const tensors = {
      half: { shape: [4], data: floats, dtype: "F16" },
      brain: { shape: [2, 2], data: floats, dtype: "BF16" },
      single: { shape: [4, 1], data: floats },
      counts: { shape: [2], data: BigInt64Array.of(-5n, 2n ** 40n) },
      small: { shape: [], data: Int32Array.of(-7) },
      flags: { shape: [3], data: Uint8Array.of(1, 0, 1), dtype: "BOOL" },
      double: { shape: [1], data: Float64Array.of(Math.PI) },
      empty: { shape: [0, 3], data: new Float32Array(0) },
    } as const;
    const bytes = encodeSafetensors(tensors, { step: "12" });
    const shuffled = Object.fromEntries(Object.entries(tensors).toReversed());
    expect(encodeSafetensors(shuffled, { step: "12" })).toEqual(bytes);
    const file = await openSafetensorsBytes(bytes);
    expect(file.metadata).toEqual({ step: "12" });
    expect([...file.tensors.keys()].slice(0, 3)).toEqual(["counts", "double", "empty"]);
    expect(file.tensors.get("brain")?.shape).toEqual([2, 2]);
    expect(await file.readFloats("single")).toEqual(floats);
    expect(await file.readFloats("half")).toBeAllClose(floats, { rtol: 2 ** -11 });
    expect(await file.readFloats("brain")).toBeAllClose(floats, { rtol: 2 ** -8 });
    expect((await file.readFloats("double"))[0]).toBe(Math.fround(Math.PI));
    expect([...(await file.readIntegers("counts"))]).toEqual([-5, 2 ** 40]);
    expect([...(await file.readIntegers("small"))]).toEqual([-7]);
    expect([...(await file.readIntegers("flags"))]).toEqual([1, 0, 1]);
    expect(await file.readFloats("empty")).toHaveLength(0);
    await expect(file.readFloats("counts")).rejects.toMatchObject({ code: "UNSUPPORTED_FORMAT" });
    await expect(file.readFloats("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("says what does not fit", () => {
    expect(() => encodeSafetensors({ w: { shape: [3], data: new Float32Array(2) } })).toThrow(
      "encodeSafetensors w: expected 3 numbers for (3), got 2",
    );
    expect(() => encodeSafetensors({ w: { shape: [1], data: Int32Array.of(1), dtype: "F16" } })).toThrow(
      "expected I32 for a Int32Array, got F16",
    );
  });
});

describe("openSafetensors", () => {
  const fileWith = (header: unknown, data: number): Uint8Array => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };

  it.each([
    { what: "other bytes", bytes: new TextEncoder().encode("a,b,c\n1,2,3\n"), says: "found length" },
    { what: "three bytes", bytes: Uint8Array.of(1, 2, 3), says: "found length -1" },
    { what: "a list", bytes: fileWith([1], 0), says: "JSON object" },
    { what: "no offsets", bytes: fileWith({ w: { dtype: "F32" } }, 0), says: "w: expected dtype, shape" },
    {
      what: "a cut file",
      bytes: fileWith({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 5),
      says: "w: expected 8 bytes of 5 for shape (2), found 0 to 8",
    },
    {
      what: "a wrong range",
      bytes: fileWith({ w: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, 8),
      says: "expected 12 bytes",
    },
  ])("refuses $what", async ({ bytes, says }) => {
    await expect(openSafetensorsBytes(bytes)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining(says),
    });
  });

  it("names a type that it does not know", async () => {
    const bytes = fileWith({ w: { dtype: "F8_E4M3", shape: [1], data_offsets: [0, 1] } }, 1);
    await expect(openSafetensorsBytes(bytes)).rejects.toMatchObject({ code: "UNSUPPORTED_FORMAT" });
  });

  it("reads only the ranges that it is asked for", async () => {
    const bytes = encodeSafetensors({
      a: { shape: [1000], data: new Float32Array(1000).fill(3) },
      b: { shape: [2], data: Float32Array.of(1, 2) },
    });
    let read = 0;
    const file = await openSafetensors({
      size: bytes.length,
      read: async (start, end) => {
        read += end - start;
        return bytes.subarray(start, end);
      },
    });
    expect(await file.readFloats("b")).toEqual(Float32Array.of(1, 2));
    expect(read).toBeLessThan(300);
  });

  const golden = fileURLToPath(
    new URL("../../../shared/golden/models/tiny-qwen2-bf16/model.safetensors", import.meta.url),
  );
  it.skipIf(!existsSync(golden))("opens a bf16 checkpoint written by the reference", async () => {
    const file = await openSafetensorsBytes(readFileSync(golden));
    const [name] = [...file.tensors].find(([, { dtype }]) => dtype === "BF16") ?? [""];
    const floats = await file.readFloats(name);
    expect(floats.every((value) => Number.isFinite(value) && Math.abs(value) < 10)).toBe(true);
    expect(Float32Array.from(floats, (value) => brainToFloat(floatToBrain(value)))).toEqual(floats);
  });
});

describe("bfloat16", () => {
  it("rounds half to even and keeps special values", () => {
    expect(floatToBrain(1)).toBe(0x3f80);
    expect(floatToBrain(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBrain(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(brainToFloat(floatToBrain(Number.NaN))).toBeNaN();
    expect(brainToFloat(floatToBrain(Number.NEGATIVE_INFINITY))).toBe(Number.NEGATIVE_INFINITY);
    expect(brainToFloat(floatToBrain(3.4e38))).toBe(Number.POSITIVE_INFINITY);
    expect(Object.is(brainToFloat(floatToBrain(-0)), -0)).toBe(true);
  });
});
