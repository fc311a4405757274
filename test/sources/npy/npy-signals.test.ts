// Arrays: which axis holds leads, rows of a stack, and what no array says (rate, unit).
import { describe, expect, it } from "vitest";
import type { FileStore } from "../../../src/shared/byte-source.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { readNpyRow } from "../../../src/sources/npy/read-npy-row.ts";
import { npyLayout, readNpySignals } from "../../../src/sources/npy/read-npy-signals.ts";
import { buildNpy } from "../build-npy.ts";

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("npyLayout", () => {
  it("takes the axis of 12, else the shorter one, as leads", () => {
    expect(npyLayout([12, 5000], "x")).toEqual({ leadCount: 12, sampleCount: 5000, leadsLast: false });
    expect(npyLayout([5000, 12], "x")).toEqual({ leadCount: 12, sampleCount: 5000, leadsLast: true });
    expect(npyLayout([8, 12], "x")).toEqual({ leadCount: 12, sampleCount: 8, leadsLast: true });
    expect(npyLayout([1000, 2], "x")).toEqual({ leadCount: 2, sampleCount: 1000, leadsLast: true });
    expect(npyLayout([700], "x")).toEqual({ leadCount: 1, sampleCount: 700, leadsLast: false });
  });

  it("refuses shapes that leave it open", () => {
    expect(() => npyLayout([12, 12], "x")).toThrowError(/expected leads on one axis, found shape \(12, 12\)/);
    expect(() => npyLayout([500, 600], "x")).toThrowError(/found shape \(500, 600\)/);
    expect(() => npyLayout([0, 12], "x")).toThrowError(/found shape \(0, 12\)/);
    expect(() => npyLayout([2, 2, 2, 2], "x")).toThrowError(/found shape \(2, 2, 2, 2\)/);
  });
});

describe("readNpyRow", () => {
  it("reads one recording of a stack and not the others", async () => {
    const bytes = buildNpy(count(3 * 4 * 2), { type: "<i2", shape: [3, 4, 2] });
    const reads: number[] = [];
    const memory = createMemoryFileStore({ "s.npy": bytes });
    const counting: FileStore = {
      ...memory,
      open: async (path) => {
        const source = await memory.open(path);
        return {
          size: source.size,
          read: (start, end) => {
            reads.push(Math.min(end, source.size) - start);
            return source.read(start, end);
          },
        };
      },
    };
    const { array, bytes: raw } = await readNpyRow(counting, "s.npy", 2);
    expect(array.shape).toEqual([4, 2]);
    expect(array.data).toBeAllClose([16, 17, 18, 19, 20, 21, 22, 23]);
    expect(raw).toHaveLength(16);
    expect(reads.at(-1)).toBe(16);
    await expect(readNpyRow(memory, "s.npy", 3)).rejects.toThrowError(/expected a row from 0 to 2, got 3/);
  });

  it("reads Fortran order as NumPy means it", async () => {
    // np.asfortranarray([[0, 1, 2], [3, 4, 5]]) is stored column by column.
    const bytes = buildNpy([0, 3, 1, 4, 2, 5], { type: "<f8", shape: [2, 3], fortranOrder: true });
    const { array } = await readNpyRow(createMemoryFileStore({ "f.npy": bytes }), "f.npy", 0);
    expect(array.data).toBeAllClose([0, 1, 2, 3, 4, 5]);
  });
});

describe("readNpySignals", () => {
  const store = createMemoryFileStore({
    "wide.npy": buildNpy(count(24), { type: "<f4", shape: [12, 2] }),
    "tall.npy": buildNpy(count(24), { type: "<f4", shape: [2, 12] }),
    "cut.npy": buildNpy(count(24), { type: "<f4", shape: [12, 2] }).subarray(0, 200),
    "text.npy": "no array",
  });

  it("gives the twelve leads from either order of axes", async () => {
    const wide = await readNpySignals(store, "wide.npy", { samplingRateHz: 500, unit: "uV" });
    expect(wide.channels.map((channel) => channel.name).slice(0, 5)).toEqual([
      "I",
      "II",
      "III",
      "aVR",
      "aVL",
    ]);
    expect(wide.channels[3]).toMatchObject({ unit: "uV" });
    expect(wide.channels[3]?.samples).toBeAllClose([6, 7]);
    const tall = await readNpySignals(store, "tall.npy", { samplingRateHz: 500 });
    expect(tall.channels[3]?.samples).toBeAllClose([3, 15]);
  });

  it("never guesses a rate, and says what is wrong with a file", async () => {
    await expect(readNpySignals(store, "wide.npy")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "wide.npy: expected a sampling rate above 0 Hz, got none (.npy files state none)",
    });
    const options = { samplingRateHz: 500 };
    await expect(readNpySignals(store, "cut.npy", options)).rejects.toThrowError(
      /expected 96 bytes for shape \(12, 2\), found 72/,
    );
    await expect(readNpySignals(store, "text.npy", options)).rejects.toThrowError(/expected the magic/);
  });
});
