// LUDB's columns (ludb.csv) and header comments to statements.
import type { Statement, StatementKey } from "../record/statement.ts";
import { statementDefinition } from "./find-statement.ts";
import { toStatement } from "./statement-definition.ts";
import { statementsFromPhrase } from "./statements-from-phrase.ts";

/** Walls as LUDB names them to the SCP-ECG statement of ischaemia and of infarction there. */
const ISCHEMIA_AT: Readonly<Record<string, StatementKey>> = {
  "inferior wall": "scp:ISCIN",
  "lateral wall": "scp:ISCLA",
  "anterior wall": "scp:ISCAN",
};
const INFARCTION_AT: Readonly<Record<string, StatementKey>> = {
  "inferior wall": "scp:IMI",
  "lateral wall": "scp:LMI",
  "anterior wall": "scp:AMI",
  "posterior wall": "scp:PMI",
  septal: "scp:ASMI",
};

type LudbRule = {
  readonly pattern: RegExp;
  readonly keys: readonly StatementKey[];
  readonly likelihood?: number;
};

/** First rule that matches a line decides. Lines that none matches are read as English phrases. */
const RULES: readonly LudbRule[] = [
  { pattern: /^electric axis of the heart: normal/, keys: ["heartcare:normal-heart-axis"] },
  { pattern: /^electric axis of the heart: left axis/, keys: ["heartcare:left-axis-deviation"] },
  { pattern: /^electric axis of the heart: right axis/, keys: ["heartcare:right-axis-deviation"] },
  { pattern: /^electric axis of the heart: vertical/, keys: ["heartcare:vertical-heart-axis"] },
  { pattern: /^electric axis of the heart: horizontal/, keys: ["heartcare:horizontal-heart-axis"] },
  { pattern: /^electric axis/, keys: [] },
  { pattern: /^irregular sinus rhythm/, keys: ["scp:SARRH"] },
  { pattern: /^atrial flutter/, keys: ["scp:AFLT"] },
  {
    pattern: /^atrial extrasystole.*bigemin/,
    keys: ["scp:PAC", "heartcare:supraventricular-extrasystoles", "heartcare:atrial-bigeminy"],
  },
  {
    pattern: /^atrial extrasystole.*trigemin/,
    keys: ["scp:PAC", "heartcare:supraventricular-extrasystoles", "scp:TRIGU"],
  },
  { pattern: /^atrial extrasystole/, keys: ["scp:PAC", "heartcare:supraventricular-extrasystoles"] },
  {
    pattern: /^ventricular extrasystole.*bigemin/,
    keys: ["scp:PVC", "heartcare:ventricular-extrasystoles", "heartcare:ventricular-bigeminy"],
  },
  {
    pattern: /^ventricular extrasystole.*trigemin/,
    keys: ["scp:PVC", "heartcare:ventricular-extrasystoles", "heartcare:ventricular-trigeminy"],
  },
  { pattern: /^ventricular extrasystole/, keys: ["scp:PVC", "heartcare:ventricular-extrasystoles"] },
  {
    pattern:
      /^(unipolar|bipolar|biventricular)?\s*(ventricular )?pacing|biventricular pacing|ventricular pacing/,
    keys: ["scp:PACE", "heartcare:ventricular-pacing"],
  },
  { pattern: /atrial pacing/, keys: ["scp:PACE", "heartcare:atrial-pacing"] },
  { pattern: /^pacemaker presence/, keys: ["scp:PACE"] },
  { pattern: /^non-specific repolarization/, keys: ["heartcare:st-t-changes"] },
  { pattern: /^non-specific intravintricular|^non-specific intraventricular/, keys: ["scp:IVCD"] },
  { pattern: /^undefined ischemia\/scar/, keys: ["scp:ISC_"], likelihood: 50 },
];

/**
 * Statements of LUDB lines such as "Sinus bradycardia", "Ischemia: inferior wall", "Stemi: septal",
 * "Ventricular extrasystole, type: single pvc" (the cells of ludb.csv or the `#` lines of a header, one line each).
 *
 * STEMI gives the infarction of its wall and an acute infarction, scar the infarction of its wall and the old
 * stage; a wall that SCP-ECG has no statement for gives the general one. "Undefined ischemia/scar" is uncertain
 * by its own words: likelihood 50. Each statement once, with the wordings joined in `text`.
 */
export function statementsFromLudb(lines: readonly string[]): Statement[] {
  const found = new Map<StatementKey, { likelihood: number | null; texts: string[] }>();
  const add = (key: StatementKey, likelihood: number | null, text: string): void => {
    const entry = found.get(key);
    if (entry === undefined) found.set(key, { likelihood, texts: [text] });
    else {
      if (!entry.texts.includes(text)) entry.texts.push(text);
      if (likelihood === null) entry.likelihood = null;
    }
  };
  for (const raw of lines) {
    const line = raw
      .replace(/^#/, "")
      .replace(/^\s*Rhythm:\s*/i, "")
      .replace(/\.\s*$/, "")
      .trim();
    if (line === "" || /^<|^diagnoses/i.test(line)) continue;
    for (const { key, likelihood } of keysOfLine(line)) add(key, likelihood, line);
  }
  return [...found].map(([key, entry]) =>
    toStatement(statementDefinition(key), entry.likelihood, entry.texts.join("; ")),
  );
}

function keysOfLine(line: string): { readonly key: StatementKey; readonly likelihood: number | null }[] {
  const lower = line.toLowerCase();
  const stated = (keys: readonly StatementKey[]) => keys.map((key) => ({ key, likelihood: null }));
  const wall = lower.split(":")[1]?.trim() ?? "";
  if (lower.startsWith("ischemia:")) return stated([ISCHEMIA_AT[wall] ?? "scp:ISC_"]);
  if (lower.startsWith("stemi:")) {
    return stated([
      INFARCTION_AT[wall] ?? "heartcare:myocardial-infarction",
      "heartcare:acute-myocardial-infarction",
    ]);
  }
  if (lower.startsWith("scar formation:")) {
    return stated([
      INFARCTION_AT[wall] ?? "heartcare:myocardial-infarction",
      "heartcare:old-stage-of-myocardial-infarction",
    ]);
  }
  const rule = RULES.find((candidate) => candidate.pattern.test(lower));
  if (rule !== undefined) return rule.keys.map((key) => ({ key, likelihood: rule.likelihood ?? null }));
  return statementsFromPhrase(line).map((statement) => ({
    key: `${statement.code.system}:${statement.code.value}` as StatementKey,
    likelihood: statement.likelihood,
  }));
}

/** LUDB lines of a row of ludb.csv: every column but ID, Sex and Age, one entry a line. */
export function ludbLines(row: Readonly<Record<string, string>>): string[] {
  return Object.entries(row)
    .filter(([column]) => !/^(id|sex|age)$/i.test(column.trim()))
    .flatMap(([, cell]) => cell.split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
