// A row of ptbxl_database.csv to statements: scp_codes plus the columns behind Table 10's misc dimension.
import type { Statement, StatementKey } from "../record/statement.ts";
import { EcgError } from "../shared/errors.ts";
import { statementDefinition } from "./find-statement.ts";
import { toStatement } from "./statement-definition.ts";
import { statementFromScp, statementsFromScpCodes } from "./statements-from-scp.ts";

/**
 * PTB-XL's heart_axis codes. AXL and AXR are SCP-ECG's leftward and rightward axis, "not severe enough to be
 * called" a deviation (the reports say "borderline left axis", "Steillage"); ALAD and ARAD are marked ones.
 */
const HEART_AXIS: Readonly<Record<string, StatementKey>> = {
  MID: "heartcare:normal-heart-axis",
  AXL: "heartcare:leftward-axis",
  AXR: "heartcare:rightward-axis",
  LAD: "heartcare:left-axis-deviation",
  ALAD: "heartcare:left-axis-deviation",
  RAD: "heartcare:right-axis-deviation",
  ARAD: "heartcare:right-axis-deviation",
  SAG: "heartcare:indeterminate-axis",
};

/** PTB-XL's infarction stages; an in-between stage counts as the later one. */
const INFARCTION_STAGES: Readonly<Record<string, StatementKey>> = {
  "stadium i": "heartcare:early-stage-of-myocardial-infarction",
  "stadium i-ii": "heartcare:middle-stage-of-myocardial-infarction",
  "stadium ii": "heartcare:middle-stage-of-myocardial-infarction",
  "stadium ii-iii": "heartcare:old-stage-of-myocardial-infarction",
  "stadium iii": "heartcare:old-stage-of-myocardial-infarction",
  unknown: "heartcare:unknown-stage-of-myocardial-infarction",
};

const SIGNAL_COLUMNS: readonly (readonly [column: string, key: StatementKey])[] = [
  ["baseline_drift", "heartcare:baseline-drift"],
  ["static_noise", "heartcare:static-noise"],
  ["burst_noise", "heartcare:burst-noise"],
  ["electrodes_problems", "heartcare:electrodes-problems"],
];

/**
 * Statements of one row of ptbxl_database.csv (column name -> cell).
 *
 * Missing columns count as empty. Misc statements carry the cell as `text` (leads of a noise, count of extra
 * beats, stage as written). A pacemaker column that says yes adds PACE where scp_codes does not have it.
 * @throws EcgError INVALID_FILE when `scp_codes` is no Python dictionary of numbers.
 */
export function statementsFromPtbxlRow(row: Readonly<Record<string, string>>): Statement[] {
  const statements = statementsFromScpCodes(parseScpCodes(cell(row, "scp_codes")));
  const add = (statement: Statement): void => {
    const twin = statements.find(
      (other) => other.code.system === statement.code.system && other.code.value === statement.code.value,
    );
    if (twin === undefined) statements.push(statement);
  };
  const axis = HEART_AXIS[cell(row, "heart_axis").toUpperCase()];
  if (axis !== undefined) add(toStatement(statementDefinition(axis), null, cell(row, "heart_axis")));
  for (const [column, key] of SIGNAL_COLUMNS) {
    const leads = leadsText(cell(row, column));
    if (leads !== "") add(toStatement(statementDefinition(key), null, leads));
  }
  for (const key of extraBeatKeys(cell(row, "extra_beats"))) {
    add(toStatement(statementDefinition(key), null, cell(row, "extra_beats")));
  }
  for (const column of ["infarction_stadium1", "infarction_stadium2"]) {
    const stage = INFARCTION_STAGES[cell(row, column).toLowerCase()];
    if (stage !== undefined) add(toStatement(statementDefinition(stage), null, cell(row, column)));
  }
  const pacemaker = /^ja\b|pacemaker/i.test(cell(row, "pacemaker")) ? statementFromScp("PACE") : undefined;
  if (pacemaker !== undefined) add({ ...pacemaker, text: cell(row, "pacemaker") });
  return statements;
}

/**
 * PTB-XL's `{'NORM': 100.0, 'LVOLT': 0.0}` as an object. Empty text gives no codes.
 * @throws EcgError INVALID_FILE for anything else that is not such a dictionary.
 */
export function parseScpCodes(text: string): Record<string, number> {
  const codes: Record<string, number> = {};
  const body = text.trim().replace(/^\{/, "").replace(/\}$/, "").trim();
  if (body === "") return codes;
  for (const entry of body.split(",")) {
    if (entry.trim() === "") continue;
    const match = /^\s*(['"])(.+?)\1\s*:\s*(-?\d+(?:\.\d+)?)\s*$/.exec(entry);
    if (match === null) {
      throw new EcgError(
        "INVALID_FILE",
        `scp_codes: expected entries such as 'NORM': 100.0, got ${JSON.stringify(entry.trim().slice(0, 60))}`,
        { hint: "the column is a Python dictionary of statement and likelihood", details: { text } },
      );
    }
    codes[match[2] ?? ""] = Number(match[3]);
  }
  return codes;
}

/** Leads as PTB-XL writes them (" , I-AVR,  ", "alles") with clean commas. */
function leadsText(raw: string): string {
  const parts = raw
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const text = parts.join(", ");
  return /^alles?$/i.test(text) ? "all leads" : text;
}

/** `1ES`, `VES`, `SVES`, `2ES,1VES`: which extrasystoles a cell names. */
function extraBeatKeys(raw: string): StatementKey[] {
  const keys = new Set<StatementKey>();
  for (const match of raw.toUpperCase().matchAll(/\d*\s*(SVES|VES|ES)/g)) {
    if (match[1] === "SVES") keys.add("heartcare:supraventricular-extrasystoles");
    else if (match[1] === "VES") keys.add("heartcare:ventricular-extrasystoles");
    else keys.add("heartcare:extrasystoles");
  }
  return [...keys];
}

function cell(row: Readonly<Record<string, string>>, column: string): string {
  return (row[column] ?? "").trim();
}
