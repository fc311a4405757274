// namedFindings: which findings of a question the model is told about at their names.
import { describe, expect, it } from "vitest";
import type { RecordFacts } from "../../../src/qa/record-facts.ts";
import type { StatementKey } from "../../../src/record/statement.ts";
import { namedFindings } from "../../../src/training/heartcare/named-findings.ts";

const nothing = { certain: [], absent: [] };
function factsWith(certain: readonly StatementKey[], absent: readonly StatementKey[]): RecordFacts {
  return {
    diagnosis: { ...nothing, certain, absent },
    waveform: nothing,
    rhythm: nothing,
    misc: nothing,
  } as unknown as RecordFacts;
}
const TWO = {
  fact: "two:diagnosis:scp:IMI&scp:LAFB",
  dimension: "diagnosis" as const,
  instruction:
    "Check the ECG for inferior myocardial infarction and left anterior fascicular block. A: Only left anterior fascicular block; B: Both; C: Neither; D: Only inferior myocardial infarction",
  options: ["Only left anterior fascicular block", "Both", "Neither", "Only inferior myocardial infarction"],
};

describe("namedFindings", () => {
  it("ends at each name in the question, not at the one in the options", () => {
    const found = namedFindings(TWO, [factsWith(["scp:LAFB"], ["scp:IMI"])]);
    expect(found.map(({ end }) => TWO.instruction.slice(0, end))).toEqual([
      "Check the ECG for inferior myocardial infarction",
      "Check the ECG for inferior myocardial infarction and left anterior fascicular block",
    ]);
    expect(found.map(({ present }) => present)).toEqual([[false], [true]]);
  });

  it("says for both recordings of a comparison what they show", () => {
    const change = {
      fact: "change:diagnosis:scp:IMI",
      dimension: "diagnosis" as const,
      instruction: "Inferior myocardial infarction is new, is it not? A: No; B: Yes",
      options: ["No", "Yes"],
    };
    expect(namedFindings(change, [factsWith([], ["scp:IMI"]), factsWith(["scp:IMI"], [])])).toEqual([
      { end: 30, present: [false, true] },
    ]);
  });

  it("leaves out what a recording does not say, and questions without a named finding", () => {
    expect(namedFindings(TWO, [factsWith(["scp:LAFB"], [])])).toHaveLength(1);
    expect(namedFindings({ ...TWO, fact: "choice:diagnosis=scp:IMI" }, [factsWith(["scp:IMI"], [])])).toEqual(
      [],
    );
    expect(
      namedFindings({ ...TWO, instruction: "Which? A: Both" }, [factsWith(["scp:IMI"], ["scp:LAFB"])]),
    ).toEqual([]);
  });
});
