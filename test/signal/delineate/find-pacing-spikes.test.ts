// Pacemaker spikes: found where they are, not where a narrow QRS complex is.
import { describe, expect, it } from "vitest";
import { bridgeSpikes, findPacingSpikes } from "../../../src/signal/delineate/find-pacing-spikes.ts";
import { makeLead, NORMAL_BEAT, regularTimes } from "./synthetic-beats.ts";

const RATE = 500;
const beats = regularTimes(0.8, 0.8, 6).map((at) => ({ at, beat: NORMAL_BEAT }));
const lead = makeLead(beats, { samplingRateHz: RATE, seconds: 6 });

describe("findPacingSpikes", () => {
  it("finds a spike of 2 ms before each of two beats", () => {
    const paced = lead.slice();
    paced[340] = 0.9;
    paced[740] = 0.9;
    expect(findPacingSpikes([paced, paced])).toEqual([
      { start: 339, end: 343 },
      { start: 739, end: 743 },
    ]);
  });
  it("finds both edges of a broad stimulus", () => {
    const paced = lead.slice();
    for (let i = 340; i < 353; i++) paced[i]! += 0.6;
    expect(findPacingSpikes([paced])).toEqual([{ start: 339, end: 355 }]);
  });
  it("finds none in steep, narrow complexes", () => {
    const steep = lead.map((value) => 3 * value);
    expect(findPacingSpikes([lead, steep])).toEqual([]);
    expect(findPacingSpikes([])).toEqual([]);
  });
});

describe("bridgeSpikes", () => {
  it("draws a straight line from the sample before the spike to the one after it", () => {
    const bridged = bridgeSpikes(Float64Array.of(0, 1, 9, 9, 4, 5), [{ start: 2, end: 4 }]);
    expect([...bridged]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
