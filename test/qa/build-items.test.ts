// Items of a recording and of a pair: sound, traceable, seeded, and worded after the labels.
import { describe, expect, it } from "vitest";
import { LABEL_SCOPES } from "../../src/labels/label-scopes.ts";
import { buildComparisonItems, buildRecordItems } from "../../src/qa/build-items.ts";
import { checkItem } from "../../src/qa/check-item.ts";
import { planClosedQuestions } from "../../src/qa/plan/plan-closed-questions.ts";
import { planComparisons } from "../../src/qa/plan/plan-comparisons.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { labelWorld, qaRecord, statement } from "./label-world.ts";

const record = qaRecord("ptbxl:8", [
  statement("scp:IMI", 35),
  statement("scp:LAFB", 100),
  statement("scp:ABQRS"),
  statement("scp:SR"),
  { ...statement("heartcare:static-noise"), text: "I-AVR" },
  statement("heartcare:left-axis-deviation"),
]);
const of = (items: readonly QaItem[], task: string, dimension?: string) =>
  items.filter((item) => item.task === task && (dimension === undefined || item.dimension === dimension));

describe("buildRecordItems", () => {
  const items = buildRecordItems(record, { seed: 7 });

  it("builds all tasks in both modalities with unique ids and facts", () => {
    const tasks = new Map<string, number>();
    for (const item of items) {
      const name = `${item.task} ${item.subset}`;
      tasks.set(name, (tasks.get(name) ?? 0) + 1);
    }
    expect(tasks.get("open-qa S")).toBe(4);
    expect(tasks.get("open-qa I")).toBe(4);
    expect(tasks.get("report S")).toBe(1);
    expect(tasks.get("report I")).toBe(1);
    expect(tasks.get("prediction S")).toBe(3);
    expect(tasks.get("closed-qa S")).toBeGreaterThanOrEqual(2);
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    for (const item of items) expect(checkItem(item, record)).toEqual([]);
  });

  it("answers open questions with the labels of the dimension, hedged as likely", () => {
    const answer = (dimension: string) => of(items, "open-qa", dimension)[0]?.answer ?? "";
    expect(answer("diagnosis")).toContain("possible inferior myocardial infarction");
    expect(answer("diagnosis")).toContain("left anterior fascicular block");
    expect(answer("waveform").toLowerCase()).toContain("abnormal qrs");
    expect(answer("rhythm").toLowerCase()).toContain("sinus rhythm");
    expect(answer("misc")).toContain("static noise in leads I-aVR and left axis deviation");
    expect(of(items, "open-qa", "diagnosis")[0]?.labels).toEqual([
      { key: "scp:IMI", name: "inferior myocardial infarction", likelihood: 35 },
      { key: "scp:LAFB", name: "left anterior fascicular block", likelihood: 100 },
    ]);
  });

  it("writes a report with a line a section and no certainty about a likelihood of 35", () => {
    const report = of(items, "report")[0]?.answer ?? "";
    const lines = new Map(report.split("\n").map((line) => line.split(": ", 2) as [string, string]));
    expect([...lines.keys()]).toEqual([
      "Patient",
      "Recording",
      "Rhythm",
      "Conduction",
      "Waveform",
      "Suspected",
      "Other findings",
      "Impression",
      "Note",
    ]);
    expect(lines.get("Patient")).toBe("65-year-old male.");
    expect(lines.get("Rhythm")).toBe("Sinus rhythm.");
    expect(lines.get("Conduction")).toBe("Left anterior fascicular block.");
    expect(lines.get("Suspected")).toBe("Possible inferior myocardial infarction.");
    expect(lines.get("Impression")).toBe(
      "Sinus rhythm with findings that suggest left anterior fascicular block.",
    );
  });

  it("asks for forecasts of 2 s after each 4 s that the recording has", () => {
    expect(of(items, "prediction").map((item) => [item.records[0]?.window, item.answer])).toEqual([
      [{ startSample: 0, endSample: 1000 }, "<pred>"],
      [{ startSample: 1000, endSample: 2000 }, "<pred>"],
      [{ startSample: 500, endSample: 1500 }, "<pred>"],
    ]);
    const short = qaRecord("short", record.statements, { window: { startSample: 250, endSample: 1749 } });
    expect(of(buildRecordItems(short, { seed: 7 }), "prediction")).toEqual([]);
    const exact = qaRecord("exact", record.statements, { window: { startSample: 250, endSample: 1750 } });
    expect(of(buildRecordItems(exact, { seed: 7 }), "prediction")).toHaveLength(1);
  });

  it("is the same for the same seed and differs in wording for another", () => {
    expect(buildRecordItems(record, { seed: 7 })).toEqual(items);
    const other = buildRecordItems(record, { seed: 8 });
    expect(other.map((item) => item.instruction)).not.toEqual(items.map((item) => item.instruction));
    expect(of(other, "open-qa").map((item) => item.fact)).toEqual(
      of(items, "open-qa").map((item) => item.fact),
    );
  });

  it("puts measured intervals in the context and the report when asked and given", () => {
    const measured = { ...record, measurements: { heartRateBpm: 71.6, prMs: 160, qtMs: undefined } };
    const plain = buildRecordItems(measured, { seed: 7 });
    expect(plain.every((item) => !item.context.includes("Measured"))).toBe(true);
    const [item] = buildRecordItems(measured, { seed: 7, measuredContext: true });
    expect(item?.context).toContain("Patient: 65-year-old male. Measured: heart rate 72 bpm, PR 160 ms.");
    expect(of(plain, "report")[0]?.answer).toContain("Measurements: heart rate 72 bpm, PR 160 ms.");
  });

  it("keeps at most perRecord items, from every task in turn", () => {
    const few = buildRecordItems(record, { seed: 7, perRecord: 5 });
    expect(few).toHaveLength(5);
    expect(new Set(few.map((item) => item.task))).toEqual(
      new Set(["closed-qa", "open-qa", "report", "prediction"]),
    );
    for (const item of few) expect(items).toContainEqual(item);
  });

  it("says only what is known of the patient", () => {
    const unknown = buildRecordItems(qaRecord("x", record.statements, { patient: {} }), { seed: 7 });
    for (const item of unknown) expect(`${item.instruction} ${item.context}`).not.toMatch(/year|male/);
    const hidden = buildRecordItems(
      qaRecord("y", record.statements, { patient: { ageYears: 300, sex: "female" } }),
      { seed: 7 },
    );
    for (const item of hidden) expect(`${item.instruction} ${item.context}`).not.toContain("300");
    const eight = buildRecordItems(
      qaRecord("z", record.statements, { patient: { ageYears: 8.9, sex: "male" } }),
      { seed: 7 },
    );
    for (const item of eight) expect(item.instruction).not.toMatch(/\ba 8|8\.9/);
  });

  it("names nothing absent outside the label scope", () => {
    const narrow = qaRecord("cpsc:1", [statement("scp:AFIB")], {
      labelScope: LABEL_SCOPES.cpsc,
      source: "challenge",
    });
    const built = buildRecordItems(narrow, { seed: 7 });
    expect(of(built, "open-qa").map((item) => item.dimension)).toEqual(["rhythm", "rhythm"]);
    expect(of(built, "report")[0]?.answer).not.toContain("No bundle branch block");
    const nothing = buildRecordItems(qaRecord("chagas:1", [], { labelScope: [] }), { seed: 7 });
    expect(new Set(nothing.map((item) => item.task))).toEqual(new Set(["prediction"]));
  });
});

describe("a planned corpus", () => {
  const world = labelWorld(120, 11).map((value) => ({ ...value, split: "train" }));
  const byId = new Map(world.map((value) => [value.recordId, value]));
  const closed = planClosedQuestions(world, { seed: 7 });
  const single = world.flatMap((value) =>
    buildRecordItems(value, { seed: 7, closedQuestions: closed.byRecord.get(value.recordId) ?? [] }),
  );
  const compared = planComparisons(world, { seed: 7 }).pairs.flatMap((pair) => {
    const first = byId.get(pair.firstId);
    const second = byId.get(pair.secondId);
    if (first === undefined || second === undefined) throw new Error("pair of unknown records");
    return buildComparisonItems(
      { first, second, relation: pair.relation, questions: pair.questions },
      { seed: 7 },
    );
  });

  it("passes every check, with ids of its own", () => {
    for (const item of single) expect(checkItem(item, byId.get(item.records[0]?.recordId ?? ""))).toEqual([]);
    for (const item of compared) expect(checkItem(item)).toEqual([]);
    const ids = [...single, ...compared].map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("words comparisons after relation and modalities, with a yes for the asked answer only", () => {
    expect(compared.length).toBeGreaterThan(300);
    expect(new Set(compared.map((item) => item.pair?.relation))).toEqual(
      new Set(["consecutive", "irrelevant"]),
    );
    for (const item of compared) {
      const shown = item.records
        .map((part) => (part.modality === "signal" ? "S" : "I"))
        .sort()
        .reverse();
      expect(shown.join("-")).toBe(item.pair?.modalities);
      if (!item.templateId.startsWith("change")) continue;
      expect(item.options?.filter((option) => option.startsWith("Yes,"))).toHaveLength(1);
    }
  });

  it("varies the wording like Table 9", () => {
    const questions = of(single, "open-qa", "rhythm").map((item) => item.instruction);
    expect(new Set(questions).size).toBeGreaterThan(questions.length * 0.9);
    expect(new Set(of(single, "open-qa", "rhythm").map((item) => item.templateId)).size).toBeGreaterThan(15);
    expect(new Set(of(single, "closed-qa").map((item) => item.templateId)).size).toBeGreaterThan(40);
  });
});
