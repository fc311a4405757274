import { describe, expect, it } from "vitest";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { millivoltsPerUnit } from "../../../src/sources/wfdb/millivolts-per-unit.ts";
import { toEcgRecord } from "../../../src/sources/wfdb/to-ecg-record.ts";
import type { WfdbRecord } from "../../../src/sources/wfdb/wfdb-record.ts";

type Channel = readonly [name: string, unit: string, samples: readonly number[]];

const wfdbOf = (channels: readonly Channel[], more: Partial<WfdbRecord> = {}): WfdbRecord => ({
  name: "x",
  samplingRateHz: 500,
  sampleCount: channels[0]?.[2].length ?? 0,
  channels: channels.map(([name, unit, samples]) => ({
    name,
    unit,
    samples: Float64Array.from(samples),
    samplesPerFrame: 1,
  })),
  comments: [],
  sha256: "00",
  leftOut: [],
  ...more,
});
const info = {
  id: "x",
  path: "d/x.hea",
  identity: { recordingId: "wfdb:d/x", patientId: "wfdb:d/x", patientKnown: false },
};
const rowsOf = (record: ReturnType<typeof toEcgRecord>) =>
  Object.fromEntries(record.leads.map((lead, row) => [lead, [...leadSamples(record.signal, row)]]));

describe("toEcgRecord", () => {
  it("takes voltages in mV, names the rest", () => {
    const record = toEcgRecord(
      wfdbOf([
        ["MLII", "mV", [1, Number.NaN]],
        ["ABP", "mmHg", [120, 80]],
        ["v5", "uV", [1500, -250]],
        ["Pleth", "NU", [0, 1]],
        ["vx", "V", [0.002, 0]],
        ["none", "", [0, 1]],
      ]),
      info,
    );
    expect(rowsOf(record)).toEqual({ II: [1, Number.NaN], V5: [1.5, -0.25], vx: [2, 0] });
    expect(record).toMatchObject({
      id: "x",
      samplingRateHz: 500,
      patient: {},
      statements: [],
      sourceLabels: [],
      labelScope: [],
      provenance: {
        format: "wfdb",
        path: "d/x.hea",
        sha256: "00",
        leftOut: [
          "ABP: in mmHg, not a voltage",
          "Pleth: in NU, not a voltage",
          "none: in no unit, not a voltage",
        ],
      },
    });
    expect(record).not.toHaveProperty("acquiredAt");
    expect(record).not.toHaveProperty("reportText");
  });

  it("puts the twelve in canonical order, others behind them, or keeps the file's order", () => {
    const shuffled = ["V6", "vz", "aVF", "avl", "AVR", "iii", "Lead II", "I", "V1", "V2", "V3", "V4", "V5"];
    const wfdb = wfdbOf(shuffled.map((name, i): Channel => [name, "mV", [i]]));
    const record = toEcgRecord(wfdb, info);
    expect(record.leads).toEqual([...STANDARD_LEADS, "vz"]);
    expect(rowsOf(record)).toMatchObject({ I: [7], aVR: [4], aVL: [3], V6: [0], vz: [1] });
    const asStored = toEcgRecord(wfdb, { ...info, leadOrder: "file" });
    expect(asStored.leads.slice(0, 4)).toEqual(["V6", "vz", "aVF", "aVL"]);
    expect([...asStored.signal.data]).toEqual(shuffled.map((_, i) => i));
  });

  it("derives III and the augmented leads from a file of eight leads, not from fewer", () => {
    const eight = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"];
    const channels = eight.map((name, i): Channel => [name, "uV", [1000 * (i + 1)]]);
    const record = toEcgRecord(wfdbOf(channels), info);
    expect(record.leads).toEqual([...STANDARD_LEADS]);
    expect(rowsOf(record)).toMatchObject({
      I: [1],
      II: [2],
      III: [1],
      aVR: [-1.5],
      aVL: [0],
      aVF: [1.5],
      V6: [8],
    });
    const withIII = toEcgRecord(wfdbOf([...channels, ["III", "mV", [77]]]), info);
    expect(rowsOf(withIII)).toMatchObject({ III: [77], aVF: [1.5] });
    expect(toEcgRecord(wfdbOf(channels.slice(0, 7)), info).leads).toEqual(eight.slice(0, 7));
  });

  it("gives leads that were asked for in their order, derived ones too", () => {
    const channels: Channel[] = [
      ["i", "mV", [1]],
      ["ii", "mV", [3]],
      ["v1", "mV", [5]],
    ];
    const requested = ["V1", "aVF", "I"];
    const record = toEcgRecord(wfdbOf(channels, { requestedLeads: requested }), info);
    expect(record.leads).toEqual(requested);
    expect([...record.signal.data]).toEqual([5, 2.5, 1]);
    expect(() =>
      toEcgRecord(wfdbOf([...channels, ["ABP", "mmHg", [90]]], { requestedLeads: ["ABP"] }), info),
    ).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: "d/x.hea: expected voltage leads among I, II, V1, got ABP",
      }),
    );
  });

  it("gives each name once when two channels mean one lead", () => {
    const record = toEcgRecord(
      wfdbOf([
        ["ECG", "mV", [1]],
        ["II", "mV", [2]],
        ["MLII", "mV", [3]],
        ["ECG", "mV", [4]],
        ["II", "mV", [5]],
      ]),
      info,
    );
    expect(rowsOf(record)).toEqual({ II: [2], ECG: [1], MLII: [3], "ECG (2)": [4], "II (2)": [5] });
  });

  it("carries over what caller and file say", () => {
    const wfdb = wfdbOf([["I", "mV", [0, 1]]], {
      acquiredAt: "2003-01-02T08:00:01",
      window: { startSample: 5, endSample: 7 },
      leftOut: ["V9: not asked for"],
    });
    const statement = {
      code: { system: "scp", value: "NORM" },
      name: "normal ECG",
      dimensions: ["diagnosis"],
      likelihood: 100,
    } as const;
    const said = {
      ...info,
      format: "ludb",
      patient: { ageYears: 51, sex: "female" },
      statements: [statement],
      sourceLabels: [{ system: "text", code: "Rhythm: Sinus bradycardia", likelihood: null }],
      labelScope: ["scp:NORM"],
      reportText: "normal",
    } as const;
    expect(toEcgRecord(wfdb, said)).toMatchObject({
      acquiredAt: "2003-01-02T08:00:01",
      patient: said.patient,
      statements: said.statements,
      sourceLabels: said.sourceLabels,
      labelScope: said.labelScope,
      reportText: "normal",
      identity: info.identity,
      provenance: {
        format: "ludb",
        window: { startSample: 5, endSample: 7 },
        leftOut: ["V9: not asked for"],
      },
    });
    expect(toEcgRecord(wfdb, { ...info, acquiredAt: "1999-01-01" }).acquiredAt).toBe("1999-01-01");
  });

  it("refuses a record without a voltage", () => {
    expect(() => toEcgRecord(wfdbOf([["ABP", "mmHg", [90]]]), info)).toThrow(
      expect.objectContaining({
        code: "INVALID_SIGNAL",
        message: "d/x.hea: expected a channel in mV, uV or V, found ABP in mmHg",
      }),
    );
    expect(() => toEcgRecord(wfdbOf([]), info)).toThrow(/found none/);
  });
});

describe("millivoltsPerUnit", () => {
  it.each([
    ["mV", 1],
    ["mv", 1],
    ["millivolts", 1],
    ["uV", 1e-3],
    ["\u00B5V", 1e-3],
    ["\u03BCV", 1e-3],
    ["nV", 1e-6],
    ["V", 1e3],
    [" Volts ", 1e3],
    ["NU", undefined],
    ["mmHg", undefined],
    ["mV/s", undefined],
    ["", undefined],
  ])("%j: %s", (unit, millivolts) => {
    expect(millivoltsPerUnit(unit)).toBe(millivolts);
  });
});
