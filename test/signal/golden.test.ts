// Signal preprocessing against scipy and NeuroKit2 on real recordings (reference outputs of ../shared).
import { describe, expect, it } from "vitest";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { cleanRecord } from "../../src/signal/clean-record.ts";
import { resampleRecord } from "../../src/signal/resample-record.ts";
import { selectBestWindow } from "../../src/signal/select-window.ts";
import { goldenCases, readGolden, recordOf } from "./read-golden.ts";

describe.skipIf(goldenCases.length === 0)("reference outputs of ../shared/golden/signal", () => {
  it.each(goldenCases)("%s", (name) => {
    const golden = readGolden(name);
    const { expected } = golden;
    const names = golden.leads.map((lead) => lead.name);
    const samples = golden.leads.map((lead) => lead.samplesMv);
    const record = recordOf(names, samples, golden.samplingRateHz);
    const result = cleanRecord(record, { toHz: expected.target_hz });

    expect(result.resampled.signal.data).toBeAllClose(golden.resampled, { atol: 1e-6 }); // mV
    expect(resampleRecord(record, { toHz: expected.target_hz }).signal.data).toEqual(
      result.resampled.signal.data,
    );
    expect(result.cleaned.signal.data).toBeAllClose(golden.cleaned, { atol: 1e-6 }); // mV
    expect(result.quality.data).toBeAllClose(golden.quality, { atol: 1e-5 });
    expect(result.peaks.map((peaks) => [...peaks])).toEqual(
      names.map((lead) => expected.leads[lead]!.rpeaks),
    );

    for (const [index, lead] of names.entries()) {
      const { best_window_start, best_window_mean } = expected.leads[lead]!;
      const quality = {
        data: leadSamples(result.quality, index),
        leadCount: 1,
        sampleCount: expected.samples,
      };
      const window = selectBestWindow(quality, expected.window_samples);
      expect(window.chosenBy).toBe(best_window_start === undefined ? "centre" : "quality");
      if (best_window_start === undefined || best_window_mean === undefined) continue;
      expect(window.startSample).toBe(best_window_start);
      expect(window.meanQuality).toBeCloseTo(best_window_mean, 6);
    }
    const failed = names.filter((lead) => expected.leads[lead]!.best_window_start === undefined);
    expect(result.failures.map((failure) => failure.lead)).toEqual(failed);
  });
});
