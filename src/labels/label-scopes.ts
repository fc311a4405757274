// Which statements the annotators of each source looked for: outside its scope, absence says nothing (design 4.1).
import type { StatementKey } from "../record/statement.ts";
import { CHALLENGE_SCOPE_CODES } from "./challenge-scope-codes.ts";
import { withAncestors } from "./find-statement.ts";
import { STATEMENTS } from "./statement-table.ts";
import { statementFromSnomed } from "./statements-from-snomed.ts";

export const LABEL_SOURCES = [
  "ptbxl",
  "cpsc",
  "cpsc-extra",
  "georgia",
  "chapman",
  "ningbo",
  "ludb",
  "sph",
  "chagas",
  "synthetic",
] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];

/** PTB-XL's misc columns: heart_axis, noises, extra_beats, infarction stages. */
const PTBXL_MISC: readonly StatementKey[] = [
  "heartcare:baseline-drift",
  "heartcare:static-noise",
  "heartcare:burst-noise",
  "heartcare:electrodes-problems",
  "heartcare:extrasystoles",
  "heartcare:ventricular-extrasystoles",
  "heartcare:supraventricular-extrasystoles",
  "heartcare:normal-heart-axis",
  "heartcare:leftward-axis",
  "heartcare:rightward-axis",
  "heartcare:left-axis-deviation",
  "heartcare:right-axis-deviation",
  "heartcare:indeterminate-axis",
  "heartcare:early-stage-of-myocardial-infarction",
  "heartcare:middle-stage-of-myocardial-infarction",
  "heartcare:old-stage-of-myocardial-infarction",
  "heartcare:unknown-stage-of-myocardial-infarction",
];

/** CPSC 2018's nine classes. */
const CPSC: readonly StatementKey[] = [
  "scp:NORM",
  "scp:AFIB",
  "scp:1AVB",
  "heartcare:left-bundle-branch-block",
  "heartcare:right-bundle-branch-block",
  "scp:PAC",
  "scp:PVC",
  "scp:STD_",
  "scp:STE_",
];

/** LUDB's cardiologists filled one field for each of these groups. */
const LUDB: readonly StatementKey[] = [
  "scp:SR",
  "scp:SBRAD",
  "scp:STACH",
  "scp:SARRH",
  "scp:AFIB",
  "scp:AFLT",
  "heartcare:wandering-atrial-pacemaker",
  "heartcare:normal-heart-axis",
  "heartcare:left-axis-deviation",
  "heartcare:right-axis-deviation",
  "heartcare:vertical-heart-axis",
  "heartcare:horizontal-heart-axis",
  "scp:CRBBB",
  "scp:IRBBB",
  "scp:CLBBB",
  "scp:ILBBB",
  "scp:LAFB",
  "scp:IVCD",
  "scp:1AVB",
  "scp:3AVB",
  "heartcare:sinoatrial-block",
  "scp:PVC",
  "scp:PAC",
  "heartcare:ventricular-extrasystoles",
  "heartcare:supraventricular-extrasystoles",
  "scp:LVH",
  "scp:RVH",
  "heartcare:left-atrial-hypertrophy",
  "heartcare:right-atrial-hypertrophy",
  "scp:LAO/LAE",
  "scp:RAO/RAE",
  "heartcare:left-ventricular-overload",
  "scp:PACE",
  "heartcare:ventricular-pacing",
  "heartcare:atrial-pacing",
  "scp:ISC_",
  "scp:ISCIN",
  "scp:ISCLA",
  "scp:ISCAN",
  "heartcare:myocardial-infarction",
  "heartcare:acute-myocardial-infarction",
  "scp:IMI",
  "scp:LMI",
  "scp:AMI",
  "scp:PMI",
  "scp:ASMI",
  "heartcare:old-stage-of-myocardial-infarction",
  "heartcare:st-t-changes",
  "heartcare:early-repolarization",
];

/** What the synthetic generator draws, and so knows the absence of. */
const SYNTHETIC: readonly StatementKey[] = [
  "scp:NORM",
  "scp:SR",
  "scp:SBRAD",
  "scp:STACH",
  "scp:SARRH",
  "scp:AFIB",
  "scp:AFLT",
  "scp:PVC",
  "scp:PAC",
  "scp:BIGU",
  "scp:PACE",
  "scp:1AVB",
  "scp:2AVB",
  "scp:3AVB",
  "scp:CRBBB",
  "scp:CLBBB",
  "scp:LAFB",
  "scp:LVH",
  "scp:LVOLT",
  "scp:STE_",
  "scp:STD_",
  "scp:QWAVE",
  "scp:INVT",
  "scp:LNGQT",
  "heartcare:baseline-drift",
  "heartcare:burst-noise",
  "heartcare:static-noise",
  "heartcare:electrodes-problems",
];

/**
 * Label scope of each source, with the general names that its statements cover (who looked for both complete and
 * incomplete RBBB looked for RBBB).
 *
 * `chagas` (CODE-15 style) has none of our statements: its files say Chagas or not. PTB-XL: all 71 SCP-ECG
 * statements and its misc columns. Challenge sources: the codes with at least 20 records in the Challenge's
 * own counts. A statement marked `absentOnlyByContrast` needs more than scope: see `absentStatements`.
 */
export const LABEL_SCOPES: Readonly<Record<LabelSource, readonly StatementKey[]>> = {
  ptbxl: closed([
    ...STATEMENTS.filter((row) => row.code.system === "scp").map((row) => row.key),
    ...PTBXL_MISC,
  ]),
  cpsc: closed(CPSC),
  "cpsc-extra": closed(fromSnomed(CHALLENGE_SCOPE_CODES["cpsc-extra"])),
  georgia: closed(fromSnomed(CHALLENGE_SCOPE_CODES.georgia)),
  chapman: closed(fromSnomed(CHALLENGE_SCOPE_CODES.chapman)),
  ningbo: closed(fromSnomed(CHALLENGE_SCOPE_CODES.ningbo)),
  ludb: closed(LUDB),
  sph: closed(STATEMENTS.filter((row) => row.aha.some((code) => /^\d+$/.test(code))).map((row) => row.key)),
  chagas: [],
  synthetic: closed(SYNTHETIC),
};

/**
 * The source of a Challenge 2020-2021 record by its name, or undefined: A CPSC 2018, Q CPSC-Extra, E Georgia,
 * HR PTB-XL, JS00001-JS10646 Chapman-Shaoxing and later ones Ningbo.
 */
export function challengeLabelSource(recordName: string): LabelSource | undefined {
  const match = /^(HR|JS|A|Q|E)(\d+)$/.exec(recordName.trim());
  if (match === null) return undefined;
  switch (match[1]) {
    case "HR":
      return "ptbxl";
    case "JS":
      return Number(match[2]) <= 10646 ? "chapman" : "ningbo";
    case "A":
      return "cpsc";
    case "Q":
      return "cpsc-extra";
    default:
      return "georgia";
  }
}

function fromSnomed(codes: readonly string[]): StatementKey[] {
  return codes.flatMap((code) => {
    const statement = statementFromSnomed(code);
    return statement === undefined
      ? []
      : [`${statement.code.system}:${statement.code.value}` as StatementKey];
  });
}

/** With the general names of our own all of whose SCP-ECG kinds are in scope: no kind present, not present. */
function closed(keys: readonly StatementKey[]): readonly StatementKey[] {
  const scope = new Set(keys);
  for (const row of STATEMENTS) {
    if (row.code.system !== "heartcare") continue;
    const kinds = STATEMENTS.filter(
      (other) => other.code.system === "scp" && withAncestors(other.key).has(row.key),
    );
    if (kinds.length > 0 && kinds.every((kind) => scope.has(kind.key))) scope.add(row.key);
  }
  return [...scope];
}
