import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { readWfdbRecord } from "../../../src/sources/wfdb/read-wfdb-record.ts";
import type { WfdbChannel } from "../../../src/sources/wfdb/wfdb-record.ts";
import {
  buildSignalBytes,
  checksumOf,
  concatBytes,
  createCountingStore,
  interleave,
} from "./build-wfdb-bytes.ts";

const read = (
  files: Record<string, Uint8Array | string>,
  name = "x",
  options: Parameters<typeof readWfdbRecord>[2] = {},
) => readWfdbRecord(createMemoryFileStore(files), name, options);

/** Digital values of a channel, NaN where it is. */
const digital = (channel: WfdbChannel | undefined): number[] =>
  Array.from(channel?.samples ?? [], (value) => value * (channel?.gain ?? 1) + (channel?.baseline ?? 0)).map(
    (value) => Math.round(value * 1e6) / 1e6,
  );

function randomSignal(label: string, length: number, bits: number): number[] {
  const rng = createRng(label);
  const half = 2 ** (bits - 1);
  return Array.from({ length }, () => rng.integer(2 * half - 1) - half + 1);
}

describe("readWfdbRecord", () => {
  it("gives physical values by hand: (digital - baseline) / gain, in the file's units", async () => {
    const record = await read({
      "x.hea":
        "x 2 500 3 08:00:01 02/01/2003\nx.dat 16 200(4)/mV 16 0 0 0 0 II\nx.dat 16 10/mmHg 16 0 0 0 0 ABP\n# note",
      "x.dat": buildSignalBytes(16, [204, 1205, 4, -3, -396, 0]),
    });
    expect(record).toMatchObject({
      name: "x",
      samplingRateHz: 500,
      sampleCount: 3,
      comments: ["note"],
      baseTime: "08:00:01",
      baseDate: "2003-01-02",
      acquiredAt: "2003-01-02T08:00:01",
      leftOut: [],
    });
    expect(record.channels.map(({ name, unit, samples }) => [name, unit, ...samples])).toEqual([
      ["II", "mV", 1, 0, -2],
      ["ABP", "mmHg", 120.5, -0.3, 0],
    ]);
    expect(record).not.toHaveProperty("window");
  });

  it.each([
    [8, 8, undefined],
    [16, 16, -32768],
    [24, 24, -8388608],
    [32, 32, -2147483648],
    [61, 16, -32768],
    [80, 8, -128],
    [160, 16, -32768],
    [212, 12, -2048],
    [310, 10, -512],
    [311, 10, -512],
  ])(
    "reads format %i, three signals of 17 samples, the invalid value as NaN",
    async (format, bits, invalid) => {
      const signals = [0, 1, 2].map((s) => randomSignal(`f${format}-${s}`, 17, Math.min(bits, 7)));
      if (invalid !== undefined) signals[1]![5] = invalid;
      const bytes = format === 8 ? differencesOf(signals) : buildSignalBytes(format, interleave(signals));
      const lines = signals.map(
        (signal, s) =>
          `x.dat ${format} 1/mV ${bits} 0 ${format === 8 ? 0 : signal[0]} ${checksumOf(signal)} 0 s${s}`,
      );
      const record = await read({ "x.hea": ["x 3 100 17", ...lines].join("\n"), "x.dat": bytes });
      for (const [s, signal] of signals.entries()) {
        expect([...record.channels[s]!.samples]).toEqual(
          signal.map((value) => (value === invalid ? Number.NaN : value)),
        );
      }
    },
  );

  it("starts format 8 from the header's first value, whatever part is read", async () => {
    const files = {
      "x.hea": "x 1 100 5\nx.dat 8 1/mV 12 0 -1000 0 0 I",
      "x.dat": Uint8Array.from([5, 0xff, 127, 0x80, 1]),
    };
    expect(digital((await read(files)).channels[0])).toEqual([-995, -996, -869, -997, -996]);
    const part = await read(files, "x", { startSample: 2, endSample: 4 });
    expect(digital(part.channels[0])).toEqual([-869, -997]);
  });

  it("reads signals of several files and formats, and the null signal", async () => {
    const [a, b, c] = [randomSignal("a", 9, 12), randomSignal("b", 9, 12), randomSignal("c", 9, 16)];
    const record = await read({
      "x.hea": `x 4 250 9\nx.d0 212 1 0 0 0 ${checksumOf(a)} 0 A\n~ 0 1/mV 0 0 0 0 0 nothing\nx.d1 16+6 1 0 0 0 ${checksumOf(c)} 0 C\nx.d0 212 1 0 0 0 ${checksumOf(b)} 0 B`,
      "x.d0": buildSignalBytes(212, interleave([a, b])),
      "x.d1": concatBytes([1, 2, 3, 4, 5, 6], buildSignalBytes(16, c)),
    });
    expect(record.channels.map(({ name }) => name)).toEqual(["A", "nothing", "C", "B"]);
    expect(digital(record.channels[0])).toEqual(a);
    expect([...record.channels[1]!.samples]).toEqual(new Array(9).fill(Number.NaN));
    expect(digital(record.channels[2])).toEqual(c);
    expect(digital(record.channels[3])).toEqual(b);
  });

  it("moves skewed signals forward and has NaN where the file ends, ranges included", async () => {
    const [a, b] = [randomSignal("sa", 8, 12), randomSignal("sb", 8, 12)];
    const files = {
      "x.hea": `x 2 100 8\nx.dat 16 1 0 0 0 ${checksumOf(a)} 0 A\nx.dat 16:3 1 0 0 0 ${checksumOf(b)} 0 B`,
      "x.dat": buildSignalBytes(16, interleave([a, b])),
    };
    const whole = await read(files);
    expect(digital(whole.channels[0])).toEqual(a);
    const shifted = [...b.slice(3), Number.NaN, Number.NaN, Number.NaN];
    expect(digital(whole.channels[1])).toEqual(shifted);
    for (const [startSample, endSample] of [
      [0, 2],
      [2, 7],
      [6, 8],
      [7, 7],
    ]) {
      const part = await read(files, "x", { startSample: startSample!, endSample: endSample! });
      expect(digital(part.channels[0])).toEqual(a.slice(startSample, endSample));
      expect(digital(part.channels[1])).toEqual(shifted.slice(startSample, endSample));
    }
  });

  it("averages several samples a frame in digital units, cut towards 0; a frame with an invalid one is NaN", async () => {
    const many = [-8, -57, 10, 11, -3, -4, 7, -32768];
    const one = [1, 2, 3, 4];
    const files = {
      "x.hea": `x 2 100 4\nx.dat 16 2(1)/mV 16 0 0 ${checksumOf(one)} 0 one\nx.dat 16x2 2(1)/mV 16 0 0 ${checksumOf(many)} 0 many`,
      "x.dat": buildSignalBytes(16, interleave([one, many], [1, 2])),
    };
    const record = await read(files);
    expect([...record.channels[0]!.samples]).toEqual([0, 0.5, 1, 1.5]);
    // means -32.5, 10.5, -3.5 become -32, 10, -3
    expect([...record.channels[1]!.samples]).toEqual([-16.5, 4.5, -2, Number.NaN]);
    expect(record.channels[1]!.samplesPerFrame).toBe(2);
    const part = await read(files, "x", { startSample: 1, endSample: 3, leads: ["many"] });
    expect([...part.channels[0]!.samples]).toEqual([4.5, -2]);
  });

  it("takes a missing length from the first file's size", async () => {
    const [a, b] = [randomSignal("la", 11, 10), randomSignal("lb", 11, 10)];
    for (const format of [16, 24, 212, 310]) {
      const files = {
        "x.hea": `x 2 100\nx.dat ${format}+5 1 10 0 0 ${checksumOf(a)} 0 A\nx.dat ${format}+5 1 10 0 0 ${checksumOf(b)} 0 B`,
        "x.dat": concatBytes([0, 0, 0, 0, 0], buildSignalBytes(format, interleave([a, b]))),
      };
      const record = await read(files);
      expect(record.sampleCount).toBe(11);
      expect(digital(record.channels[1])).toEqual(b);
    }
    expect((await read({ "x.hea": "x 0 100" })).channels).toEqual([]);
  });

  it("accepts the path with and without .hea, in folders, and text that is no UTF-8", async () => {
    const files = {
      "a/b/x.hea": concatBytes(
        new TextEncoder().encode("x 1 100 1\nx.dat 16 1/"),
        [0xb5],
        new TextEncoder().encode("V 16 0 7 7 0 I"),
      ),
      "a/b/x.dat": buildSignalBytes(16, [7]),
    };
    for (const path of ["a/b/x", "a/b/x.hea"]) {
      expect((await read(files, path)).channels[0]).toMatchObject({ unit: "\u00B5V" });
    }
  });

  it("hashes the signal file; several files by the digests of each; a range by its bytes", async () => {
    const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
    const [one, two] = [buildSignalBytes(16, [1, 2, 3]), buildSignalBytes(16, [4, 5, 6])];
    const files = {
      "x.hea": "x 1 100 3\nx.dat 16+2 1 16 0 2",
      "x.dat": concatBytes([0, 0], one),
      "y.hea": "y 2 100 3\ny.d0 16 1\ny.d1 16 1",
      "y.d0": one,
      "y.d1": two,
    };
    expect((await read(files, "x")).sha256).toBe(sha(concatBytes([0, 0], one)).toString("hex"));
    expect((await read(files, "y")).sha256).toBe(sha(concatBytes(sha(one), sha(two))).toString("hex"));
    const part = await read(files, "x", { startSample: 1, endSample: 2 });
    expect(part.sha256).toBe(sha(buildSignalBytes(16, [2])).toString("hex"));
    expect((await read(files, "y", { computeSha256: false })).sha256).toBe("");
  });
});

function differencesOf(signals: readonly (readonly number[])[]): Uint8Array {
  const each = signals.map((signal) => [...buildSignalBytes(8, signal)]);
  return Uint8Array.from(interleave(each));
}

describe("parts of a record", () => {
  const length = 1000;
  const names = ["i", "ii", "v1", "vx", "Resp"];
  const signals = names.map((name) => randomSignal(name, length, 10));
  const lineOf = (file: string, format: number, s: number) =>
    `${file} ${format} 1/mV 16 0 0 ${checksumOf(signals[s]!)} 0 ${names[s]}`;
  const files = {
    "x.hea": [
      `x 5 100 ${length}`,
      ...[0, 1, 2].map((s) => lineOf("x.dat", 212, s)),
      lineOf("x.xyz", 16, 3),
      lineOf("x.rsp", 311, 4),
    ].join("\n"),
    "x.dat": buildSignalBytes(212, interleave(signals.slice(0, 3))),
    "x.xyz": buildSignalBytes(16, signals[3]!),
    "x.rsp": buildSignalBytes(311, signals[4]!),
  };

  it("read only the files of the wanted leads", async () => {
    const { store, bytesRead } = createCountingStore(files);
    const record = await readWfdbRecord(store, "x", { leads: ["vx"] });
    expect(digital(record.channels[0])).toEqual(signals[3]);
    expect(record.leftOut).toEqual(["i", "ii", "v1", "Resp"].map((name) => `${name}: not asked for`));
    expect(Object.fromEntries(bytesRead)).toEqual({ "x.hea": files["x.hea"].length, "x.xyz": 2000 });
  });

  it.each([
    [0, 10],
    [1, 2],
    [333, 334],
    [500, 777],
    [995, 1000],
    [17, 17],
  ])("read only the bytes of samples %i to %i", async (startSample, endSample) => {
    const { store, bytesRead } = createCountingStore(files);
    const record = await readWfdbRecord(store, "x", { startSample, endSample });
    for (const [s, signal] of signals.entries()) {
      expect(digital(record.channels[s])).toEqual(signal.slice(startSample, endSample));
    }
    expect(record.window).toEqual({ startSample, endSample });
    const count = endSample - startSample;
    expect(bytesRead.get("x.xyz")).toBe(2 * count);
    // a group of 212 or 311 may have to be read whole at both ends
    expect(bytesRead.get("x.dat")).toBeLessThanOrEqual(4.5 * count + 6);
    expect(bytesRead.get("x.rsp")).toBeLessThanOrEqual((4 / 3) * count + 8);
  });

  it("are as slices of the whole for random leads, ranges, formats and skews", async () => {
    const rng = createRng("ranges");
    for (let round = 0; round < 60; round++) {
      const format = rng.pick([8, 16, 24, 32, 61, 80, 160, 212, 310, 311]);
      const perFrame = [rng.integer(3) + 1, rng.integer(3) + 1, 1];
      const total = 5 + rng.integer(40);
      const own = perFrame.map((count) => randomSignal(`r${round}${rng.next()}`, total * count, 6));
      const frames = interleave(
        format === 8 ? own.map((signal) => [...buildSignalBytes(8, signal)]) : own,
        perFrame,
      );
      const bytes = format === 8 ? Uint8Array.from(frames) : buildSignalBytes(format, frames);
      const header = own.map(
        (signal, s) =>
          `r.dat ${format}x${perFrame[s]}:${rng.integer(4)}+3 1/mV 16 0 0 ${checksumOf(signal)} 0 s${s}`,
      );
      const store = createMemoryFileStore({
        "r.hea": [`r 3 100 ${total}`, ...header].join("\n"),
        "r.dat": concatBytes([7, 7, 7], bytes),
      });
      const whole = await readWfdbRecord(store, "r");
      const startSample = rng.integer(total);
      const endSample = startSample + rng.integer(total - startSample + 1);
      const leads = rng.shuffle(["s0", "s1", "s2"]).slice(0, 1 + rng.integer(3));
      const part = await readWfdbRecord(store, "r", { startSample, endSample, leads });
      expect(part.channels.map((channel) => channel.name)).toEqual(leads);
      for (const channel of part.channels) {
        const full = whole.channels.find((other) => other.name === channel.name)!;
        expect([...channel.samples]).toEqual([...full.samples.subarray(startSample, endSample)]);
      }
    }
  });

  it("of a long recording of two signals in format 212 are as slices of the whole, checksums compared", async () => {
    const pair = ["MLII", "V5"].map((name) => randomSignal(`holter ${name}`, 9001, 12));
    pair[1]![7777] = -2048;
    const lines = pair.map((own, s) => `h.dat 212 200 11 1024 0 ${checksumOf(own)} 0 ${["MLII", "V5"][s]}`);
    const holter = {
      "h.hea": ["h 2 360 9001", ...lines].join("\n"),
      "h.dat": buildSignalBytes(212, interleave(pair)),
    };
    const values = pair.map((own) =>
      own.map((value) => (value === -2048 ? Number.NaN : (value - 1024) / 200)),
    );
    const whole = await read(holter, "h");
    for (const s of [0, 1]) expect(whole.channels[s]!.samples).toBeAllClose(values[s]!);
    const part = await read(holter, "h", { startSample: 1001, endSample: 8000, leads: ["V5", "MLII"] });
    expect(part.channels[0]!.samples).toBeAllClose(values[1]!.slice(1001, 8000));
    expect(part.channels[1]!.samples).toBeAllClose(values[0]!.slice(1001, 8000));
    const damaged = { ...holter, "h.dat": holter["h.dat"].map((byte, i) => (i === 12000 ? byte ^ 1 : byte)) };
    await expect(read(damaged, "h")).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      details: { signal: "MLII", expected: checksumOf(pair[0]!) },
    });
  });

  it("finds leads by own name, canonical name and other case, in the order asked for", async () => {
    const record = await readWfdbRecord(createMemoryFileStore(files), "x", {
      leads: ["V1", "resp", "Lead II"],
    });
    expect(record.channels.map(({ name }) => name)).toEqual(["v1", "Resp", "ii"]);
    const limb = await readWfdbRecord(createMemoryFileStore(files), "x", { leads: ["aVF", "V1"] });
    expect(limb.channels.map(({ name }) => name)).toEqual(["i", "ii", "v1"]);
    expect(limb.requestedLeads).toEqual(["aVF", "V1"]);
  });

  it("refuse a lead or range that is not there", async () => {
    await expect(read(files, "x", { leads: ["V9"] })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "x.hea: expected leads among i, ii, v1, vx, Resp, got V9",
    });
    for (const [startSample, endSample] of [
      [-1, 5],
      [5, 4],
      [0, 1001],
      [0.5, 2],
    ]) {
      await expect(
        read(files, "x", { startSample: startSample!, endSample: endSample! }),
      ).rejects.toMatchObject({
        code: "INVALID_OPTION",
        message: `x.hea: expected a sample range inside 0 to 1000, got ${startSample} to ${endSample}`,
      });
    }
  });
});

describe("broken records", () => {
  const samples = [10, 20, 30, 40, 50, 60];
  const bytes = buildSignalBytes(16, samples);
  const header = (checksum: string) =>
    `x 2 100 3\nx.dat 16 1 16 0 10 90 0 I\nx.dat 16 1 16 0 20 ${checksum} 0 V5`;

  it("a checksum that does not match is an error that names signal, expected and found", async () => {
    await expect(read({ "x.hea": header("121"), "x.dat": bytes })).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      message: "x.hea: expected checksum 121 for signal V5, found 120 in x.dat",
      details: { signal: "V5", expected: 121, found: 120, signalFile: "x.dat" },
    });
    const unchecked = await read({ "x.hea": header("121"), "x.dat": bytes }, "x", { verifyChecksums: false });
    expect(digital(unchecked.channels[1])).toEqual([20, 40, 60]);
    const lead = await read({ "x.hea": header("121"), "x.dat": bytes }, "x", { leads: ["I"] });
    expect(digital(lead.channels[0])).toEqual([10, 30, 50]);
  });

  it("checksums count modulo 65,536, signed or unsigned; 0 or none says nothing", async () => {
    for (const checksum of ["120", String(120 + 65536), String(120 - 65536), "0"]) {
      expect((await read({ "x.hea": header(checksum), "x.dat": bytes })).sampleCount).toBe(3);
    }
    const bare = "x 2 100 3\nx.dat 16 1 16 0 10\nx.dat 16 1";
    expect((await read({ "x.hea": bare, "x.dat": bytes })).sampleCount).toBe(3);
  });

  it("a header without its signal file", async () => {
    await expect(read({ "d/x.hea": header("120") }, "d/x")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "d/x.hea: expected its signal file d/x.dat, found nothing",
    });
    await expect(read({ "x.hea": "x 1 100\nx.dat 16 1" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("no header", async () => {
    await expect(read({ "x.dat": bytes })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("x.hea"),
    });
  });

  it("a signal file that is too short, unless the part that is asked for is there", async () => {
    const files = { "x.hea": header("120"), "x.dat": bytes.subarray(0, 9) };
    await expect(read(files)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: "x.dat: expected 12 bytes for 3 samples of 2 signals in format 16, found 9",
    });
    const part = await read(files, "x", { endSample: 2 });
    expect(digital(part.channels[0])).toEqual([10, 30]);
  });

  it("a length that no memory holds", async () => {
    const long = "x 1 100 9007199254740991";
    await expect(read({ "x.hea": `${long}\nx.dat 16 1`, "x.dat": bytes })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringMatching(/^x\.dat: expected 18014398509481982 bytes .*found 12$/),
    });
    await expect(read({ "x.hea": `${long}\n~ 0 1` })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: "x.hea: expected a length that fits memory, found 9007199254740991 samples",
    });
    const segmented = {
      "x.hea": "x/1 1 100\n~ 9007199254740991",
      "y.hea": "x/2 1 100\n~ 9007199254740990\ns 1",
    };
    await expect(read(segmented)).resolves.toMatchObject({ channels: [] });
    await expect(read({ ...segmented, "s.hea": "s 1 100 1\n~ 0 1" }, "y")).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("fits memory"),
    });
  });

  it("FLAC and unknown formats, and two formats in one file", async () => {
    for (const format of [508, 516, 524]) {
      await expect(read({ "x.hea": `x 1 100 3\nx.dat ${format} 1`, "x.dat": bytes })).rejects.toMatchObject({
        code: "UNSUPPORTED_FORMAT",
        message: expect.stringContaining(`found ${format} (FLAC)`),
        details: { format },
      });
    }
    await expect(read({ "x.hea": "x 1 100 3\nx.dat 99 1", "x.dat": bytes })).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringMatching(/expected a format among 0, 8, 16.*found 99/),
    });
    await expect(
      read({ "x.hea": "x 2 100 3\nx.dat 16 1\nx.dat 212 1", "x.dat": bytes }),
    ).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: "x.hea: expected one format in x.dat, found 16 and 212",
    });
  });
});
