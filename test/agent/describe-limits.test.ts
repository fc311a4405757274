import { describe, expect, it } from "vitest";
import { describeLimits } from "../../src/agent/describe-limits.ts";
import type { DatasetRecord } from "../../src/dataset/dataset-record.ts";

const record = (amplitudeUnit: "mV" | "z", gainMmPerMv: number, patientKnown = true): DatasetRecord =>
  ({
    identity: { recordingId: "r", patientId: "p", patientKnown },
    amplitudeUnit,
    files: {
      signal: "signals/r.npy",
      images: [
        { path: "images/r.png", layout: "3x4", dpi: 100, paperSpeedMmPerSecond: 25, gainMmPerMv, sha256: "" },
      ],
    },
  }) as unknown as DatasetRecord;

const imagesLine = (records: readonly DatasetRecord[]): string | undefined =>
  describeLimits(records).find((line) => line.startsWith("Images"));

describe("describeLimits", () => {
  it("names every scale that pages are drawn at", () => {
    expect(imagesLine([record("mV", 10), record("z", 2.5), record("mV", 10)])).toBe(
      "Images are rendered from the cleaned signals (3x4; 25 mm/s, 10 mm/mV and 2.5 mm/SD, 100 dpi, no paper noise), not scans of paper.",
    );
    expect(imagesLine([record("mV", 10)])).toContain("25 mm/s, 10 mm/mV, 100 dpi");
    expect(imagesLine([])).toBeUndefined();
  });

  it("says how many recordings have no voltages, and how many name no patient", () => {
    const limits = describeLimits([record("z", 2.5), record("mV", 10, false)]).join("\n");
    expect(limits).toContain("1 recordings are z-scored");
    expect(limits).toContain("1 recordings name no patient");
  });
});
