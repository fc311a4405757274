// A seeded population of labelled recordings without signals: what the question tests plan over.
import { statementDefinition } from "../../src/labels/find-statement.ts";
import { LABEL_SCOPES } from "../../src/labels/label-scopes.ts";
import { toStatement } from "../../src/labels/statement-definition.ts";
import type { QaRecord } from "../../src/qa/qa-record.ts";
import type { Statement, StatementKey } from "../../src/record/statement.ts";
import { createRng } from "../../src/shared/rng.ts";

export const statement = (key: StatementKey, likelihood: number | null = null): Statement =>
  toStatement(statementDefinition(key), likelihood);

/** A PTB-XL-like recording with the given statements. */
export function qaRecord(
  id: string,
  statements: readonly Statement[],
  changes: Partial<QaRecord> = {},
): QaRecord {
  return {
    recordId: id,
    patientId: `patient-of-${id}`,
    patient: { ageYears: 65, sex: "male" },
    statements,
    labelScope: LABEL_SCOPES.ptbxl,
    window: { startSample: 0, endSample: 2500 },
    leadCount: 12,
    source: "ptbxl",
    ...changes,
  };
}

const DIAGNOSES = [
  "scp:IMI",
  "scp:ASMI",
  "scp:LVH",
  "scp:LAFB",
  "scp:CRBBB",
  "scp:IRBBB",
  "scp:1AVB",
  "scp:ISC_",
  "scp:IVCD",
] as const;
const FORMS = ["scp:PVC", "scp:PAC", "scp:QWAVE", "scp:INVT", "scp:LVOLT", "scp:STD_"] as const;
const RHYTHMS = ["scp:AFIB", "scp:SBRAD", "scp:STACH", "scp:SARRH", "scp:PACE", "scp:AFLT"] as const;
const MISC = [
  "heartcare:baseline-drift",
  "heartcare:static-noise",
  "heartcare:burst-noise",
  "heartcare:left-axis-deviation",
  "heartcare:right-axis-deviation",
  "heartcare:extrasystoles",
  "heartcare:electrodes-problems",
] as const;

/** Half of them normal and in sinus rhythm, as in PTB-XL; two recordings for every fifth patient. */
export function labelWorld(count: number, seed: number): QaRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const rng = createRng(`${seed}|${index}`);
    const statements: Statement[] = [];
    if (rng.next() < 0.5) statements.push(statement("scp:NORM", 100));
    else {
      const diagnoses = rng.shuffle(DIAGNOSES).slice(0, 1 + rng.integer(3));
      for (const key of diagnoses) statements.push(statement(key, rng.pick([15, 35, 50, 80, 100, 100])));
      for (const key of rng.shuffle(FORMS).slice(0, rng.integer(3))) statements.push(statement(key));
    }
    statements.push(statement(rng.next() < 0.7 ? "scp:SR" : rng.pick(RHYTHMS)));
    for (const key of rng.shuffle(MISC).slice(0, rng.integer(3))) {
      const axisTwin = statements.some((other) => other.code.value.includes("axis")) && key.includes("axis");
      if (!axisTwin) statements.push(statement(key));
    }
    return qaRecord(`world:${index}`, statements, {
      patientId: `world:p${index % 5 === 4 ? index - 1 : index}`,
      patient: { ageYears: 20 + rng.integer(70), sex: rng.pick(["female", "male"] as const) },
      acquiredAt: `2001-01-${String(1 + (index % 28)).padStart(2, "0")}T10:00:00`,
    });
  });
}
