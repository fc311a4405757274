// .npy files and stacks as records, by the contract.
import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { openNpySource } from "../../../src/sources/npy/npy-source.ts";
import { sha256Hex } from "../../../src/sources/sha256-hex.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildNpy } from "../build-npy.ts";

const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");
const SAMPLES = 30;

/** Recording r, lead l, sample t -> (l + 1) sin(t) + r in float32; lead V6 misses sample 3. */
function value(r: number, l: number, t: number): number {
  return l === 11 && t === 3 ? Number.NaN : (l + 1) * Math.sin(t) + r;
}
const tall = (r: number): number[] =>
  Array.from({ length: SAMPLES * 12 }, (_, i) => value(r, i % 12, Math.floor(i / 12)));
const store = createMemoryFileStore({
  "arrays/one.npy": buildNpy(tall(0), { type: "<f4", shape: [SAMPLES, 12] }),
  "arrays/stack.npy": buildNpy([...tall(0), ...tall(1)], { type: "<f4", shape: [2, SAMPLES, 12] }),
  "arrays/cut.npy": buildNpy(tall(0), { type: "<f4", shape: [SAMPLES, 12] }).subarray(0, 500),
});
const rowBytes = new Uint8Array(Float32Array.from(tall(1)).buffer);
const hash = await sha256Hex(rowBytes);

describeSourceContract("npy", {
  open: () => openNpySource(store, "arrays", { samplingRateHz: 250 }),
  expected: {
    id: "stack#1",
    format: "npy",
    recordingId: `npy:stack#1-${hash.slice(0, 8)}`,
    patientId: `npy:stack#1-${hash.slice(0, 8)}`,
    patientKnown: false,
    samplingRateHz: 250,
    leads: CANONICAL,
    sampleCount: SAMPLES,
    firstSamples: { I: [1, value(1, 0, 1), value(1, 0, 2)], V6: [1, value(1, 11, 1)] },
    atol: 1e-5,
    missing: { lead: "V6", sample: 3 },
  },
  broken: {
    open: () => openNpySource(store, "arrays", { samplingRateHz: 250 }),
    id: "cut",
    code: "INVALID_FILE",
    message: /arrays\/cut\.npy: expected 1440 bytes for shape \(30, 12\), found 372/,
  },
});

describe("openNpySource", () => {
  it("lists files and the rows of stacks", async () => {
    const source = await openNpySource(store, "arrays", { samplingRateHz: 250 });
    expect((await source.list()).map(({ id, row }) => [id, row])).toEqual([
      ["cut", undefined],
      ["one", undefined],
      ["stack#0", 0],
      ["stack#1", 1],
    ]);
  });

  it("reads nothing without a rate", async () => {
    const source = await openNpySource(store, "arrays/one.npy");
    const [reference] = await source.list();
    await expect(source.read(reference!)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
