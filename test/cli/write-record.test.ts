import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeRecord } from "../../src/cli/write-record.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";

const folder = mkdtempSync(join(tmpdir(), "heartcare-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("writeRecord", () => {
  const made = synthesizeEcg({ seed: 3, samplingRateHz: 100, durationSeconds: 10 });
  const scored = { ...made, provenance: { ...made.provenance, amplitudeUnit: "z" as const } };

  it.each([
    ["mV", made],
    ["SD", scored],
  ] as const)("names the unit: %s", async (unit, record) => {
    const [csv] = await writeRecord({ ...record, id: unit }, "csv", folder);
    expect(readFileSync(csv!, "utf8").split("\n")[0]).toMatch(new RegExp(`^time \\(s\\),I \\(${unit}\\),II`));
    const [, json] = await writeRecord({ ...record, id: unit }, "npy", folder);
    expect(JSON.parse(readFileSync(json!, "utf8"))).toMatchObject({ samplingRateHz: 100, unit });
  });
});
