import { describe, expect, it } from "vitest";
import { createRng } from "../../../src/shared/rng.ts";
import { decodeSamples } from "../../../src/sources/wfdb/decode-samples.ts";
import { extractPair16, pairWords } from "../../../src/sources/wfdb/extract-pair-16.ts";
import { extractPair212 } from "../../../src/sources/wfdb/extract-pair-212.ts";
import { extractSignal, sumSignal } from "../../../src/sources/wfdb/extract-signal.ts";
import { physicalTable } from "../../../src/sources/wfdb/physical-table.ts";
import { buildSignalBytes } from "./build-wfdb-bytes.ts";

describe("extractSignal", () => {
  const layout = { frameSamples: 2, slot: 1, samplesPerFrame: 1, gain: 10, baseline: 5, invalid: -32768 };

  it("by hand: one signal of two, invalid as NaN, into the middle of an array, with its sum", () => {
    const digital = Int16Array.of(0, 15, 0, -32768, 0, 5, 0, -5, 0, 6, 0, 7);
    const out = new Float64Array(7).fill(9);
    const sum = extractSignal(digital, layout, { firstFrame: 1, frameCount: 5 }, { out, outStart: 1 });
    expect([...out]).toEqual([9, Number.NaN, 0, -1, 0.1, 0.2, 9]);
    expect(sum).toBe(-32768 + 5 - 5 + 6 + 7);
    expect(sumSignal(digital, layout, { firstFrame: 0, frameCount: 2 })).toBe(15 - 32768);
  });

  it("is the same at every length (whole turns of the loop and rests) and for Int32", () => {
    const rng = createRng("extract");
    for (let frames = 0; frames < 20; frames++) {
      const values = Array.from({ length: 2 * frames }, () => rng.pick([-32768, rng.integer(1000) - 500]));
      const wanted = values.filter((_, i) => i % 2 === 1);
      const expected = wanted.map((value) => (value === -32768 ? Number.NaN : (value - 5) / 10));
      for (const digital of [Int16Array.from(values), Int32Array.from(values)]) {
        const out = new Float64Array(frames);
        const sum = extractSignal(
          digital,
          layout,
          { firstFrame: 0, frameCount: frames },
          { out, outStart: 0 },
        );
        expect([...out]).toEqual(expected);
        expect(sum).toBe(wanted.reduce((total, value) => total + value, 0));
      }
    }
  });
});

describe("the table of physical values", () => {
  it("gives the values and sums of the division, bit for bit, once it is used", () => {
    const rng = createRng("table");
    const length = 250_005; // whole turns of both loops and rests
    const digital = Int16Array.from({ length }, () => rng.integer(65_536) - 32_768);
    const wide = Int32Array.from(digital); // never by table
    for (const scale of [
      { gain: 1716, baseline: -5, invalid: -32768 },
      { gain: 1000, baseline: 0, invalid: 2 ** 31 },
    ]) {
      const layout = { ...scale, frameSamples: 1, slot: 0, samplesPerFrame: 1 };
      const frames = { firstFrame: 0, frameCount: length };
      const [byTable, divided] = [new Float64Array(length), new Float64Array(length)];
      const sum = extractSignal(digital, layout, frames, { out: byTable, outStart: 0 });
      expect(extractSignal(wide, layout, frames, { out: divided, outStart: 0 })).toBe(sum);
      expect(byTable).toBeAllClose(divided); // no tolerance
      expect(physicalTable(layout, 0)).toHaveLength(65_536);
    }
  });

  it("is made after three times 65,536 samples of one scale, and forgotten at another one", () => {
    const scale = { gain: 7, baseline: 1, invalid: -32768 };
    expect(physicalTable(scale, 196_607)).toBeUndefined();
    const table = physicalTable({ ...scale }, 1);
    expect(table?.[32_768 + 15]).toBe(2);
    expect(table?.[0]).toBeNaN();
    expect(physicalTable(scale, 1)).toBe(table);
    expect(physicalTable({ ...scale, baseline: 2 }, 1)).toBeUndefined();
    expect(physicalTable(scale, 1)).toBeUndefined();
  });
});

describe("extractPair16", () => {
  const scale = { gain: 1716, baseline: -5, invalid: -32768, samplesPerFrame: 1 };
  const member = (slot: number, frameCount: number, change: object = {}) => ({
    layout: { ...scale, frameSamples: 4, slot, ...change },
    out: new Float64Array(frameCount + 2).fill(9),
    from: 0,
    frameCount,
  });

  it("gives what two single extractions give, bit for bit, and their sums modulo 2^16", () => {
    const rng = createRng("pair 16");
    physicalTable(scale, 3 * 65_536);
    for (const frames of [0, 1, 3, 4, 5, 1023]) {
      const digital = Int16Array.from({ length: 4 * (frames + 1) }, () => rng.integer(65_536) - 32_768);
      const pair = [member(2, frames), member(3, frames)] as const;
      const words = pairWords(digital, ...pair);
      const range = { firstFrame: 1, frameCount: frames };
      const sums = extractPair16(words ?? new Int32Array(0), pair, range, 1);
      for (const [index, { layout, out }] of pair.entries()) {
        const alone = new Float64Array(frames + 2).fill(9);
        const sum = extractSignal(Int32Array.from(digital), layout, range, { out: alone, outStart: 1 });
        expect(out).toBeAllClose(alone);
        expect(sums?.[index]).toBe(sum & 0xffff);
      }
    }
  });

  it("is for neighbours on a word with one scale and the same frames alone", () => {
    const digital = new Int16Array(16);
    const first = member(0, 4);
    expect(pairWords(digital, first, member(1, 4))).toHaveLength(8);
    expect(pairWords(digital, first, undefined)).toBeUndefined();
    expect(pairWords(digital, first, member(2, 4))).toBeUndefined();
    expect(pairWords(digital, member(1, 4), member(2, 4))).toBeUndefined();
    expect(pairWords(digital, first, member(1, 3))).toBeUndefined();
    expect(pairWords(digital, first, { ...member(1, 4), from: 1 })).toBeUndefined();
    expect(pairWords(digital, first, member(1, 4, { gain: 1000 }))).toBeUndefined();
    expect(pairWords(digital, first, member(1, 4, { samplesPerFrame: 2 }))).toBeUndefined();
    expect(pairWords(digital, member(0, 4, { frameSamples: 3 }), member(1, 4))).toBeUndefined();
    expect(pairWords(digital.subarray(1), first, member(1, 4))).toBeUndefined();
    expect(pairWords(Int32Array.from(digital), first, member(1, 4))).toBeUndefined();
  });

  it("writes nothing while a scale has no table", () => {
    const pair = [member(0, 4, { gain: 3 }), member(1, 4, { gain: 3 })] as const;
    const words = pairWords(new Int16Array(16), ...pair) ?? new Int32Array(0);
    expect(extractPair16(words, pair, { firstFrame: 0, frameCount: 4 }, 0)).toBeUndefined();
    expect([...pair[0].out]).toEqual([9, 9, 9, 9, 9, 9]);
  });
});

describe("extractPair212", () => {
  it("gives what decoding and extracting give, bit for bit", () => {
    const rng = createRng("pair");
    for (const frames of [0, 1, 2, 3, 100, 101, 6000]) {
      const samples = Array.from({ length: 2 * frames }, () => rng.integer(4096) - 2048);
      const bytes = buildSignalBytes(212, samples);
      const scales = [
        { gain: 200, baseline: 1024, invalid: -2048 },
        { gain: -3.7, baseline: -5, invalid: -2048 },
      ] as const;
      const outs = [new Float64Array(frames + 3).fill(7), new Float64Array(frames + 3).fill(7)] as const;
      const sums = extractPair212(
        bytes,
        frames,
        [
          { ...scales[0], out: outs[0] },
          { ...scales[1], out: outs[1] },
        ],
        2,
      );
      const unaligned = new Uint8Array(bytes.length + 1);
      unaligned.set(bytes, 1);
      const again = [new Float64Array(frames + 3).fill(7), new Float64Array(frames + 3).fill(7)] as const;
      const sumsAgain = extractPair212(
        unaligned.subarray(1),
        frames,
        [
          { ...scales[0], out: again[0] },
          { ...scales[1], out: again[1] },
        ],
        2,
      );
      expect([again, sumsAgain]).toEqual([outs, sums]);
      const digital = decodeSamples(212, bytes, 2 * frames);
      for (const slot of [0, 1] as const) {
        const expected = new Float64Array(frames + 3).fill(7);
        const layout = { ...scales[slot], frameSamples: 2, slot, samplesPerFrame: 1 };
        const target = { out: expected, outStart: 2 };
        const sum = extractSignal(digital, layout, { firstFrame: 0, frameCount: frames }, target);
        expect(outs[slot]).toEqual(expected);
        expect(sums[slot]).toBe(sum);
      }
    }
  });
});
