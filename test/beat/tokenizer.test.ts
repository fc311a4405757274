import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBeat } from "../../src/beat/beat-checkpoint.ts";
import { parseBeatCodes } from "../../src/beat/beat-codes.ts";
import { sliceWindows } from "../../src/beat/slice-windows.ts";
import { type BeatTokenizer, createBeatTokenizer, loadBeat } from "../../src/beat/tokenizer.ts";
import { leadSamples, sliceSamples } from "../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { beatingSignal, recordOf, TINY_BEAT, tinyStore } from "./tiny-beat.ts";

const { inputSamples, queryCount, codebookSize, dimension } = TINY_BEAT;
const prepared = { prepared: true };

let beat: BeatTokenizer;
beforeAll(async () => {
  beat = createBeatTokenizer(TINY_BEAT, tinyStore(), { runtime: await testRuntime() });
});
afterAll(() => beat.dispose());

describe("sliceWindows", () => {
  it.each([
    [0, []],
    [1, [[-199, 1]]],
    [200, [[0, 200]]],
    [
      450,
      [
        [-150, 50],
        [50, 250],
        [250, 450],
      ],
    ],
  ])("of %i samples goes from right to left, the first padded", (count, expected) => {
    const found = sliceWindows(count, TINY_BEAT).map(({ startSample, endSample }) => [
      startSample,
      endSample,
    ]);
    expect(found).toEqual(expected);
  });
});

describe("encode", () => {
  it("gives pairs of codes for every window with the means and SDs in mV", async () => {
    const signal = beatingSignal(450);
    const segments = await beat.encode(recordOf(signal), prepared);
    expect(segments.map(({ window }) => window.startSample)).toEqual([-150, 50, 250]);
    for (const { core, residual, vectors } of segments) {
      expect([core.length, residual.length, vectors.length]).toEqual([
        queryCount,
        queryCount,
        queryCount * dimension,
      ]);
      expect([...core, ...residual].every((code) => code >= 0 && code < codebookSize)).toBe(true);
    }
    const last = leadSamples(signal, 7).subarray(250);
    expect(segments[2]!.leadMeanMv![7]).toBeCloseTo(last.reduce((sum, x) => sum + x, 0) / inputSamples, 5);
  });

  it("does not change when the signal is scaled and shifted: the numbers go to means and SDs", async () => {
    const signal = beatingSignal(inputSamples);
    const scaled = { ...signal, data: signal.data.map((x) => 4 * x + 3) };
    const [a] = await beat.encode(recordOf(signal), prepared);
    const [b] = await beat.encode(recordOf(scaled), prepared);
    expect(b!.core).toEqual(a!.core);
    expect(b!.leadSdMv![2]! / a!.leadSdMv![2]!).toBeCloseTo(4, 4);
  });

  it("gives the same codes for many segments as one by one", async () => {
    const signal = beatingSignal(10 * inputSamples);
    const together = await beat.encode(recordOf(signal), prepared);
    expect(together).toHaveLength(10);
    for (const at of [0, 7, 9]) {
      const part = sliceSamples(signal, at * inputSamples, (at + 1) * inputSamples);
      const [alone] = await beat.encode(recordOf(part), prepared);
      expect([together[at]!.core, together[at]!.residual]).toEqual([alone!.core, alone!.residual]);
    }
  });

  it("takes any leads, in any order; missing ones are zero inside and NaN in the means", async () => {
    const signal = beatingSignal(inputSamples);
    const order = [6, 0, 1];
    const few = { data: new Float32Array(3 * inputSamples), leadCount: 3, sampleCount: inputSamples };
    for (const [row, lead] of order.entries()) leadSamples(few, row).set(leadSamples(signal, lead));
    const leads = order.map((lead) => STANDARD_LEADS[lead]!);
    const [found] = await beat.encode(recordOf(few, { leads }), prepared);
    const masked = { ...signal, data: signal.data.slice() };
    for (let lead = 0; lead < 12; lead++)
      if (!order.includes(lead)) leadSamples(masked, lead).fill(Number.NaN);
    const [wanted] = await beat.encode(recordOf(masked), prepared);
    expect(found!.core).toEqual(wanted!.core);
    expect(found!.leadMeanMv!.map(Number.isNaN)).toEqual(
      STANDARD_LEADS.map((_, lead) => !order.includes(lead)),
    );
  });

  it("resamples and cleans what is not prepared, and refuses a wrong rate said to be prepared", async () => {
    const fast = recordOf(beatingSignal(1000, { cycle: 200 }), { samplingRateHz: 250 });
    const segments = await beat.encode(fast);
    expect(segments.map(({ window }) => window.endSample)).toEqual([200]);
    expect(segments[0]!.leadMeanMv!.every((mean) => Math.abs(mean) < 0.05)).toBe(true); // baseline is gone
    await expect(beat.encode(fast, prepared)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("50 Hz, got 250 Hz"),
    });
  });

  it("keeps no voltages of z-scores", async () => {
    const [segment] = await beat.encode(recordOf(beatingSignal(inputSamples), { unit: "z" }), prepared);
    expect([segment!.leadMeanMv, segment!.leadSdMv]).toEqual([undefined, undefined]);
  });

  it("of an empty record is no segment", async () => {
    expect(await beat.encode(recordOf(beatingSignal(0)), prepared)).toEqual([]);
  });
});

describe("decode", () => {
  it("gives the windows side by side in mV: z-scores times SD plus mean", async () => {
    const segments = await beat.encode(recordOf(beatingSignal(450)), prepared);
    const inMv = await beat.decode(segments);
    expect([inMv.unit, inMv.startSample, inMv.signal.sampleCount]).toEqual(["mV", 0, 450]);
    const bare = segments.map(({ core, residual, window }) => ({ core, residual, window }));
    const inZ = await beat.decode(bare);
    expect(inZ.unit).toBe("z");
    for (const [lead, t] of [
      [0, 10],
      [4, 100],
      [11, 440],
    ] as const) {
      const segment = segments.find(({ window }) => t >= window.startSample && t < window.endSample)!;
      const wanted =
        leadSamples(inZ.signal, lead)[t]! * segment.leadSdMv![lead]! + segment.leadMeanMv![lead]!;
      expect(leadSamples(inMv.signal, lead)[t]).toBeCloseTo(wanted, 5);
    }
  });

  it("survives JSON, with missing leads as NaN and flat ones as their mean", async () => {
    const signal = beatingSignal(inputSamples);
    leadSamples(signal, 2).fill(Number.NaN);
    leadSamples(signal, 5).fill(0.25);
    const segments = await beat.encode(recordOf(signal), prepared);
    const text = JSON.stringify(segments.map(({ vectors: _vectors, ...codes }) => codes));
    const decoded = await beat.decode(parseBeatCodes(JSON.parse(text), "codes"));
    expect(leadSamples(decoded.signal, 2).every(Number.isNaN)).toBe(true);
    expect(leadSamples(decoded.signal, 5)).toBeAllClose(new Array(inputSamples).fill(0.25), { atol: 1e-6 });
    expect(decoded.signal.data).toBeAllClose((await beat.decode(segments)).signal.data, { atol: 1e-6 });
  });

  it("refuses codes that the model cannot have made", async () => {
    const [segment] = await beat.encode(recordOf(beatingSignal(inputSamples)), prepared);
    await expect(
      beat.decode([{ ...segment!, core: segment!.core.with(2, codebookSize) }]),
    ).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: `decode: segment 0: expected codes from 0 to ${codebookSize - 1}, got ${codebookSize}`,
    });
    await expect(beat.decode([{ ...segment!, residual: [] }])).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: expect.stringContaining(`residual codes: expected ${queryCount}, got 0`),
    });
  });

  it("of nothing is nothing", async () => {
    expect((await beat.decode([])).signal.sampleCount).toBe(0);
  });
});

describe("forecast", () => {
  it("has any asked length, in mV, and a longer one goes on from a shorter one", async () => {
    const record = recordOf(beatingSignal(450));
    const short = await beat.forecast(record, 2, prepared);
    const long = await beat.forecast(record, 5.5, prepared);
    expect([short.unit, short.startSample, short.signal.sampleCount]).toEqual(["mV", 450, 100]);
    expect(long.signal.sampleCount).toBe(275);
    expect(long.signal.data.every(Number.isFinite)).toBe(true);
    for (let lead = 0; lead < 12; lead++) {
      expect([...leadSamples(long.signal, lead).subarray(0, 100)]).toEqual([
        ...leadSamples(short.signal, lead),
      ]);
    }
  });

  it("slides by what it predicted: the second round sees the first one's samples as input", async () => {
    const signal = beatingSignal(450);
    const first = await beat.forecast(recordOf(signal), 2, prepared);
    const longer = { ...signal, data: new Float32Array(12 * 550), sampleCount: 550 };
    for (let lead = 0; lead < 12; lead++) {
      leadSamples(longer, lead).set(leadSamples(signal, lead));
      leadSamples(longer, lead).set(leadSamples(first.signal, lead), 450);
    }
    const second = await beat.forecast(recordOf(longer), 2, prepared);
    const both = await beat.forecast(recordOf(signal), 4, prepared);
    expect(leadSamples(both.signal, 3).subarray(100)).toBeAllClose(leadSamples(second.signal, 3), {
      atol: 1e-6,
    });
  });

  it("scales with the voltages", async () => {
    const signal = beatingSignal(300);
    const scaled = { ...signal, data: signal.data.map((x) => 2 * x + 1) };
    const a = await beat.forecast(recordOf(signal), 2, prepared);
    const b = await beat.forecast(recordOf(scaled), 2, prepared);
    expect(b.signal.data).toBeAllClose(
      a.signal.data.map((x) => 2 * x + 1),
      { atol: 1e-4 },
    );
  });

  it("leaves missing leads missing, and takes a record shorter than a window", async () => {
    const signal = beatingSignal(90);
    leadSamples(signal, 1).fill(Number.NaN);
    const { signal: found } = await beat.forecast(recordOf(signal), 3, prepared);
    expect(leadSamples(found, 1).every(Number.isNaN)).toBe(true);
    expect(leadSamples(found, 0).every(Number.isFinite)).toBe(true);
  });

  it("refuses no time and no samples", async () => {
    await expect(beat.forecast(recordOf(beatingSignal(90)), 0)).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
    await expect(beat.forecast(recordOf(beatingSignal(0)), 1, prepared)).rejects.toMatchObject({
      code: "INVALID_SIGNAL",
    });
  });
});

describe("loadBeat", () => {
  it("reads what encodeBeat wrote: the same codes, and nearly the same with half the bytes", async () => {
    const runtime = await testRuntime();
    const record = recordOf(beatingSignal(inputSamples));
    const [wanted] = await beat.encode(record, prepared);
    for (const dtype of ["F32", "F16"] as const) {
      const { model, config } = encodeBeat(TINY_BEAT, tinyStore(), { dtype });
      const files = createMemoryFileStore({ "m/model.safetensors": model, "m/config.json": config });
      const loaded = await loadBeat("m", runtime, { files });
      expect(loaded.config).toEqual(TINY_BEAT);
      const [found] = await loaded.encode(record, prepared);
      const same = found!.core.filter((code, index) => code === wanted!.core[index]).length;
      expect(same).toBeGreaterThanOrEqual(dtype === "F32" ? queryCount : queryCount - 2);
      await loaded.dispose();
    }
  });

  it("names the tensor that does not fit, with expected and found shape", async () => {
    const { model } = encodeBeat(TINY_BEAT, tinyStore());
    const other = { ...TINY_BEAT, codebookSize: 32 };
    const { config } = encodeBeat(other, tinyStore(other));
    const files = createMemoryFileStore({ "m/model.safetensors": model, "m/config.json": config });
    await expect(loadBeat("m", await testRuntime(), { files })).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: expect.stringMatching(/codebook\.core.*\(32, 16\).*\(16, 16\)/),
    });
  });

  it("refuses a folder of another model", async () => {
    const files = createMemoryFileStore({ "m/config.json": '{"model_type": "qwen2"}' });
    await expect(loadBeat("m", await testRuntime(), { files })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("expected model_type heartcare-beat, found qwen2"),
    });
  });
});
