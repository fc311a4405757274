import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { digitalRange, WRITABLE_FORMATS } from "../../../src/sources/wfdb/encode-samples.ts";
import { readWfdbRecord } from "../../../src/sources/wfdb/read-wfdb-record.ts";
import { chooseGain, writeWfdbRecord } from "../../../src/sources/wfdb/write-wfdb-record.ts";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const readBack = (files: Readonly<Record<string, Uint8Array>>, name: string) =>
  readWfdbRecord(createMemoryFileStore(files), name);

describe("writeWfdbRecord by hand", () => {
  it("writes header and samples", () => {
    const { files } = writeWfdbRecord(
      {
        name: "rec-1",
        samplingRateHz: 62.4725,
        channels: [
          { name: "II", unit: "mV", samples: [1, -0.5, Number.NaN], gain: 200, baseline: 4 },
          { name: "skin  temp", unit: "degrees C", samples: [36.6, 36.7, 36.8], gain: 10 },
        ],
        comments: ["<age>: 51", "two\nlines"],
        baseTime: "08:00:01.5",
        baseDate: "2003-01-02",
      },
      { format: 16 },
    );
    expect(Object.keys(files)).toEqual(["rec-1.hea", "rec-1.dat"]);
    expect(text(files["rec-1.hea"])).toBe(
      [
        "rec-1 2 62.4725 3 08:00:01.5 02/01/2003",
        "rec-1.dat 16 200(4)/mV 16 0 204 -32660 0 II",
        "rec-1.dat 16 10(0)/degrees_C 16 0 366 1101 0 skin temp",
        "# <age>: 51",
        "# two",
        "# lines",
        "",
      ].join("\n"),
    );
    expect([...files["rec-1.dat"]!]).toEqual([204, 0, 110, 1, 160, 255, 111, 1, 0, 128, 112, 1]);
  });

  it("writes a header alone for a record without channels", () => {
    const { files } = writeWfdbRecord({ name: "none", samplingRateHz: 500, channels: [] });
    expect(Object.keys(files)).toEqual(["none.hea"]);
    expect(text(files["none.hea"])).toBe("none 0 500 0\n");
  });
});

describe("read-write-read", () => {
  it.each(WRITABLE_FORMATS)("is exact in digital units, format %i, at odd lengths too", async (format) => {
    const rng = createRng(`write-${format}`);
    const { least, most } = digitalRange(format);
    for (const [channelCount, length] of [
      [1, 1],
      [1, 7],
      [3, 33],
      [12, 100],
    ] as const) {
      const digital = Array.from({ length: channelCount }, () =>
        Array.from({ length }, (_, i) =>
          i === 0
            ? least
            : i === 1
              ? most
              : rng.next() < 0.1
                ? Number.NaN
                : least + rng.integer(most - least + 1),
        ),
      );
      const gain = 1716;
      const channels = digital.map((values, c) => ({
        name: `lead ${c}`,
        unit: "mV",
        gain,
        baseline: c - 5,
        samples: values.map((value) => (value - (c - 5)) / gain),
      }));
      const { files } = writeWfdbRecord({ name: "x", samplingRateHz: 500, channels }, { format });
      const once = await readBack(files, "x");
      for (const [c, { samples }] of once.channels.entries()) {
        expect(samples).toBeAllClose(channels[c]!.samples);
      }
      const twice = writeWfdbRecord(once);
      expect(twice.files["x.dat"]).toEqual(files["x.dat"]);
      expect(text(twice.files["x.hea"])).toBe(text(files["x.hea"]));
    }
  });

  it("keeps names, comments, times, rates and units", async () => {
    const written = {
      name: "x",
      samplingRateHz: 0.0166666666667,
      channels: [
        { name: "ECG lead II", unit: "uV", samples: [1, 2], gain: 0.25 },
        { name: "n", unit: "1/min", samples: [3, 4], gain: 1e-9 },
      ],
      comments: ["", "Dx: 426783006"],
      baseTime: "23:59:59",
    };
    const record = await readBack(writeWfdbRecord(written).files, "x");
    expect(record).toMatchObject({
      samplingRateHz: written.samplingRateHz,
      comments: written.comments,
      baseTime: "23:59:59",
    });
    expect(record.channels.map(({ name, unit, gain }) => ({ name, unit, gain }))).toEqual(
      written.channels.map(({ name, unit, gain }) => ({ name, unit, gain })),
    );
  });

  it("takes 16, 24 or 32 bits as the gain asks for, and the format that was read", async () => {
    const formatOf = async (value: number, format?: number) => {
      const channel = { name: "I", unit: "mV", samples: [value], gain: 1000, ...(format && { format }) };
      const { files } = writeWfdbRecord({ name: "x", samplingRateHz: 500, channels: [channel] });
      return (await readBack(files, "x")).channels[0]?.format;
    };
    expect(await formatOf(32.767)).toBe(16);
    expect(await formatOf(32.768)).toBe(24);
    expect(await formatOf(-9000)).toBe(32);
    expect(await formatOf(1.5, 212)).toBe(212);
    expect(await formatOf(1.5, 32)).toBe(32);
    expect(await formatOf(1.5, 61)).toBe(16);
  });
});

describe("chooseGain", () => {
  it.each([
    [16, [1, -3, Number.NaN], 1000],
    [16, [32.767], 1000],
    [16, [-32.768], 500],
    [16, [100_000], 0.2],
    [16, [0, 0], 1000],
    [212, [10.2], 200],
    [212, [10.3], 100],
    [24, [83], 100_000],
    [32, [2147], 1_000_000],
    [32, [2148], 500_000],
  ] as const)("format %i, samples %j: %d", (format, samples, gain) => {
    expect(chooseGain(samples, format)).toBeCloseTo(gain, 12);
  });

  it("keeps samples within half a unit", async () => {
    const rng = createRng("gain");
    for (const scale of [1e-3, 1, 50, 1e5]) {
      const samples = Array.from({ length: 50 }, () => rng.normal() * scale);
      const { files } = writeWfdbRecord({
        name: "x",
        samplingRateHz: 1,
        channels: [{ name: "I", unit: "mV", samples }],
      });
      const [channel] = (await readBack(files, "x")).channels;
      expect(channel!.samples).toBeAllClose(samples, { atol: 0.5000001 / channel!.gain! });
    }
  });
});

describe("what cannot be written", () => {
  const channel = { name: "V2", unit: "mV", samples: [0, 40], gain: 1000 };
  it("a value outside the format's range", () => {
    expect(() =>
      writeWfdbRecord({ name: "x", samplingRateHz: 500, channels: [channel] }, { format: 16 }),
    ).toThrow(
      expect.objectContaining({
        code: "INVALID_SIGNAL",
        message: "x: expected digital values from -32767 to 32767 for format 16, got 40000 in V2 at sample 1",
      }),
    );
    const infinite = { ...channel, samples: [Number.POSITIVE_INFINITY] };
    expect(() => writeWfdbRecord({ name: "x", samplingRateHz: 500, channels: [infinite] })).toThrow(
      /got Infinity/,
    );
  });

  it.each([
    [{ name: "a b" }, /expected a name of letters, digits, _ and -, got "a b"/],
    [{ samplingRateHz: 0 }, /expected a sampling rate above 0 Hz, got 0/],
    [{ baseDate: "2.1.2003" }, /expected a base date yyyy-mm-dd, got 2.1.2003/],
    [
      { channels: [channel, { ...channel, samples: [1] }] },
      /expected 2 samples in every channel, got 1 in V2/,
    ],
    [{ channels: [{ ...channel, gain: 0 }] }, /gain other than 0 for V2, got 0/],
    [{ channels: [{ ...channel, baseline: 0.5 }] }, /integer baseline for V2, got 0.5/],
  ])("%j", (change, message) => {
    expect(() => writeWfdbRecord({ name: "x", samplingRateHz: 500, channels: [], ...change })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringMatching(message) }),
    );
  });
});
