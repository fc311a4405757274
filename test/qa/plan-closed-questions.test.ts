// The corpus plan of closed questions: balance, letters, independence of order.
import { describe, expect, it } from "vitest";
import { areRelated } from "../../src/labels/find-statement.ts";
import type { ChoiceQuestion, ClosedQuestion } from "../../src/qa/plan/closed-question.ts";
import { draftClosedQuestions, planClosedQuestions } from "../../src/qa/plan/plan-closed-questions.ts";
import { NO_WAVEFORM, recordFacts } from "../../src/qa/record-facts.ts";
import type { StatementKey } from "../../src/record/statement.ts";
import { createRng } from "../../src/shared/rng.ts";
import { labelWorld, qaRecord, statement } from "./label-world.ts";

const world = labelWorld(300, 5).map((record, index) => ({
  ...record,
  split: index % 10 < 8 ? "train" : "test",
}));
const plan = planClosedQuestions(world, { seed: 7 });
const all: [string, ClosedQuestion][] = [...plan.byRecord].flatMap(([id, questions]) =>
  questions.map((question): [string, ClosedQuestion] => [id, question]),
);
const splitOf = new Map(world.map((record) => [record.recordId, record.split]));

describe("planClosedQuestions", () => {
  it("asks each option set of each answer equally often, within split and modality", () => {
    const rights = new Map<string, Map<string, number>>();
    for (const [id, question] of all) {
      if (question.kind !== "choice") continue;
      const options = [question.right, ...question.wrong].sort().join("+");
      const name = [splitOf.get(id), question.modality, question.dimension, options].join("|");
      const counts = rights.get(name) ?? new Map<string, number>();
      counts.set(question.right, (counts.get(question.right) ?? 0) + 1);
      rights.set(name, counts);
    }
    expect(rights.size).toBeGreaterThan(20);
    for (const [name, counts] of rights) {
      expect(counts.size, name).toBe(4);
      expect(new Set(counts.values()).size, name).toBe(1);
    }
  });

  it("asks each pair of findings for both, either and neither equally often", () => {
    const cells = new Map<string, number[]>();
    const place = ["both", "only-first", "only-second", "neither"];
    for (const [id, question] of all) {
      if (question.kind !== "two-findings") continue;
      const name = [splitOf.get(id), question.modality, question.first, question.second].join("|");
      const counts = cells.get(name) ?? [0, 0, 0, 0];
      const at = place.indexOf(question.cell);
      counts[at] = (counts[at] ?? 0) + 1;
      cells.set(name, counts);
    }
    expect(cells.size).toBeGreaterThan(10);
    for (const [name, counts] of cells) expect(new Set(counts).size, name).toBe(1);
  });

  it("spreads the right letters evenly", () => {
    const letters = [0, 0, 0, 0];
    for (const [, question] of all) letters[question.place] = (letters[question.place] ?? 0) + 1;
    expect(all.length).toBeGreaterThan(400);
    expect(Math.max(...letters) - Math.min(...letters)).toBeLessThanOrEqual(1);
  });

  it("offers nothing that the labels could mean", () => {
    const byId = new Map(world.map((record) => [record.recordId, record]));
    for (const [id, question] of all) {
      if (question.kind !== "choice") continue;
      const record = byId.get(id);
      if (record === undefined) throw new Error(`no record ${id}`);
      const present = record.statements.map(
        (value) => `${value.code.system}:${value.code.value}` as StatementKey,
      );
      for (const wrong of question.wrong) {
        if (wrong === NO_WAVEFORM) expect(recordFacts(record).waveform.certain.length).toBeGreaterThan(0);
        else expect(present.some((key) => areRelated(key, wrong))).toBe(false);
      }
    }
  });

  it("asks no diagnosis question of a recording whose diagnoses are all below 60", () => {
    const unsure = world.filter((record) => recordFacts(record).diagnosis.certain.length === 0);
    expect(unsure.length).toBeGreaterThan(10);
    for (const record of unsure) {
      const asked = plan.byRecord.get(record.recordId) ?? [];
      expect(asked.filter((question) => question.dimension === "diagnosis")).toEqual([]);
    }
  });

  it("counts what it dropped", () => {
    const diagnosis = plan.balance.find((part) => part.dimension === "diagnosis");
    const normal = diagnosis?.keys.find((key) => key.key === "scp:NORM");
    expect(normal?.candidates).toBeGreaterThan(200);
    expect(normal?.asked).toBeLessThanOrEqual((diagnosis?.asked ?? 0) / 4);
    expect((diagnosis?.asked ?? 0) + (diagnosis?.dropped ?? 0)).toBe(
      diagnosis?.keys.reduce((sum, key) => sum + key.candidates, 0),
    );
  });

  it("does not depend on the order of the records, but on the seed", () => {
    const shuffled = planClosedQuestions(createRng(1).shuffle(world), { seed: 7 });
    const text = (map: ReadonlyMap<string, readonly ClosedQuestion[]>) =>
      [...map].map(([id, questions]) => `${id} ${questions.map((q) => JSON.stringify(q)).sort()}`).sort();
    expect(text(shuffled.byRecord)).toEqual(text(plan.byRecord));
    expect(text(planClosedQuestions(world, { seed: 8 }).byRecord)).not.toEqual(text(plan.byRecord));
  });

  it("leaves a set without partners unasked", () => {
    const lonely = planClosedQuestions([qaRecord("a", [statement("scp:NORM", 100), statement("scp:SR")])], {
      seed: 1,
    });
    expect(lonely.byRecord.size).toBe(0);
    expect(lonely.balance.map((part) => part.asked)).toEqual([0, 0, 0, 0]);
  });
});

describe("draftClosedQuestions", () => {
  it("asks one recording on its own, once a modality and answer", () => {
    const record = qaRecord("a", [statement("scp:IMI", 80), statement("scp:SR"), statement("scp:PVC")]);
    const questions = draftClosedQuestions(record, { seed: 3 }) as ChoiceQuestion[];
    expect(questions.map((question) => `${question.modality} ${question.right}`)).toEqual([
      "signal scp:IMI",
      "signal scp:PVC",
      "signal scp:SR",
      "image scp:IMI",
      "image scp:PVC",
      "image scp:SR",
    ]);
  });

  it("gives a recording whose diagnoses are all unlikely no diagnosis question unless strict", () => {
    const record = qaRecord("a", [statement("scp:IMI", 50)]);
    expect(draftClosedQuestions(record, { seed: 3 })).toEqual([]);
    const strict = draftClosedQuestions(record, { seed: 3, figure7Strict: true }) as ChoiceQuestion[];
    expect(strict.map((question) => question.right)).toEqual(["scp:NORM", "scp:NORM"]);
    for (const question of strict) {
      expect(question.wrong.some((key) => areRelated(key as StatementKey, "scp:IMI"))).toBe(false);
    }
  });
});
