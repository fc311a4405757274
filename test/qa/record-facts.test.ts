// Figure 7's thresholds, null likelihoods, normal answers and what may be called absent.
import { describe, expect, it } from "vitest";
import { LABEL_SCOPES } from "../../src/labels/label-scopes.ts";
import { leadingDiagnoses, NO_WAVEFORM, recordFacts } from "../../src/qa/record-facts.ts";
import type { Statement } from "../../src/record/statement.ts";
import { statement } from "./label-world.ts";

const ptbxl = LABEL_SCOPES.ptbxl;
const facts = (...statements: Statement[]) => recordFacts({ statements, labelScope: ptbxl });
const leading = (strict: boolean, ...statements: Statement[]) =>
  leadingDiagnoses(facts(...statements), { strict, labelScope: ptbxl });

describe("leadingDiagnoses (Figure 7)", () => {
  it("takes the highest likelihood of 60 or more", () => {
    expect(leading(false, statement("scp:IMI", 80), statement("scp:LVH", 60))).toEqual(["scp:IMI"]);
    expect(leading(false, statement("scp:NORM", 80), statement("scp:IMI", 35))).toEqual(["scp:NORM"]);
  });

  it("gives all that tie, NORM giving way", () => {
    expect(leading(false, statement("scp:LVH", 100), statement("scp:ISC_", 100))).toEqual([
      "scp:LVH",
      "scp:ISC_",
    ]);
    expect(leading(false, statement("scp:NORM", 100), statement("scp:1AVB", 100))).toEqual(["scp:1AVB"]);
  });

  it("gives none when all are below 60 but present, the normal answer only when strict", () => {
    expect(leading(false, statement("scp:IMI", 50), statement("scp:ISC_", 35))).toEqual([]);
    expect(leading(true, statement("scp:IMI", 50), statement("scp:ISC_", 35))).toEqual(["scp:NORM"]);
    expect(leading(false, statement("scp:SR"))).toEqual([]);
    expect(leading(true, statement("scp:SR"))).toEqual(["scp:NORM"]);
  });

  it("does not answer normal for annotators who did not look for it", () => {
    const ludb = LABEL_SCOPES.ludb;
    const own = recordFacts({ statements: [statement("scp:SR")], labelScope: ludb });
    expect(leadingDiagnoses(own, { strict: true, labelScope: ludb })).toEqual([]);
  });

  it("counts a diagnosis stated without a likelihood as certain", () => {
    expect(leading(false, statement("scp:LVH"), statement("scp:IMI", 80))).toEqual(["scp:LVH"]);
  });
});

describe("recordFacts", () => {
  it("counts rhythm and form as present whatever their likelihood, null included", () => {
    const { rhythm, waveform } = facts(statement("scp:AFIB"), statement("scp:PVC"));
    expect(rhythm.certain).toEqual(["scp:AFIB"]);
    expect(waveform.certain).toEqual(["scp:PVC"]);
  });

  it("lists the most specific of a line of parents only", () => {
    const { diagnosis, rhythm } = facts(
      statement("heartcare:right-bundle-branch-block"),
      statement("scp:CRBBB"),
      statement("scp:SR"),
      statement("scp:SBRAD"),
    );
    expect(diagnosis.certain).toEqual(["scp:CRBBB"]);
    expect(rhythm.certain).toEqual(["scp:SBRAD"]);
  });

  it("calls a waveform normal only with a normal ECG, no form statement and a scope that looked", () => {
    expect(facts(statement("scp:NORM", 100), statement("scp:SR")).waveform.normal).toBe(true);
    expect(facts(statement("scp:NORM", 100), statement("scp:LVOLT")).waveform.normal).toBe(false);
    expect(facts(statement("scp:CRBBB", 100)).waveform.normal).toBe(false);
    expect(facts(statement("scp:SR")).waveform.normal).toBe(false);
    const cpsc = recordFacts({ statements: [statement("scp:NORM")], labelScope: LABEL_SCOPES.cpsc });
    expect(cpsc.waveform.normal).toBe(false);
  });

  it("offers the normal answers as wrong only against evidence", () => {
    const abnormal = facts(statement("scp:IMI", 100), statement("scp:PVC"));
    expect(abnormal.diagnosis.absent).toContain("scp:NORM");
    expect(abnormal.waveform.absent).toContain(NO_WAVEFORM);
    const unsure = facts(statement("scp:IMI", 35));
    expect(unsure.diagnosis.absent).not.toContain("scp:NORM");
    expect(unsure.waveform.absent).not.toContain(NO_WAVEFORM);
    expect(unsure.diagnosis.absent).not.toContain("scp:IMI");
  });
});
