// Synthetic patients: repeatable, labelled, and some with several recordings.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { planSyntheticPatients } from "../../../src/sources/synthetic/plan-synthetic-patients.ts";
import { openSyntheticSource, parseSyntheticPath } from "../../../src/sources/synthetic/synthetic-source.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";

const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");
const [first] = planSyntheticPatients(1, 7);
const whole = synthesizeEcg({
  seed: first!.id,
  patient: { seed: first!.patientId },
  samplingRateHz: 500,
  durationSeconds: 10,
  findings: first!.findings,
  noises: first!.noises,
  ambientNoiseMv: 0.005,
});

describeSourceContract("synthetic", {
  open: async () => openSyntheticSource({ count: 5, seed: 7 }),
  expected: {
    id: first!.id,
    format: "synthetic",
    recordingId: `synthetic:${first!.id}`,
    patientId: first!.patientId,
    patientKnown: true,
    samplingRateHz: 500,
    leads: CANONICAL,
    sampleCount: 5000,
    firstSamples: { I: [...whole.signal.data.subarray(0, 5)] },
    atol: 0,
    missing: "a synthetic recording has every sample",
  },
  broken: "a synthetic recording cannot be broken",
});

describe("planSyntheticPatients", () => {
  const plans = planSyntheticPatients(600, 3);

  it("gives the beginning of the same list for a smaller count, another list for another seed", () => {
    expect(planSyntheticPatients(40, 3)).toEqual(plans.slice(0, 40));
    expect(planSyntheticPatients(40, 4).map(({ findings }) => findings)).not.toEqual(
      plans.slice(0, 40).map(({ findings }) => findings),
    );
  });

  it("plans the 300 recordings that heartcare-nano was trained on as it did then", () => {
    const trainedOn = planSyntheticPatients(300, 1);
    expect(new Set(trainedOn.map(({ patientId }) => patientId)).size).toBe(180);
    expect(trainedOn[299]).toEqual({
      id: "1-p0179-2",
      patientId: "synthetic:1-p0179",
      findings: ["PACE"],
      noises: [],
      acquiredAt: "2022-10-18T14:05:00",
    });
    expect(createHash("sha256").update(JSON.stringify(trainedOn)).digest("hex")).toBe(
      "7cde4ab7a505b4bee31764d3dab063f010bb0300f6800dc758293d7ec1e6d3fc",
    );
  });

  it("gives half of the patients several recordings, later ones with later dates and some with other findings", () => {
    const patients = [...new Set(plans.map(({ patientId }) => patientId))];
    const groups = patients.map((patient) => plans.filter(({ patientId }) => patientId === patient));
    const several = groups.filter((group) => group.length > 1);
    expect(several.length / groups.length).toBeGreaterThan(0.4);
    expect(several.length / groups.length).toBeLessThan(0.6);
    for (const group of several) {
      const dates = group.map(({ acquiredAt }) => acquiredAt);
      expect(dates).toEqual([...dates].sort());
      expect(new Set(dates).size).toBe(dates.length);
    }
    const changed = several.filter((group) => new Set(group.map(({ findings }) => findings.join())).size > 1);
    expect(changed.length).toBeGreaterThan(several.length / 4);
  });

  it("shows every scenario that a heart can have, normal ones most often", () => {
    const kinds = new Map<string, number>();
    for (const { findings } of plans) kinds.set(findings.join("+"), (kinds.get(findings.join("+")) ?? 0) + 1);
    expect(kinds.size).toBeGreaterThanOrEqual(30);
    expect(Math.max(...kinds.values())).toBe(kinds.get(""));
  });
});

describe("openSyntheticSource", () => {
  it("can synthesize every planned scenario", async () => {
    const source = openSyntheticSource({ count: 600, seed: 3, samplingRateHz: 100, durationSeconds: 3 });
    const findingsOf = new Map(
      planSyntheticPatients(600, 3).map(({ id, findings }) => [id, findings.join("+")]),
    );
    const one = new Map((await source.list()).map((reference) => [findingsOf.get(reference.id), reference]));
    expect(one.size).toBeGreaterThanOrEqual(30);
    for (const reference of one.values()) {
      const record = await source.read(reference);
      expect(record.statements.length, reference.id).toBeGreaterThan(0);
      expect(record.signal.sampleCount).toBe(300);
    }
  });

  it("keeps the patient over several recordings", async () => {
    const source = openSyntheticSource({ count: 60, seed: 1, samplingRateHz: 100, durationSeconds: 2 });
    const seen = new Map<string, { age: number | undefined; sex: string | undefined }>();
    for (const reference of await source.list()) {
      const { identity, patient } = await source.read(reference);
      const before = seen.get(identity.patientId);
      if (before) expect({ age: patient.ageYears, sex: patient.sex }).toEqual(before);
      seen.set(identity.patientId, { age: patient.ageYears, sex: patient.sex });
    }
    expect(seen.size).toBeLessThan(60);
  });

  it("refuses counts and paths that say nothing", () => {
    expect(() => openSyntheticSource({ count: 0, seed: 1 })).toThrowError(
      /expected a count from 1 to 100000, got 0/,
    );
    expect(parseSyntheticPath("synthetic:20:7")).toEqual({ count: 20, seed: "7" });
    expect(parseSyntheticPath("synthetic:20")).toEqual({ count: 20, seed: 1 });
    expect(() => parseSyntheticPath("synthetic:many")).toThrowError(/expected synthetic:<count>\[:<seed>\]/);
  });
});
