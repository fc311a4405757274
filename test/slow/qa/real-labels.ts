// Labels of the real PTB-XL, LUDB and Challenge 2021 recordings as question records, without their signals.
import { readdirSync, readFileSync } from "node:fs";
import { challengeLabelSource, LABEL_SCOPES } from "../../../src/labels/label-scopes.ts";
import { ludbLines, statementsFromLudb } from "../../../src/labels/statements-from-ludb.ts";
import { statementsFromPtbxlRow } from "../../../src/labels/statements-from-ptbxl-row.ts";
import { statementsFromSnomed } from "../../../src/labels/statements-from-snomed.ts";
import type { QaRecord } from "../../../src/qa/qa-record.ts";
import type { Sex } from "../../../src/record/ecg-record.ts";
import { hashText } from "../../../src/shared/rng.ts";
import { parseCsvTable } from "../../../src/sources/csv/parse-csv.ts";

export const REAL_DATA = "../shared/data";

const SHOWN = { window: { startSample: 0, endSample: 2500 }, leadCount: 12 };

/** 414 + 156 recordings, and those of the Challenge that are not among PTB-XL's. */
export function realRecords(): QaRecord[] {
  const ptbxl = ptbxlRecords();
  const known = new Set(ptbxl.map((record) => record.recordId));
  return [...ptbxl, ...ludbRecords(), ...challengeRecords(known)];
}

function ptbxlRecords(): QaRecord[] {
  const { rows } = parseCsvTable(readFileSync(`${REAL_DATA}/ptb-xl/ptbxl_database.csv`, "utf8"));
  return rows.map(({ values: row }) => {
    const fold = Number(row["strat_fold"]);
    return {
      ...SHOWN,
      recordId: `ptbxl:${row["ecg_id"]}`,
      patientId: `ptbxl:${Math.round(Number(row["patient_id"]))}`,
      patient: { ageYears: Number(row["age"]), sex: row["sex"] === "1" ? "female" : ("male" as Sex) },
      acquiredAt: row["recording_date"],
      statements: statementsFromPtbxlRow(row),
      labelScope: LABEL_SCOPES.ptbxl,
      source: "ptbxl",
      split: fold <= 8 ? "train" : fold === 9 ? "val" : "test",
    };
  });
}

function ludbRecords(): QaRecord[] {
  const { rows } = parseCsvTable(readFileSync(`${REAL_DATA}/ludb/ludb.csv`, "utf8"));
  return rows.map(({ values: row }) => {
    const id = `ludb:${row["ID"]}`;
    const age = Number((row["Age"] ?? "").replace(">", ""));
    return {
      ...SHOWN,
      recordId: id,
      patientId: id,
      patient: {
        ageYears: Number.isFinite(age) ? age : undefined,
        sex: (row["Sex"] ?? "").trim() === "F" ? "female" : ("male" as Sex),
      },
      statements: statementsFromLudb(ludbLines(row)),
      labelScope: LABEL_SCOPES.ludb,
      source: "ludb",
      split: splitByHash(id),
    };
  });
}

function challengeRecords(known: ReadonlySet<string>): QaRecord[] {
  const folder = `${REAL_DATA}/challenge-2021`;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".hea"))
    .flatMap((name): QaRecord[] => {
      const record = name.replace(".hea", "");
      const source = challengeLabelSource(record);
      const id = record.startsWith("HR") ? `ptbxl:${Number(record.slice(2))}` : `challenge:${record}`;
      if (source === undefined || known.has(id)) return [];
      const header = readFileSync(`${folder}/${name}`, "latin1");
      const field = (key: string) => new RegExp(`# ?${key}: *(\\S+)`).exec(header)?.[1] ?? "";
      const age = Number(field("Age") || Number.NaN);
      const sex = field("Sex").toLowerCase();
      return [
        {
          ...SHOWN,
          recordId: id,
          patientId: id,
          patient: {
            ageYears: Number.isFinite(age) ? age : undefined,
            sex: sex.startsWith("f") ? "female" : sex.startsWith("m") ? "male" : undefined,
          },
          statements: statementsFromSnomed(field("Dx").split(","), { normalIsNsr: source === "cpsc" }),
          labelScope: LABEL_SCOPES[source],
          source: "challenge",
          split: splitByHash(id),
        },
      ];
    });
}

function splitByHash(id: string): string {
  const turn = hashText(id) % 10;
  return turn < 8 ? "train" : turn === 8 ? "val" : "test";
}
