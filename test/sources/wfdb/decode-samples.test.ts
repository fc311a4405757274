import { describe, expect, it } from "vitest";
import { createRng } from "../../../src/shared/rng.ts";
import { accumulateDifferences, decodeSamples } from "../../../src/sources/wfdb/decode-samples.ts";
import { encodeSamples, WRITABLE_FORMATS } from "../../../src/sources/wfdb/encode-samples.ts";
import { bytesForSamples, samplesInBytes, signalFormat } from "../../../src/sources/wfdb/signal-formats.ts";
import { buildSignalBytes } from "./build-wfdb-bytes.ts";

describe("decodeSamples by hand", () => {
  it.each([
    [8, [1, 0xff, 0x80], [1, -1, -128]],
    [16, [0x34, 0x12, 0xff, 0xff, 0x00, 0x80], [0x1234, -1, -32768]],
    [24, [0x56, 0x34, 0x12, 0xff, 0xff, 0xff, 0, 0, 0x80], [0x123456, -1, -8388608]],
    [32, [0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0x80], [0x12345678, -2147483648]],
    [61, [0x12, 0x34, 0xff, 0xfe], [0x1234, -2]],
    [80, [0, 128, 255], [-128, 0, 127]],
    [160, [0, 0, 0, 0x80, 0xff, 0xff], [-32768, 0, 32767]],
    // 995 = 0x3e3, 1011 = 0x3f3: the first bytes of MIT-BIH record 100
    [212, [0xe3, 0x33, 0xf3], [995, 1011]],
    [212, [0x00, 0x08], [-2048]],
    // low pair: sample 1 = 5 << 1; high pair: sample 2 = -1; third = 1 from bit 11 of the low pair
    [310, [0x0a, 0x08, 0xfe, 0x07], [5, -1, 1]],
    [310, [0x00, 0x04], [-512]],
    [311, [0x05, 0xfc, 0x1f, 0x00], [5, -1, 1]],
    [311, [0x00, 0x02], [-512]],
  ])("format %i of bytes %j", (format, bytes, samples) => {
    expect([...decodeSamples(format, Uint8Array.from(bytes), samples.length)]).toEqual(samples);
  });

  it("sums up the differences of format 8, signal by signal", () => {
    const differences = decodeSamples(8, Uint8Array.from([1, 10, 0xff, 2, 20, 0xfe]), 6);
    expect([...accumulateDifferences(differences, [0, 1, 1], [100, 0])]).toEqual([101, 10, 9, 103, 29, 27]);
  });

  it("reads 16-bit samples that do not lie on a 2-byte boundary", () => {
    const bytes = Uint8Array.from([9, 0x34, 0x12, 0xff, 0xff]).subarray(1);
    expect([...decodeSamples(16, bytes, 2)]).toEqual([0x1234, -1]);
  });

  it("refuses a format that is none", () => {
    expect(() => decodeSamples(17, new Uint8Array(4), 2)).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FORMAT", message: expect.stringContaining("got 17") }),
    );
  });
});

const RANGES: readonly (readonly [number, number])[] = [
  [16, 16],
  [24, 24],
  [32, 32],
  [61, 16],
  [80, 8],
  [160, 16],
  [212, 12],
  [310, 10],
  [311, 10],
];

describe("decodeSamples is the inverse of the format", () => {
  it.each(RANGES)("format %i, %i bits, at every length and alignment", (format, bits) => {
    const rng = createRng(`decode-${format}`);
    const half = 2 ** (bits - 1);
    for (let length = 1; length <= 40; length++) {
      const samples = Array.from({ length }, (_, i) =>
        i === 0 ? -half : i === 1 ? half - 1 : rng.integer(2 * half) - half,
      );
      const bytes = buildSignalBytes(format, samples);
      expect([...decodeSamples(format, bytes, length)]).toEqual(samples);
      const shifted = new Uint8Array(bytes.length + 1);
      shifted.set(bytes, 1);
      expect([...decodeSamples(format, shifted.subarray(1), length)]).toEqual(samples);
    }
  });

  it("counts bytes and samples of cut groups as the files have them", () => {
    for (const [format] of RANGES) {
      const layout = signalFormat(format)!;
      for (let count = 0; count <= 13; count++) {
        const { length } = buildSignalBytes(format, new Array<number>(count).fill(0));
        // The builder fills up a group of three; whether its last sample is meant, the size does not say.
        const shown = layout.groupSamples === 3 && count % 3 === 2 ? count + 1 : count;
        expect(samplesInBytes(format, layout, length)).toBe(shown);
        expect(bytesForSamples(format, layout, count)).toBeLessThanOrEqual(length);
      }
    }
    expect(bytesForSamples(212, signalFormat(212)!, 499)).toBe(749);
    expect(bytesForSamples(310, signalFormat(310)!, 499)).toBe(666);
    expect(bytesForSamples(311, signalFormat(311)!, 500)).toBe(667);
  });
});

describe("encodeSamples", () => {
  it.each(WRITABLE_FORMATS)("format %i gives the bytes that signal(5) asks for", (format) => {
    const rng = createRng(`encode-${format}`);
    const half = 2 ** ((format === 212 ? 12 : format) - 1);
    for (const length of [1, 2, 3, 64, 65]) {
      const samples = Array.from({ length }, () => rng.integer(2 * half) - half);
      expect(encodeSamples(format, Int32Array.from(samples))).toEqual(buildSignalBytes(format, samples));
    }
  });
});
