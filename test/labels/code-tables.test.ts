// SCP, PTB-XL rows, SNOMED and AHA codes to statements.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { statementsFromAha, statementsFromAhaCode } from "../../src/labels/statements-from-aha.ts";
import { parseScpCodes, statementsFromPtbxlRow } from "../../src/labels/statements-from-ptbxl-row.ts";
import { statementsFromScpCodes, unknownScpCodes } from "../../src/labels/statements-from-scp.ts";
import {
  SNOMED_WITHOUT_STATEMENT,
  statementFromSnomed,
  statementsFromSnomed,
} from "../../src/labels/statements-from-snomed.ts";
import { type Statement, statementKey } from "../../src/record/statement.ts";
import { EcgError } from "../../src/shared/errors.ts";
import { parseCsvTable } from "../../src/sources/csv/parse-csv.ts";

const brief = (statements: readonly Statement[]) =>
  statements.map((statement) => [statementKey(statement.code), statement.likelihood]);
const keys = (statements: readonly Statement[]) =>
  statements.map((statement) => statementKey(statement.code));

describe("statementsFromScpCodes", () => {
  it("keeps likelihoods, turns 0 into null and keeps it as present", () => {
    expect(brief(statementsFromScpCodes({ NORM: 80, SBRAD: 0, IMI: 35.0 }))).toEqual([
      ["scp:NORM", 80],
      ["scp:SBRAD", null],
      ["scp:IMI", 35],
    ]);
  });

  it("understands the spellings of derived tables and leaves unknown codes out", () => {
    expect(keys(statementsFromScpCodes({ STD: 0, STD_: 0, LAE: 100, QQQ: 100 }))).toEqual([
      "scp:STD_",
      "scp:LAO/LAE",
    ]);
    expect(unknownScpCodes({ QQQ: 100, "PRC(S)": 0 })).toEqual(["QQQ"]);
  });
});

describe("statementsFromPtbxlRow", () => {
  it("reads codes, axis, noises with their leads, extra beats, stages and pacemaker", () => {
    const statements = statementsFromPtbxlRow({
      scp_codes: "{'ASMI': 50.0, 'PVC': 100.0, 'SR': 0.0}",
      heart_axis: "ALAD",
      infarction_stadium1: "Stadium II-III",
      baseline_drift: " , V6",
      static_noise: " , alles,  ",
      burst_noise: "I,III,AVL",
      electrodes_problems: "",
      extra_beats: "1ES",
      pacemaker: "ja, pacemaker",
    });
    expect(statements.map((s) => [statementKey(s.code), s.likelihood, s.text])).toEqual([
      ["scp:ASMI", 50, undefined],
      ["scp:PVC", 100, undefined],
      ["scp:SR", null, undefined],
      ["heartcare:left-axis-deviation", null, "ALAD"],
      ["heartcare:baseline-drift", null, "V6"],
      ["heartcare:static-noise", null, "all leads"],
      ["heartcare:burst-noise", null, "I, III, AVL"],
      ["heartcare:extrasystoles", null, "1ES"],
      ["heartcare:old-stage-of-myocardial-infarction", null, "Stadium II-III"],
      ["scp:PACE", null, "ja, pacemaker"],
    ]);
  });

  it("does not add PACE twice and tells the kinds of extrasystoles apart", () => {
    const paced = statementsFromPtbxlRow({ scp_codes: "{'PACE': 100.0}", pacemaker: "ja, pacemaker" });
    expect(brief(paced)).toEqual([["scp:PACE", 100]]);
    expect(keys(statementsFromPtbxlRow({ extra_beats: "2ES,1VES" }))).toEqual([
      "heartcare:extrasystoles",
      "heartcare:ventricular-extrasystoles",
    ]);
    expect(keys(statementsFromPtbxlRow({ extra_beats: "SVES" }))).toEqual([
      "heartcare:supraventricular-extrasystoles",
    ]);
    expect(statementsFromPtbxlRow({})).toEqual([]);
  });

  it("reads odd keys and rejects what is no dictionary, naming the entry", () => {
    expect(parseScpCodes("{'LAO/LAE': 100.0, \"PRC(S)\": 0.0}")).toEqual({ "LAO/LAE": 100, "PRC(S)": 0 });
    expect(parseScpCodes("{}")).toEqual({});
    const failure = (() => {
      try {
        parseScpCodes("{'NORM': high}");
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(EcgError.isInstance(failure) && failure.code).toBe("INVALID_FILE");
    expect(String(failure)).toContain("'NORM': high");
  });

  it.skipIf(!existsSync("../shared/data/ptb-xl/ptbxl_database.csv"))(
    "maps every code of the real rows",
    () => {
      const { rows } = parseCsvTable(readFileSync("../shared/data/ptb-xl/ptbxl_database.csv", "utf8"));
      let statementCount = 0;
      let axes = 0;
      for (const { values: row } of rows) {
        const codes = parseScpCodes(row["scp_codes"] ?? "");
        expect(unknownScpCodes(codes)).toEqual([]);
        const statements = statementsFromPtbxlRow(row);
        statementCount += statements.filter((s) => s.code.system === "scp").length;
        axes += statements.filter((s) => /axis/.test(s.code.value)).length;
      }
      expect(rows).toHaveLength(414);
      expect(statementCount).toBe(1004);
      expect(axes).toBe(67);
    },
  );
});

describe("statementFromSnomed", () => {
  it.each([
    ["164889003", "scp:AFIB"],
    ["59118001", "heartcare:right-bundle-branch-block"],
    ["713427006", "scp:CRBBB"],
    ["67741000119109", "scp:LAO/LAE"],
    ["365413008", "heartcare:poor-r-wave-progression"],
    ["55827005", "heartcare:high-qrs-voltage-in-left-ventricular"],
    ["164867002", "heartcare:old-myocardial-infarction"],
  ])("%s is %s", (code, key) => {
    const statement = statementFromSnomed(code);
    expect(statement && statementKey(statement.code)).toBe(key);
    expect(statement?.likelihood).toBeNull();
  });

  it("gives nothing for a code nobody knows", () => {
    expect(statementFromSnomed("123456")).toBeUndefined();
    expect(statementFromSnomed("")).toBeUndefined();
  });

  it("reads CPSC's normal, written as sinus rhythm alone, as a normal ECG too", () => {
    expect(keys(statementsFromSnomed(["426783006"], { normalIsNsr: true }))).toEqual(["scp:SR", "scp:NORM"]);
    expect(keys(statementsFromSnomed(["426783006"]))).toEqual(["scp:SR"]);
    expect(keys(statementsFromSnomed(["164884008", "427172004", "x"]))).toEqual(["scp:PVC"]);
  });

  it.skipIf(!existsSync("../shared/data/challenge-2021"))("maps every code in the real headers", () => {
    const folder = "../shared/data/challenge-2021";
    const unmapped = new Set<string>();
    let mapped = 0;
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".hea"))) {
      const codes = /# ?Dx: *(\S+)/.exec(readFileSync(`${folder}/${name}`, "latin1"))?.[1]?.split(",") ?? [];
      for (const code of codes) {
        if (statementFromSnomed(code) === undefined) unmapped.add(code);
        else mapped++;
      }
    }
    expect([...unmapped].filter((code) => SNOMED_WITHOUT_STATEMENT[code] === undefined)).toEqual([]);
    expect(mapped).toBeGreaterThan(350);
  });
});

describe("statementsFromAha", () => {
  it("takes the most specific code and reads modifiers", () => {
    expect(keys(statementsFromAhaCode("147"))).toEqual(["scp:TAB_"]);
    expect(keys(statementsFromAhaCode("147+367"))).toEqual(["scp:INVT"]);
    expect(keys(statementsFromAhaCode("50+346"))).toEqual(["scp:AFIB"]);
    expect(brief(statementsFromAhaCode("142+312"))).toEqual([["scp:LVH", 35]]);
    expect(keys(statementsFromAhaCode("161+330"))).toEqual([
      "scp:IMI",
      "heartcare:early-stage-of-myocardial-infarction",
    ]);
    expect(statementsFromAhaCode("999")).toEqual([]);
    expect(statementsFromAhaCode("")).toEqual([]);
  });

  it("reads SPH cells", () => {
    expect(keys(statementsFromAha("22;23"))).toEqual(["scp:SBRAD", "scp:SARRH"]);
    expect(keys(statementsFromAha("1"))).toEqual(["scp:NORM"]);
    expect(keys(statementsFromAha("106; 106"))).toEqual(["heartcare:right-bundle-branch-block"]);
  });

  it.skipIf(!existsSync("../shared/data/challenge-2021/AHA_SNOMED_mapping.csv"))(
    "agrees with the Challenge's AHA to SNOMED list up to related statements",
    () => {
      const text = readFileSync("../shared/data/challenge-2021/AHA_SNOMED_mapping.csv", "utf8");
      for (const { values } of parseCsvTable(text).rows) {
        const snomed = values["SNOMEDCTCode"] ?? "";
        const aha = values["AHA_Code"] ?? "";
        const [first] = keys(statementsFromAhaCode(aha));
        const other = statementFromSnomed(snomed);
        if (aha === "82") expect([first, other?.code.value]).toEqual(["scp:LPR", "1AVB"]);
        else if (aha === "30+341")
          expect(first).toBe("scp:BIGU"); // "in a bigeminal pattern"
        else expect(first, aha).toBe(other && statementKey(other.code));
      }
    },
  );
});
