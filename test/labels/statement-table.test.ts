// The statement table against the SCP-ECG standard as PTB-XL ships it, Table 10 and the Challenge's lists.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  areRelated,
  findStatement,
  findStatementByName,
  relatedStatements,
  statementDefinition,
  withAncestors,
} from "../../src/labels/find-statement.ts";
import { STATEMENTS } from "../../src/labels/statement-table.ts";
import type { StatementKey } from "../../src/record/statement.ts";
import { parseCsvTable } from "../../src/sources/csv/parse-csv.ts";

const SCP_TABLE = "../shared/data/ptb-xl/scp_statements.csv";
const PAPER = "../shared/seeds/paper-appendix.txt";

describe("statement table", () => {
  it("has the 71 SCP statements: 44 diagnostic, 19 form, 12 rhythm, four in two groups", () => {
    const scp = STATEMENTS.filter((row) => row.code.system === "scp");
    const count = (dimension: string) =>
      scp.filter((row) => row.dimensions.some((value) => value === dimension)).length;
    expect(scp).toHaveLength(71);
    expect([count("diagnosis"), count("waveform"), count("rhythm"), count("misc")]).toEqual([44, 19, 12, 0]);
    const both = scp.filter((row) => row.dimensions.length === 2).map((row) => row.code.value);
    expect(both.sort()).toEqual(["DIG", "LNGQT", "NDT", "NST_"]);
  });

  it("has unique keys and names, and refers to known keys only", () => {
    expect(new Set(STATEMENTS.map((row) => row.key)).size).toBe(STATEMENTS.length);
    expect(new Set(STATEMENTS.map((row) => row.name.toLowerCase())).size).toBe(STATEMENTS.length);
    for (const row of STATEMENTS) {
      for (const key of [...row.parents, ...row.overlaps]) expect(findStatement(key)?.key).toBe(key);
    }
  });

  it("gives one statement to each SNOMED and AHA code", () => {
    for (const field of ["snomed", "aha"] as const) {
      const codes = STATEMENTS.flatMap((row) => row[field]);
      expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    }
  });

  it("names an error with the key for an unknown one", () => {
    expect(() => statementDefinition("scp:XYZ")).toThrowError(/got "scp:XYZ"/);
    expect(findStatement("scp:XYZ")).toBeUndefined();
  });
});

describe.skipIf(!existsSync(SCP_TABLE))("against PTB-XL's scp_statements.csv", () => {
  it("has the same keys, groups, superclasses and subclasses", () => {
    const { rows } = parseCsvTable(readFileSync(SCP_TABLE, "utf8"));
    expect(rows).toHaveLength(71);
    for (const { values: row } of rows) {
      const definition = statementDefinition(`scp:${row[""]}`);
      const groups = [
        row["diagnostic"] === "1.0" ? ["diagnosis"] : [],
        row["form"] === "1.0" ? ["waveform"] : [],
        row["rhythm"] === "1.0" ? ["rhythm"] : [],
      ].flat();
      expect(definition.dimensions).toEqual(groups);
      expect(definition.superclass ?? "").toBe(row["diagnostic_class"]);
      expect(definition.subclass ?? "").toBe(row["diagnostic_subclass"]);
      const description = row["description"] ?? "";
      expect(findStatementByName(description)?.key, description).toBe(`scp:${row[""]}`);
    }
  });
});

describe.skipIf(!existsSync(PAPER))("against Table 10 of the paper", () => {
  it("knows each of the 48 + 18 + 12 + 11 names in its dimension", () => {
    const text = readFileSync(PAPER, "utf8");
    const table = text.slice(text.indexOf("Table 10. "), text.indexOf("Table 11. "));
    const counts: Record<string, number> = {};
    let dimension = "";
    for (const line of table.split("\n").slice(1)) {
      const heading = /^(Diagnosis|Waveform|Rhythm|Miscellaneous)$/.exec(line.trim())?.[1];
      if (heading !== undefined) {
        dimension = heading === "Miscellaneous" ? "misc" : heading.toLowerCase();
        continue;
      }
      for (const name of line.split("\t").filter((cell) => cell.trim() !== "")) {
        counts[dimension] = (counts[dimension] ?? 0) + 1;
        const row = findStatementByName(name);
        expect(row?.dimensions, name).toContain(dimension);
        if (name !== "Wolf-Parkinson-White syndrome") expect(row?.name).toBe(name);
      }
    }
    expect(counts).toEqual({ diagnosis: 48, waveform: 18, rhythm: 12, misc: 11 });
  });
});

describe("relations", () => {
  it("is symmetric and never holds the statement itself", () => {
    for (const row of STATEMENTS) {
      expect(relatedStatements(row.key).has(row.key)).toBe(false);
      for (const other of relatedStatements(row.key))
        expect(relatedStatements(other).has(row.key)).toBe(true);
    }
  });

  it.each<[StatementKey, StatementKey]>([
    ["scp:LVH", "scp:VCLVH"],
    ["scp:PVC", "heartcare:ventricular-extrasystoles"],
    ["scp:PAC", "scp:PRC(S)"],
    ["scp:PAC", "heartcare:supraventricular-extrasystoles"],
    ["scp:AMI", "scp:ASMI"],
    ["scp:ASMI", "scp:ALMI"],
    ["scp:IMI", "scp:ILMI"],
    ["scp:IMI", "scp:INJIN"],
    ["scp:ILMI", "scp:LMI"],
    ["heartcare:old-myocardial-infarction", "scp:AMI"],
    ["scp:IMI", "scp:QWAVE"],
    ["scp:IMI", "scp:ABQRS"],
    ["scp:INVT", "scp:TAB_"],
    ["scp:NT_", "scp:INVT"],
    ["scp:NDT", "scp:NT_"],
    ["scp:ISCAL", "scp:ISC_"],
    ["scp:STD_", "scp:ISCIN"],
    ["scp:1AVB", "scp:LPR"],
    ["scp:CRBBB", "heartcare:right-bundle-branch-block"],
    ["scp:SBRAD", "scp:SR"],
    ["scp:PSVT", "scp:SVTAC"],
    ["scp:LNGQT", "heartcare:long-qtc-interval"],
    ["heartcare:left-axis-deviation", "scp:LAFB"],
    ["scp:LVOLT", "heartcare:low-qrs-voltage-in-limb-leads"],
    ["scp:LAO/LAE", "heartcare:left-atrial-hypertrophy"],
  ])("%s may not be told apart from %s", (a, b) => {
    expect(areRelated(a, b)).toBe(true);
  });

  it.each<[StatementKey, StatementKey]>([
    ["scp:CRBBB", "scp:IRBBB"],
    ["scp:CRBBB", "scp:CLBBB"],
    ["scp:AFIB", "scp:AFLT"],
    ["scp:AFIB", "scp:SR"],
    ["scp:AFIB", "scp:SARRH"],
    ["scp:IMI", "scp:AMI"],
    ["scp:LVH", "scp:RVH"],
    ["scp:SBRAD", "scp:STACH"],
    ["scp:PVC", "scp:PAC"],
    ["heartcare:left-axis-deviation", "heartcare:right-axis-deviation"],
    ["scp:NORM", "scp:IMI"],
    ["scp:1AVB", "scp:3AVB"],
  ])("%s and %s are different answers", (a, b) => {
    expect(areRelated(a, b)).toBe(false);
  });

  it("follows parents to the top", () => {
    expect([...withAncestors("scp:CRBBB")]).toEqual([
      "scp:CRBBB",
      "heartcare:right-bundle-branch-block",
      "heartcare:bundle-branch-block",
      "heartcare:intraventricular-conduction-block",
    ]);
  });
});
