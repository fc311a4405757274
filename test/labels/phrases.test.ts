// English wordings, negations, hedges and LUDB's lines to statements.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPhrases } from "../../src/labels/read-phrases.ts";
import { ludbLines, statementsFromLudb } from "../../src/labels/statements-from-ludb.ts";
import { statementsFromPhrase } from "../../src/labels/statements-from-phrase.ts";
import { statementKey } from "../../src/record/statement.ts";
import { parseCsvTable } from "../../src/sources/csv/parse-csv.ts";

const read = (text: string) =>
  readPhrases(text)
    .map((finding) => `${finding.negated ? "-" : "+"}${finding.key}${finding.likelihood ?? ""}`)
    .join(" ");

describe("readPhrases", () => {
  it.each([
    ["Sinus rhythm. No ST elevation or T wave inversion.", "+scp:SR -scp:STE_ -scp:INVT"],
    ["No ST elevation, sinus rhythm", "-scp:STE_ +scp:SR"],
    ["Atrial fibrillation without Q waves but LVH", "+scp:AFIB -scp:QWAVE +scp:LVH"],
    ["PVCs are not seen", "-scp:PVC"],
    ["Left anterior hemiblock is absent", "-scp:LAFB"],
    ["Possible inferior infarct", "+scp:IMI35"],
    ["cannot rule out anteroseptal infarct", "+scp:ASMI15"],
    ["lateral ischaemia cannot be excluded", "+scp:ISCLA15"],
    ["suspected right ventricular hypertrophy", "+scp:RVH50"],
    ["LBBB? probably 1st degree AV block", "+heartcare:left-bundle-branch-block35 +scp:1AVB80"],
    ["Otherwise normal ECG", "+scp:NORM80"],
    ["normal ECG", "+scp:NORM"],
    ["Abnormal ECG", ""],
    ["not a normal ECG", "-scp:NORM"],
    ["inferior myocardial infarction", "+scp:IMI"],
    ["borderline left axis deviation", "+heartcare:leftward-axis"],
    ["left atrial overload / enlargement; non-specific ST/T changes", "+scp:LAO/LAE +heartcare:st-t-changes"],
    ["ST-segment depression was noted, no longer atrial flutter", "+scp:STD_ -scp:AFLT"],
    ["no atrial fibrillation, flutter or PVCs", "-scp:AFIB -scp:PVC"],
    ["the es and af of words", ""],
    ["", ""],
  ])("%s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it("gives the span and wording of the text", () => {
    const text = "HR 80. Complete right bundle-branch block, axis normal";
    const [finding] = readPhrases(text);
    expect(finding?.text).toBe("Complete right bundle-branch block");
    expect(text.slice(finding?.start, finding?.end)).toBe(finding?.text);
  });
});

describe("statementsFromPhrase", () => {
  it("drops what is negated and keeps the surer of two mentions", () => {
    const statements = statementsFromPhrase("Possible inferior infarct. Inferior infarction. No LVH.");
    expect(statements.map((s) => [statementKey(s.code), s.likelihood, s.text])).toEqual([
      ["scp:IMI", null, "Inferior infarction"],
    ]);
  });
});

describe("statementsFromLudb", () => {
  it("reads the lines of a header", () => {
    const statements = statementsFromLudb([
      "#Rhythm: Sinus bradycardia.",
      "#Electric axis of the heart: left axis deviation. ",
      "#Left ventricular hypertrophy. ",
      "#Left ventricular overload. ",
      "#Non-specific repolarization abnormalities: posterior wall. ",
    ]);
    expect(statements.map((s) => statementKey(s.code))).toEqual([
      "scp:SBRAD",
      "heartcare:left-axis-deviation",
      "scp:LVH",
      "heartcare:left-ventricular-overload",
      "heartcare:st-t-changes",
    ]);
  });

  it("tells ischaemia, STEMI, scar and the undefined apart by wall", () => {
    const keys = (line: string) =>
      statementsFromLudb([line]).map((s) => `${statementKey(s.code)}${s.likelihood ?? ""}`);
    expect(keys("Ischemia: inferior wall")).toEqual(["scp:ISCIN"]);
    expect(keys("Ischemia: apical")).toEqual(["scp:ISC_"]);
    expect(keys("Stemi: septal")).toEqual(["scp:ASMI", "heartcare:acute-myocardial-infarction"]);
    expect(keys("Scar formation: posterior wall")).toEqual([
      "scp:PMI",
      "heartcare:old-stage-of-myocardial-infarction",
    ]);
    expect(keys("Undefined ischemia/scar/supp.nstemi: lateral wall")).toEqual(["scp:ISC_50"]);
    expect(keys("Iii degree av-block")).toEqual(["scp:3AVB"]);
    expect(keys("Non-specific intravintricular conduction delay")).toEqual(["scp:IVCD"]);
    expect(keys("Sinoatrial blockade, undefined")).toEqual(["heartcare:sinoatrial-block"]);
  });

  it.skipIf(!existsSync("../shared/data/ludb/ludb.csv"))(
    "finds a statement in every line of ludb.csv",
    () => {
      const { rows } = parseCsvTable(readFileSync("../shared/data/ludb/ludb.csv", "utf8"));
      const silent = new Set<string>();
      let lines = 0;
      for (const { values: row } of rows) {
        for (const line of ludbLines(row)) {
          lines++;
          if (statementsFromLudb([line]).length === 0) silent.add(line);
        }
      }
      expect(rows).toHaveLength(156);
      expect(lines).toBeGreaterThan(700);
      expect([...silent]).toEqual([]);
    },
  );
});
