import { describe, expect, it } from "vitest";
import { readWfdbRecord } from "../../../src/sources/wfdb/read-wfdb-record.ts";
import { buildSignalBytes, checksumOf, createCountingStore, interleave } from "./build-wfdb-bytes.ts";

const NONE = Number.NaN;
const at = (value: number, index: number): number => value + index;
const ramp = (from: number, length: number): number[] => Array.from({ length }, (_, i) => at(from, i));

type Part = { readonly gain: number; readonly unit?: string; readonly signals: Record<string, number[]> };

/** One segment in format 16: gain 1 digital unit a number unless stated. */
function segment(name: string, { gain, unit = "mV", signals }: Part): Record<string, Uint8Array | string> {
  const entries = Object.entries(signals);
  const lines = entries.map(
    ([lead, samples]) => `${name}.dat 16 ${gain}/${unit} 16 0 ${samples[0]} ${checksumOf(samples)} 0 ${lead}`,
  );
  return {
    [`${name}.hea`]: [`${name} ${entries.length} 125 ${entries[0]?.[1].length}`, ...lines].join("\n"),
    [`${name}.dat`]: buildSignalBytes(16, interleave(entries.map(([, samples]) => samples))),
  };
}

const FIXED = {
  "m.hea": "m/4 2 125 12 08:26:04 26/10/1994\nm_1 4\n~ 3\nm_2 3\nm_3 2\n# fixed",
  ...segment("m_1", { gain: 1, signals: { I: ramp(10, 4), II: ramp(-10, 4) } }),
  ...segment("m_2", { gain: 2, signals: { I: ramp(100, 3), II: ramp(-100, 3) } }),
  ...segment("m_3", { gain: 1, signals: { I: ramp(7, 5), II: ramp(8, 5) } }),
};
const FIXED_I = [10, 11, 12, 13, NONE, NONE, NONE, 50, 50.5, 51, 7, 8];
const FIXED_II = [-10, -9, -8, -7, NONE, NONE, NONE, -50, -49.5, -49, 8, 9];

const VARIABLE = {
  "v.hea": "v/5 3 125 11\nv_layout 0\nv_1 3\n~ 2\nv_2 4\nv_3 2",
  "v_layout.hea":
    "v_layout 3 125 0 08:00:00\n~ 0 1/mV 8 0 0 0 0 II\n~ 0 1/mV 8 0 0 0 0 V\n~ 0 1/mmHg 8 0 0 0 0 ABP",
  ...segment("v_1", { gain: 1, signals: { V: ramp(1, 3) } }),
  ...segment("v_2", { gain: 1, signals: { V: ramp(20, 4), II: ramp(30, 4) } }),
  ...segment("v_3", { gain: 1, unit: "mmHg", signals: { ABP: ramp(90, 2), Extra: ramp(0, 2) } }),
};
const VARIABLE_CHANNELS = {
  II: [NONE, NONE, NONE, NONE, NONE, 30, 31, 32, 33, NONE, NONE],
  V: [1, 2, 3, NONE, NONE, 20, 21, 22, 23, NONE, NONE],
  ABP: [NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 90, 91],
};

describe("fixed layout", () => {
  it("joins segments with their own gains; a gap is NaN", async () => {
    const record = await readWfdbRecord(createCountingStore(FIXED).store, "m");
    expect(record).toMatchObject({
      name: "m",
      samplingRateHz: 125,
      sampleCount: 12,
      comments: ["fixed"],
      acquiredAt: "1994-10-26T08:26:04",
    });
    expect(record.channels.map(({ name, unit }) => [name, unit])).toEqual([
      ["I", "mV"],
      ["II", "mV"],
    ]);
    expect([...record.channels[0]!.samples]).toEqual(FIXED_I);
    expect([...record.channels[1]!.samples]).toEqual(FIXED_II);
  });

  it("every range is that of the whole, and only its segments' bytes are read", async () => {
    for (let startSample = 0; startSample < 12; startSample++) {
      for (let endSample = startSample; endSample <= 12; endSample++) {
        const { store } = createCountingStore(FIXED);
        const record = await readWfdbRecord(store, "m", { startSample, endSample, leads: ["II"] });
        expect([...record.channels[0]!.samples]).toEqual(FIXED_II.slice(startSample, endSample));
      }
    }
    const { store, bytesRead } = createCountingStore(FIXED);
    await readWfdbRecord(store, "m", { startSample: 8, endSample: 10 });
    expect([...bytesRead.keys()].filter((path) => path.endsWith(".dat"))).toEqual(["m_2.dat"]);
    expect(bytesRead.get("m_2.dat")).toBe(2 * 2 * 2);
  });

  it("reads a missing total length as the sum of the segments", async () => {
    const files = { ...FIXED, "m.hea": "m/2 2 125\nm_1 4\nm_2 3" };
    expect((await readWfdbRecord(createCountingStore(files).store, "m")).sampleCount).toBe(7);
  });

  it.each([
    [
      "a missing segment",
      { "m.hea": "m/2 2 125 8\nm_1 4\nm_9 4" },
      "NOT_FOUND",
      "m.hea: expected the header of its segment m_9.hea",
    ],
    [
      "segments that are too few",
      { "m.hea": "m/1 2 125 9\nm_1 4" },
      "INVALID_FILE",
      "expected segments of 9 samples together, found 4",
    ],
    [
      "a segment that is too short",
      { "m.hea": "m/1 2 125 9\nm_1 9" },
      "INVALID_FILE",
      "expected 9 samples as in m.hea, found 4",
    ],
    [
      "another number of signals",
      { "m.hea": "m/1 3 125 4\nm_1 4" },
      "INVALID_FILE",
      "expected 3 signals as in m.hea, found 2",
    ],
    [
      "another rate",
      { "m.hea": "m/1 2 250 4\nm_1 4" },
      "INVALID_FILE",
      "expected 250 Hz as in m.hea, found 125 Hz",
    ],
    [
      "a damaged segment",
      { "m_2.dat": new Uint8Array(12) },
      "CHECKSUM_MISMATCH",
      "m_2.hea: expected checksum 303 for signal I, found 0",
    ],
    [
      "units that differ",
      segment("m_2", { gain: 2, unit: "uV", signals: { I: ramp(100, 3), II: ramp(-100, 3) } }),
      "INVALID_FILE",
      "m_2.hea: expected I in mV as in the segments before, found uV",
    ],
    [
      "segments inside segments",
      { "m_1.hea": "m_1/1 2 125 4\nm_2 3" },
      "INVALID_FILE",
      "found segments of its own",
    ],
  ])("refuses %s", async (_, change, code, message) => {
    const { store } = createCountingStore({ ...FIXED, ...(change as Record<string, string>) });
    await expect(readWfdbRecord(store, "m")).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe("variable layout", () => {
  it("has the channels of the layout, matched by name, NaN where a segment lacks one", async () => {
    const record = await readWfdbRecord(createCountingStore(VARIABLE).store, "v");
    expect(record.channels.map(({ name, unit }) => [name, unit])).toEqual([
      ["II", "mV"],
      ["V", "mV"],
      ["ABP", "mmHg"],
    ]);
    expect(Object.fromEntries(record.channels.map(({ name, samples }) => [name, [...samples]]))).toEqual(
      VARIABLE_CHANNELS,
    );
    expect(record.leftOut).toEqual(["Extra: in a segment but not in the layout"]);
    expect(record.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("every range and lead is that of the whole; files without the lead are not opened", async () => {
    for (const [name, samples] of Object.entries(VARIABLE_CHANNELS)) {
      for (let startSample = 0; startSample < 11; startSample += 2) {
        const { store } = createCountingStore(VARIABLE);
        const record = await readWfdbRecord(store, "v", { leads: [name], startSample });
        expect([...record.channels[0]!.samples]).toEqual(samples.slice(startSample));
      }
    }
    const { store, bytesRead } = createCountingStore(VARIABLE);
    await readWfdbRecord(store, "v", { leads: ["II"] });
    expect([...bytesRead.keys()].filter((path) => path.endsWith(".dat"))).toEqual(["v_2.dat"]);
  });

  it("takes units from the layout where no segment read has the channel", async () => {
    const record = await readWfdbRecord(createCountingStore(VARIABLE).store, "v", { endSample: 3 });
    expect(record.channels.map(({ unit }) => unit)).toEqual(["mV", "mV", "mmHg"]);
  });

  it("matches channels of equal names in order", async () => {
    const files = {
      "w.hea": "w/2 2 125 2\nw_layout 0\nw_1 2",
      "w_layout.hea": "w_layout 2 125 0\n~ 0 1/mV 8 0 0 0 0 ECG\n~ 0 1/mV 8 0 0 0 0 ECG",
      "w_1.hea": "w_1 2 125 2\nw_1.dat 16 1 16 0 1 3 0 ECG\nw_1.dat 16 1 16 0 5 11 0 ECG",
      "w_1.dat": buildSignalBytes(16, [1, 5, 2, 6]),
    };
    const record = await readWfdbRecord(createCountingStore(files).store, "w");
    expect(record.channels.map(({ samples }) => [...samples])).toEqual([
      [1, 2],
      [5, 6],
    ]);
  });
});
