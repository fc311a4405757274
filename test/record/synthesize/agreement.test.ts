// The generator's truth against the suite's own measurements, which know nothing of it.
import { describe, expect, it } from "vitest";
import { type SyntheticFinding, synthesizeEcgWithTruth } from "../../../src/record/synthesize-ecg.ts";
import { measureIntervals } from "../../../src/signal/measure/measure-intervals.ts";
import { mean } from "./measure-samples.ts";

/** Mean of measured minus true over some seeds. */
function bias(
  findings: SyntheticFinding[],
  seeds: readonly number[],
): { hr: number; pr: number; qrs: number; qt: number } {
  const differences = seeds.map((seed) => {
    const { record, truth } = synthesizeEcgWithTruth({
      seed,
      samplingRateHz: 500,
      durationSeconds: 10,
      findings,
      ambientNoiseMv: 0.005,
    });
    const measured = measureIntervals(record);
    const { intervals } = truth;
    return {
      hr: measured.heartRateBpm! - intervals.heartRateBpm!,
      pr: (measured.prMs ?? 0) - (intervals.prMs ?? 0),
      qrs: measured.qrsMs! - intervals.qrsMs,
      qt: measured.qtMs! - intervals.qtMs,
    };
  });
  return {
    hr: mean(differences.map(({ hr }) => hr)),
    pr: mean(differences.map(({ pr }) => pr)),
    qrs: mean(differences.map(({ qrs }) => qrs)),
    qt: mean(differences.map(({ qt }) => qt)),
  };
}

describe("truth and measurement", () => {
  it.each([
    [["SR"], 5, 8],
    [["CRBBB"], 14, 14],
    [["CLBBB"], 16, 14],
    [["1AVB", "LVH:voltage"], 10, 12],
  ] as const)("agree on rate, PR, QRS and QT: %s", (findings, qrsMs, qtMs) => {
    const { hr, pr, qrs, qt } = bias([...findings], [1, 2, 3]);
    expect(Math.abs(hr)).toBeLessThan(0.6);
    expect(Math.abs(pr)).toBeLessThan(12);
    expect(Math.abs(qrs)).toBeLessThan(qrsMs);
    expect(Math.abs(qt)).toBeLessThan(qtMs);
  });
});
