// Label scopes and what they allow to be called absent.
import { describe, expect, it } from "vitest";
import { absentStatements } from "../../src/labels/absent-statements.ts";
import { statementDefinition } from "../../src/labels/find-statement.ts";
import { challengeLabelSource, LABEL_SCOPES } from "../../src/labels/label-scopes.ts";
import { toStatement } from "../../src/labels/statement-definition.ts";
import type { Statement, StatementKey } from "../../src/record/statement.ts";

const statement = (key: StatementKey, likelihood: number | null = null): Statement =>
  toStatement(statementDefinition(key), likelihood);
const absent = (source: keyof typeof LABEL_SCOPES, ...statements: Statement[]) =>
  new Set(absentStatements(statements, LABEL_SCOPES[source]));

describe("LABEL_SCOPES", () => {
  it("holds all 71 statements and the misc columns for PTB-XL, nine classes for CPSC (PVC and PAC cover extrasystoles), none for Chagas", () => {
    expect(LABEL_SCOPES.ptbxl.filter((key) => key.startsWith("scp:"))).toHaveLength(71);
    expect(LABEL_SCOPES.ptbxl).toContain("heartcare:static-noise");
    expect(LABEL_SCOPES.ptbxl).toContain("heartcare:right-bundle-branch-block");
    expect(LABEL_SCOPES.cpsc).toHaveLength(10);
    expect(LABEL_SCOPES.cpsc).not.toContain("scp:SR");
    expect(LABEL_SCOPES.chagas).toEqual([]);
    expect(LABEL_SCOPES.ludb).not.toContain("scp:NORM");
    expect(LABEL_SCOPES.georgia).toContain("heartcare:early-repolarization");
    expect(LABEL_SCOPES.chapman).not.toContain("scp:LAFB");
  });

  it("adds a general name only when all its SCP kinds are in scope", () => {
    expect(LABEL_SCOPES.ludb).toContain("heartcare:right-bundle-branch-block");
    expect(LABEL_SCOPES.ludb).not.toContain("heartcare:av-block");
  });

  it.each([
    ["A0001", "cpsc"],
    ["Q0012", "cpsc-extra"],
    ["E00001", "georgia"],
    ["HR00001", "ptbxl"],
    ["JS10646", "chapman"],
    ["JS10647", "ningbo"],
    ["X1", undefined],
  ])("names the source of Challenge record %s", (name, source) => {
    expect(challengeLabelSource(name)).toBe(source);
  });
});

describe("absentStatements", () => {
  it("leaves out the record's statements and what is related to them", () => {
    const set = absent("ptbxl", statement("scp:IMI", 100), statement("scp:SR"));
    expect(set.has("scp:IMI")).toBe(false);
    expect(set.has("scp:ILMI")).toBe(false);
    expect(set.has("scp:QWAVE")).toBe(false);
    expect(set.has("scp:SBRAD")).toBe(false);
    expect(set.has("scp:CRBBB")).toBe(true);
    expect(set.has("scp:AFIB")).toBe(true);
    expect(set.has("scp:NORM")).toBe(true);
  });

  it("treats an uncertain statement as neither present nor absent", () => {
    const set = absent("ptbxl", statement("scp:IMI", 15));
    expect(set.has("scp:IMI")).toBe(false);
    expect(set.has("scp:NORM")).toBe(false);
    expect(absent("ptbxl", statement("scp:IMI", 60)).has("scp:NORM")).toBe(true);
  });

  it("calls sinus rhythm, an axis or a stage absent only where another one is stated", () => {
    expect(absent("ptbxl", statement("scp:AFIB")).has("scp:SR")).toBe(true);
    expect(absent("ptbxl", statement("scp:NORM", 100)).has("scp:SR")).toBe(false);
    expect(absent("ptbxl", statement("scp:SR")).has("heartcare:left-axis-deviation")).toBe(false);
    const right = absent("ptbxl", statement("heartcare:right-axis-deviation"));
    expect(right.has("heartcare:left-axis-deviation")).toBe(true);
    expect(right.has("heartcare:rightward-axis")).toBe(false);
    const unknownStage = absent("ptbxl", statement("heartcare:unknown-stage-of-myocardial-infarction"));
    expect(unknownStage.has("heartcare:old-stage-of-myocardial-infarction")).toBe(false);
  });

  it("says nothing outside the scope", () => {
    const set = absent("cpsc", statement("scp:AFIB"));
    expect(set.has("scp:CLBBB")).toBe(false);
    expect(set.has("heartcare:left-bundle-branch-block")).toBe(true);
    expect(absent("chagas", statement("scp:AFIB")).size).toBe(0);
  });
});
