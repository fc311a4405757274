import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { annotationCode, annotationSymbol } from "../../../src/sources/wfdb/annotation-codes.ts";
import { parseWfdbAnnotations } from "../../../src/sources/wfdb/parse-wfdb-annotations.ts";
import { readWfdbAnnotations } from "../../../src/sources/wfdb/read-wfdb-annotations.ts";
import { writeWfdbAnnotations } from "../../../src/sources/wfdb/write-wfdb-annotations.ts";

const parse = (bytes: readonly number[]) => parseWfdbAnnotations(Uint8Array.from(bytes), "x.atr");
/** A word: 6 bits of code, 10 bits of value, low byte first. */
const word = (code: number, value: number): number[] => [value & 0xff, (code << 2) | (value >> 8)];
const aux = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...word(63, bytes.length), ...bytes, ...(bytes.length % 2 === 1 ? [0] : [])];
};
const END = [0, 0];
const PLAIN = { subtype: 0, channel: 0, number: 0, text: "" };

describe("parseWfdbAnnotations by hand", () => {
  it("adds up intervals", () => {
    expect(parse([...word(1, 18), ...word(5, 1023), ...word(28, 0), ...END]).annotations).toEqual([
      { ...PLAIN, sample: 18, code: 1, symbol: "N" },
      { ...PLAIN, sample: 1041, code: 5, symbol: "V" },
      { ...PLAIN, sample: 1041, code: 28, symbol: "+" },
    ]);
  });

  it("reads SKIP in PDP-11 order, forward and back, several in a row", () => {
    // 0x00012345: high word 0x0001 first, each word low byte first
    const bytes = [...word(59, 0), 0x01, 0x00, 0x45, 0x23, ...word(1, 2)];
    bytes.push(
      ...word(59, 0),
      0xff,
      0xff,
      0xff,
      0xff,
      ...word(59, 0),
      0x00,
      0x00,
      0x03,
      0x00,
      ...word(8, 1),
      ...END,
    );
    expect(parse(bytes).annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [0x12345 + 2, "N"],
      [0x12345 + 2 - 1 + 3 + 1, "A"],
    ]);
  });

  it("resets subtype and text, carries channel and number over", () => {
    const first = [...word(1, 10), ...word(61, 0xff), ...word(62, 2), ...word(60, 0xfe), ...aux("(AFIB\0")];
    expect(parse([...first, ...word(1, 5), ...aux("odd"), ...word(1, 5), ...END]).annotations).toEqual([
      { sample: 10, code: 1, symbol: "N", subtype: -1, channel: 2, number: -2, text: "(AFIB" },
      { sample: 15, code: 1, symbol: "N", subtype: 0, channel: 2, number: -2, text: "odd" },
      { sample: 20, code: 1, symbol: "N", subtype: 0, channel: 2, number: -2, text: "" },
    ]);
  });

  it("takes the time resolution and own codes from the notes at sample 0, and keeps other notes", () => {
    const notes = [
      "## time resolution: 128.5",
      "## annotation type definitions",
      "15 c calibration pulse",
      "42 # pressure line flushed",
      "## end of definitions",
      "start of tape",
    ].flatMap((text) => [...word(22, 0), ...aux(text)]);
    const parsed = parse([...notes, ...word(15, 7), ...word(42, 1), ...word(43, 1), ...END]);
    expect(parsed.timeResolutionHz).toBe(128.5);
    expect(parsed.annotations.map(({ sample, symbol, text }) => [sample, symbol, text])).toEqual([
      [0, '"', "start of tape"],
      [7, "c", ""],
      [8, "#", ""],
      [9, "[43]", ""],
    ]);
  });

  it("leaves out the bare definitions of old files and zero words, reads to the end of the bytes", () => {
    const parsed = parse([
      ...word(22, 0),
      ...aux("20 x signal source change\n"),
      ...END,
      ...word(20, 4),
      ...END,
    ]);
    expect(parsed.annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([[4, "*"]]);
    expect(parse([]).annotations).toEqual([]);
    expect(parse(word(1, 3)).annotations).toHaveLength(1);
  });

  it("reads texts in UTF-8 and in Latin-1", () => {
    expect(parse([...word(22, 5), ...aux("µV 心"), ...END]).annotations[0]?.text).toBe("µV 心");
    const latin = [...word(22, 5), ...word(63, 2), 0xb5, 0x56, ...END];
    expect(parse(latin).annotations[0]?.text).toBe("µV");
  });

  it.each([
    [[1, 2, 3], /expected an even number of bytes, found 3/],
    [[...word(1, 1), ...word(63, 10), 65, 66], /expected 10 more bytes of an annotation at byte 4, found 2/],
    [[...word(59, 0), 1, 0], /expected 4 more bytes of an annotation at byte 2, found 2/],
  ])("refuses a cut file: %j", (bytes, message) => {
    expect(() => parse(bytes)).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) }),
    );
  });

  it("names a file that is not there", async () => {
    await expect(readWfdbAnnotations(createMemoryFileStore({}), "x.atr")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("x.atr"),
    });
  });
});

describe("codes and mnemonics", () => {
  it("are inverse to each other", () => {
    for (let code = 1; code < 50; code++) expect(annotationCode(annotationSymbol(code))).toBe(code);
    expect([annotationSymbol(1), annotationSymbol(32), annotationSymbol(39), annotationSymbol(44)]).toEqual([
      "N",
      "[",
      "(",
      "[44]",
    ]);
    expect(annotationCode("nothing")).toBeUndefined();
  });
});

describe("writeWfdbAnnotations", () => {
  it("writes the bytes that annot(5) asks for", () => {
    const bytes = writeWfdbAnnotations([
      { sample: 18, symbol: "+", text: "(N" },
      { sample: 77, symbol: "N", subtype: -1, channel: 1 },
      { sample: 5000, symbol: "V", channel: 1 },
    ]);
    const expected = [...word(28, 18), ...aux("(N"), ...word(1, 59), ...word(61, 0xff), ...word(62, 1)];
    expected.push(...word(59, 0), 0, 0, 4923 & 0xff, 4923 >> 8, ...word(5, 0), ...END);
    expect([...bytes]).toEqual(expected);
  });

  it("read-write-read is exact for random annotations", async () => {
    const rng = createRng("annotations");
    const annotations = Array.from({ length: 400 }, () => {
      const code = rng.integer(49) + 1;
      return {
        sample: rng.integer(rng.next() < 0.5 ? 3000 : 2 ** 30),
        code,
        symbol: annotationSymbol(code),
        subtype: rng.integer(256) - 128,
        channel: rng.integer(4),
        number: rng.integer(256) - 128,
        text: rng.pick(["", "", "(AFIB", "ünï", "a", "x".repeat(255)]),
      };
    }).sort((a, b) => a.sample - b.sample);
    const bytes = writeWfdbAnnotations(annotations, { timeResolutionHz: 360 });
    const parsed = parseWfdbAnnotations(bytes, "x.atr");
    expect(parsed).toEqual({ annotations, timeResolutionHz: 360 });
    expect(writeWfdbAnnotations(parsed.annotations, { timeResolutionHz: 360 })).toEqual(bytes);
    expect(await readWfdbAnnotations(createMemoryFileStore({ "x.atr": bytes }), "x.atr")).toEqual(
      annotations,
    );
  });

  it("sorts by sample and keeps the order of equal ones", () => {
    const bytes = writeWfdbAnnotations([
      { sample: 9, symbol: "V" },
      { sample: -3, symbol: "~" },
      { sample: 9, symbol: "N" },
    ]);
    expect(
      parseWfdbAnnotations(bytes, "x").annotations.map(({ sample, symbol }) => [sample, symbol]),
    ).toEqual([
      [-3, "~"],
      [9, "V"],
      [9, "N"],
    ]);
  });

  it.each([
    [{ sample: 1, symbol: "NN" }, /expected a mnemonic .*got "NN"/],
    [{ sample: 1, symbol: "N", code: 60 }, /code from 1 to 58, got 60/],
    [{ sample: 1.5, symbol: "N" }, /expected a sample .*got 1.5/],
    [{ sample: 1, symbol: "N", channel: 300 }, /expected a channel from 0 to 255, got 300/],
    [{ sample: 1, symbol: "N", text: "é".repeat(128) }, /at most 255 bytes, got 256/],
  ])("refuses %j", (annotation, message) => {
    expect(() => writeWfdbAnnotations([annotation])).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringMatching(message) }),
    );
  });
});
