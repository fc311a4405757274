// The plan of comparisons: who is compared with whom, and balance of the answers.
import { describe, expect, it } from "vitest";
import { planComparisons } from "../../src/qa/plan/plan-comparisons.ts";
import { planPairs } from "../../src/qa/plan/plan-pairs.ts";
import { createRng } from "../../src/shared/rng.ts";
import { labelWorld } from "./label-world.ts";

const world = labelWorld(240, 9).map((record, index) => ({
  ...record,
  // Both recordings of a patient (index 3 and 4 of five) share a split.
  split: Math.floor(index / 5) % 6 === 5 ? "test" : "train",
}));
const byId = new Map(world.map((record) => [record.recordId, record]));

describe("planPairs", () => {
  const pairs = planPairs(world, { seed: 7 });

  it("pairs neighbours in time of one patient, and different patients otherwise, within a split", () => {
    const consecutive = pairs.filter((pair) => pair.relation === "consecutive");
    expect(consecutive).toHaveLength(48);
    for (const { first, second } of consecutive) {
      expect(first.patientId).toBe(second.patientId);
      expect((first.acquiredAt ?? "") <= (second.acquiredAt ?? "")).toBe(true);
    }
    const irrelevant = pairs.filter((pair) => pair.relation === "irrelevant");
    expect(irrelevant.length).toBeGreaterThan(300);
    for (const { first, second } of irrelevant) expect(first.patientId).not.toBe(second.patientId);
    for (const { first, second } of pairs) expect(first.split).toBe(second.split);
  });

  it("names each pair once", () => {
    const names = pairs.map(({ first, second }) => [first.recordId, second.recordId].sort().join("+"));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("planComparisons", () => {
  const plan = planComparisons(world, { seed: 7 });

  it("asks how a finding changed equally often for each of the four answers", () => {
    const cells = new Map<string, Map<string, number>>();
    for (const pair of plan.pairs) {
      for (const question of pair.questions) {
        if (question.kind !== "change") continue;
        const split = byId.get(pair.firstId)?.split;
        const name = [split, pair.relation, question.modalities, question.dimension, question.key].join("|");
        const counts = cells.get(name) ?? new Map<string, number>();
        counts.set(question.cell, (counts.get(question.cell) ?? 0) + 1);
        cells.set(name, counts);
      }
    }
    expect(cells.size).toBeGreaterThan(20);
    for (const [name, counts] of cells) {
      expect(counts.size, name).toBe(4);
      expect(new Set(counts.values()).size, name).toBe(1);
    }
  });

  it("asks which finding differs with every option right as often as any other of its set", () => {
    const sets = new Map<string, Map<string, number>>();
    for (const pair of plan.pairs) {
      for (const question of pair.questions) {
        if (question.kind !== "which") continue;
        const options = [question.right, ...question.wrong].sort().join("+");
        const split = byId.get(pair.firstId)?.split;
        const name = [split, pair.relation, question.modalities, question.form, options].join("|");
        const counts = sets.get(name) ?? new Map<string, number>();
        counts.set(question.right, (counts.get(question.right) ?? 0) + 1);
        sets.set(name, counts);
      }
    }
    expect(sets.size).toBeGreaterThan(20);
    for (const [name, counts] of sets) {
      expect(counts.size, name).toBe(4);
      expect(new Set(counts.values()).size, name).toBe(1);
    }
  });

  it("does so within each age band of the recording that is asked about: its age does not tell", () => {
    const band = (years = 0): number => [40, 60, 75].filter((limit) => years >= limit).length;
    const sets = new Map<string, Map<string, number>>();
    for (const pair of plan.pairs) {
      for (const question of pair.questions) {
        if (question.kind !== "which") continue;
        const asked = byId.get(question.form === "which-new" ? pair.secondId : pair.firstId)!;
        const options = [question.right, ...question.wrong].sort().join("+");
        const age = band(asked.patient.ageYears);
        const name = [asked.split, pair.relation, question.modalities, question.form, options, age].join("|");
        const counts = sets.get(name) ?? new Map<string, number>();
        counts.set(question.right, (counts.get(question.right) ?? 0) + 1);
        sets.set(name, counts);
      }
    }
    expect(sets.size).toBeGreaterThan(20);
    for (const [name, counts] of sets) {
      expect(counts.size, name).toBe(4);
      expect(new Set(counts.values()).size, name).toBe(1);
    }
  });

  it("spreads letters and modalities evenly", () => {
    const questions = plan.pairs.flatMap((pair) => pair.questions);
    expect(questions).toHaveLength(plan.changeCount + plan.whichCount);
    for (const modalities of ["S-S", "I-I", "S-I"]) {
      expect(questions.filter((question) => question.modalities === modalities)).toHaveLength(
        questions.length / 3,
      );
    }
    const letters = [0, 1, 2, 3].map((place) => questions.filter((q) => q.place === place).length);
    expect(Math.max(...letters) - Math.min(...letters)).toBeLessThanOrEqual(1);
  });

  it("does not depend on the order of the records", () => {
    const text = (value: typeof plan) => value.pairs.map((pair) => JSON.stringify(pair)).sort();
    expect(text(planComparisons(createRng(2).shuffle(world), { seed: 7 }))).toEqual(text(plan));
  });
});
