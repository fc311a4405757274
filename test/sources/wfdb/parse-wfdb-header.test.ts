import { describe, expect, it } from "vitest";
import { parseWfdbHeader } from "../../../src/sources/wfdb/parse-wfdb-header.ts";

const parse = (text: string) => parseWfdbHeader(text, "x.hea");
const signalOf = (line: string) => parse(`x 1 250\n${line}`).signals[0];

describe("record line", () => {
  it("reads every field", () => {
    expect(parse("rec_1-a 0 360/24000(1.5) 650000 12:34:56.789 25/12/1985\n")).toEqual({
      name: "rec_1-a",
      signalCount: 0,
      samplingRateHz: 360,
      counterRateHz: 24000,
      baseCounter: 1.5,
      sampleCount: 650000,
      baseTime: "12:34:56.789",
      baseDate: "1985-12-25",
      signals: [],
      comments: [],
    });
  });

  it.each([
    ["x 0", { samplingRateHz: 250 }],
    ["x 0 0", { samplingRateHz: 250 }],
    ["x 0 62.4725/999.56 14400", { samplingRateHz: 62.4725, counterRateHz: 999.56, sampleCount: 14400 }],
    ["x 0 0.0166666666667/125 1  1:56:25.894 09/10/2896", { sampleCount: 1, baseTime: "01:56:25.894" }],
    ["x 0 1e3 7", { samplingRateHz: 1000, sampleCount: 7 }],
    ["x 0 500 5000 12-May-2020 12:33:59", { baseDate: "2020-05-12", baseTime: "12:33:59" }],
    ["x 0 500 5000 05:05:15 08/05/2014 ", { baseDate: "2014-05-08", baseTime: "05:05:15" }],
    ["x 0 500 5000 2020-05-12 7:08", { baseDate: "2020-05-12", baseTime: "00:07:08" }],
    [
      "x 0 500 5000.0 2020-05-12T07:08:09.25",
      { sampleCount: 5000, baseDate: "2020-05-12", baseTime: "07:08:09.25" },
    ],
    ["x\t0\t500\t10", { name: "x", sampleCount: 10 }],
    ["E00015.mat 0 500 10", { name: "E00015.mat" }],
  ])("understands %j", (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it.each([
    ["x 0 500 10 yesterday", ["yesterday"]],
    ["x 0 500 10 25:00:00 31/13/2020", ["25:00:00", "31/13/2020"]],
    ["x 0 500 10 10:00:00 1/2/03 UTC", ["1/2/03", "UTC"]],
  ])("keeps what it cannot read in %j", (line, unread) => {
    expect(parse(line)).toMatchObject({ sampleCount: 10, unread });
    expect(parse(line)).not.toHaveProperty("baseDate");
  });

  it("leaves out a length of 0, which means unknown", () => {
    expect(parse("x 0 500 0")).not.toHaveProperty("sampleCount");
    expect(parse("x 0 500")).not.toHaveProperty("sampleCount");
  });

  it.each([
    ["x", /expected record line .*found "x"/],
    ["x two 500", /found "x two 500"/],
    ["x 0 fast", /expected a sampling rate .*found "fast"/],
    ["x 0 -5", /found "-5"/],
    ["# only a comment\n\n", /expected a record line, found no line/],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) }),
    );
  });
});

describe("signal lines", () => {
  it("read every field", () => {
    expect(
      signalOf("100.dat 212x4:3+24 200.5(1024)/uV 11 1000 995 -22131 512 ECG lead II, filtered"),
    ).toEqual({
      fileName: "100.dat",
      format: 212,
      samplesPerFrame: 4,
      skewFrames: 3,
      byteOffset: 24,
      gain: 200.5,
      baseline: 1024,
      unit: "uV",
      adcResolutionBits: 11,
      adcZero: 1000,
      initialValue: 995,
      checksum: -22131,
      blockSize: 512,
      name: "ECG lead II, filtered",
    });
  });

  it("take the format's defaults: gain 200, mV, baseline and first value = ADC zero", () => {
    expect(signalOf("x.dat 16")).toEqual({
      fileName: "x.dat",
      format: 16,
      samplesPerFrame: 1,
      skewFrames: 0,
      byteOffset: 0,
      gain: 200,
      baseline: 0,
      unit: "mV",
      adcZero: 0,
      initialValue: 0,
      name: "signal 0",
    });
    expect(signalOf("x.dat 16 0 12 -7")).toMatchObject({
      gain: 200,
      adcZero: -7,
      baseline: -7,
      initialValue: -7,
    });
    expect(signalOf("x.dat 16 100(5) 12 -7")).toMatchObject({ gain: 100, adcZero: -7, baseline: 5 });
  });

  it.each([
    ["a103l.mat 16+24 1.052e+04/mV 16 0 9127 -301 0 V", { gain: 10520, byteOffset: 24, name: "V" }],
    ["HR1.mat 16x1+24 1000/mv 16 0 1 2 0 aVR", { samplesPerFrame: 1, byteOffset: 24, unit: "mv" }],
    [
      "d.dat 16 30061.276794035417(-161790)/mV 16 0 -10581 64292 0 I",
      { gain: 30061.276794035417, baseline: -161790 },
    ],
    ["d.dat 16 2.4011e-11/nV", { gain: 2.4011e-11, unit: "nV" }],
    ["d.dat 16 10/1/min 16 0 5 5 0 RESP rate", { unit: "1/min", name: "RESP rate" }],
    ["d.dat 16 -50(3)/%", { gain: -50, unit: "%" }],
    ["d.dat 16 1000 12 0 -318 -31585 0 Resp. Imp.", { name: "Resp. Imp.", checksum: -31585 }],
    ["d.dat 16 1000/mV ECG 1", { gain: 1000, name: "ECG 1" }],
    ["d.dat 16 1000/mV 16 0 aVF", { adcZero: 0, name: "aVF" }],
    ["d.dat 16 Inferior lead", { gain: 200, name: "Inferior lead" }],
    ["d.dat 16 V5", { gain: 200, name: "V5" }],
    ["~ 0 255(-128)/NU 8 0 -128 0 0 PLETH", { fileName: "~", format: 0, name: "PLETH" }],
    ["d.dat 16 100/ 16 0 1 2 0 I", { gain: 100, unit: "mV", name: "I" }],
    ["d.dat 16 100()/uV 16 7 1 2 0 I", { gain: 100, baseline: 7, unit: "uV" }],
    ["d.dat 16 (3)/uV 16 7 1 2 0 I", { gain: 200, baseline: 3, unit: "uV" }],
    ["dir/d.dat 16 100(5.0)/mV", { fileName: "dir/d.dat", baseline: 5 }],
  ])("understand %j", (line, expected) => {
    expect(signalOf(line)).toMatchObject(expected);
  });

  it("refuse what is none, and a number that is not the promised one", () => {
    expect(() => signalOf("x.dat sixteen 200")).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", message: expect.stringContaining("signal line 0") }),
    );
    expect(() => signalOf("x.dat 16 nan/mV 16 0 0 0 0 I")).toThrow(/expected a finite gain in signal line 0/);
    expect(() => parse("x 2 250 10\nx.dat 16")).toThrow(
      expect.objectContaining({
        code: "INVALID_FILE",
        message: "x.hea: record line promises 2 signals, found 1 signal lines",
        details: { promised: 2, found: 1 },
      }),
    );
    expect(() => parse("x 1 250 10\nx.dat 16\nx.dat 16")).toThrow(/promises 1 signals, found 2/);
  });
});

describe("the text around", () => {
  it("may have CR LF, a byte order mark, blank lines, outer blanks and comments anywhere", () => {
    const header = parse(
      "\uFEFF# first \r\n  100 2 360 10  \r\n\r\n100.dat 16 200 11 1024 995 -22131 0 MLII  \r\n" +
        "## second\r\n\t100.dat 16 200 11 1024 1011 20052 0 V5\r\n#\r\n# 69 M 1085\r\n",
    );
    expect(header.signals.map((signal) => signal.name)).toEqual(["MLII", "V5"]);
    expect(header.comments).toEqual(["first", "second", "", "69 M 1085"]);
  });

  it("may have the line ends of old Macs", () => {
    expect(parse("x 1 250 10\rx.dat 16 200\r# c\r")).toMatchObject({ comments: ["c"], sampleCount: 10 });
  });
});

describe("segment lines", () => {
  it("are read, gaps and layouts included", () => {
    const header = parse("m/4 2 125 6000 8:26:04\nm_layout 0\n~ 1000\nm_0001 4000\nsub/m_0002 1000\n# c");
    expect(header).toMatchObject({ name: "m", signalCount: 2, sampleCount: 6000, baseTime: "08:26:04" });
    expect(header.segments).toEqual([
      { name: "m_layout", sampleCount: 0 },
      { name: "~", sampleCount: 1000 },
      { name: "m_0001", sampleCount: 4000 },
      { name: "sub/m_0002", sampleCount: 1000 },
    ]);
  });

  it("refuse a wrong number of them and a broken one", () => {
    expect(() => parse("m/3 2 125 10\na 5\nb 5")).toThrow(/promises 3 segments, found 2 segment lines/);
    expect(() => parse("m/1 2 125 10\na five")).toThrow(/segment line/);
  });
});
