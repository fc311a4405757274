// Cohorts: ids, patients with several recordings, courses that change, the same list for the same seed.
import { describe, expect, it } from "vitest";
import { planCohort, synthesizeCohort } from "../../../src/record/synthesize-cohort.ts";
import { EcgError } from "../../../src/shared/errors.ts";

describe("planCohort", () => {
  const plans = planCohort(800, 5);
  const patients = [...new Set(plans.map(({ patientId }) => patientId))].map((id) =>
    plans.filter(({ patientId }) => patientId === id),
  );

  it("numbers recordings and patients, and begins the same for a smaller count", () => {
    expect(plans[0]).toMatchObject({ id: "synthetic:0001", patientId: "synthetic:patient-0001" });
    expect(plans[799]!.id).toBe("synthetic:0800");
    expect(new Set(plans.map(({ id }) => id)).size).toBe(800);
    expect(planCohort(37, 5)).toEqual(plans.slice(0, 37));
    expect(planCohort(37, 6)).not.toEqual(plans.slice(0, 37));
    expect(planCohort(0, 5)).toEqual([]);
  });

  it("has patients with one to three recordings at increasing dates, one sex, an age that follows", () => {
    const sizes = patients.map((recordings) => recordings.length);
    for (const size of [1, 2, 3]) {
      expect(sizes.filter((each) => each === size).length / sizes.length).toBeGreaterThan(0.1);
    }
    for (const recordings of patients) {
      const dates = recordings.map(({ acquiredAt }) => acquiredAt);
      expect([...new Set(dates)].sort()).toEqual(dates);
      expect(new Set(recordings.map(({ patient }) => patient.sex)).size).toBe(1);
      const ages = recordings.map(({ patient }) => patient.ageYears);
      expect(Math.max(...ages) - ages[0]!).toBeLessThanOrEqual(4);
      expect([...ages].sort((a, b) => a - b)).toEqual(ages);
    }
  });

  it("changes findings between most recordings of a patient, e.g. from acute to old infarction", () => {
    const several = patients.filter((recordings) => recordings.length > 1);
    const changed = several.filter(
      (recordings) => new Set(recordings.map(({ findings }) => findings.join())).size > 1,
    );
    expect(changed.length / several.length).toBeGreaterThan(0.35);
    const courses = several.map((recordings) =>
      recordings.map(({ findings }) => findings.join("+")).join(" > "),
    );
    expect(courses.some((course) => course.includes("STE_:inferior > QWAVE:inferior"))).toBe(true);
    expect(courses.some((course) => course.includes("STE_:anterior > QWAVE:anterior"))).toBe(true);
  });

  it("refuses a count that is none", () => {
    for (const count of [-1, 2.5, Number.NaN]) {
      expect(() => planCohort(count, 1)).toThrowError(EcgError);
      expect(() => planCohort(count, 1)).toThrowError(`got ${count}`);
    }
  });
});

describe("synthesizeCohort", () => {
  const cohort = synthesizeCohort({ count: 150, seed: 5, samplingRateHz: 100, durationSeconds: 10 });

  it("gives known patients with statements, reports and dates", () => {
    expect(cohort.length).toBe(150);
    for (const record of cohort) {
      expect(record.identity).toEqual({
        recordingId: record.id,
        patientId: record.patient.id,
        patientKnown: true,
      });
      expect(record.acquiredAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:00$/);
      expect(record.reportText!.length).toBeGreaterThan(30);
      expect(record.statements.length).toBeGreaterThan(0);
      expect(record.signal.sampleCount).toBe(1000);
    }
    expect(new Set(cohort.map(({ provenance }) => provenance.sha256)).size).toBe(150);
  });

  it("makes every statement of the scope in a few hundred recordings, normal ones most often", () => {
    const counts = new Map<string, number>();
    const more = synthesizeCohort({ count: 250, seed: 6, samplingRateHz: 50, durationSeconds: 4 });
    for (const { code } of [...cohort, ...more].flatMap(({ statements }) => statements)) {
      counts.set(code.value, (counts.get(code.value) ?? 0) + 1);
    }
    const wanted =
      "NORM SR SBRAD STACH SARRH AFIB AFLT PVC PAC BIGU PACE 1AVB 2AVB 3AVB CRBBB CLBBB LAFB LVH VCLVH LVOLT STE_ STD_ IMI AMI QWAVE INVT LNGQT";
    expect(wanted.split(" ").filter((code) => !counts.has(code))).toEqual([]);
    expect(counts.get("NORM")! / 400).toBeGreaterThan(0.25);
    expect(counts.get("NORM")! / 400).toBeLessThan(0.55);
  });
});
