// What may be said about a synthetic recording: its statements, and the scope in which silence means absence.
// Names and keys are those of labels/statement-table.ts (a test compares them).
import type { StandardLead } from "../lead-names.ts";
import { STANDARD_LEADS } from "../lead-names.ts";
import type { Dimension, Statement, StatementKey } from "../statement.ts";
import type { NoiseEffect } from "./add-noise.ts";
import { findingCode, type SyntheticFinding, type SyntheticNoise } from "./finding-catalogue.ts";
import type { BeatShape, LeadShape } from "./measure-beat-shape.ts";
import type { HeartRequest } from "./resolve-findings.ts";
import { WALL_LEADS } from "./shape-findings.ts";

type Row = { readonly name: string; readonly dimensions: readonly Dimension[] };

/** Every statement that the generator can make. */
const ROWS: Readonly<Record<string, Row>> = {
  "scp:NORM": { name: "normal ECG", dimensions: ["diagnosis"] },
  "scp:LVH": { name: "left ventricular hypertrophy", dimensions: ["diagnosis"] },
  "scp:IMI": { name: "inferior myocardial infarction", dimensions: ["diagnosis"] },
  "scp:AMI": { name: "anterior myocardial infarction", dimensions: ["diagnosis"] },
  "scp:LNGQT": { name: "long QT-interval", dimensions: ["diagnosis", "waveform"] },
  "scp:CRBBB": { name: "complete right bundle branch block", dimensions: ["diagnosis"] },
  "scp:CLBBB": { name: "complete left bundle branch block", dimensions: ["diagnosis"] },
  "scp:LAFB": { name: "left anterior fascicular block", dimensions: ["diagnosis"] },
  "scp:1AVB": { name: "first degree AV block", dimensions: ["diagnosis"] },
  "scp:2AVB": { name: "second degree AV block", dimensions: ["diagnosis"] },
  "scp:3AVB": { name: "third degree AV block", dimensions: ["diagnosis"] },
  "scp:QWAVE": { name: "Q waves present", dimensions: ["waveform"] },
  "scp:LVOLT": { name: "low QRS voltage in chest and limb leads", dimensions: ["waveform"] },
  "scp:VCLVH": {
    name: "voltage criteria (QRS) for left ventricular hypertrophy",
    dimensions: ["waveform"],
  },
  "scp:STE_": { name: "non-specific ST elevation", dimensions: ["waveform"] },
  "scp:STD_": { name: "non-specific ST depression", dimensions: ["waveform"] },
  "scp:INVT": { name: "inverted T-waves", dimensions: ["waveform"] },
  "scp:PVC": { name: "ventricular premature complex", dimensions: ["waveform"] },
  "scp:PAC": { name: "atrial premature complex", dimensions: ["waveform"] },
  "scp:SR": { name: "sinus rhythm", dimensions: ["rhythm"] },
  "scp:SBRAD": { name: "sinus bradycardia", dimensions: ["rhythm"] },
  "scp:STACH": { name: "sinus tachycardia", dimensions: ["rhythm"] },
  "scp:SARRH": { name: "sinus arrhythmia", dimensions: ["rhythm"] },
  "scp:AFIB": { name: "atrial fibrillation", dimensions: ["rhythm"] },
  "scp:AFLT": { name: "atrial flutter", dimensions: ["rhythm"] },
  "scp:PACE": { name: "normal functioning artificial pacemaker", dimensions: ["rhythm"] },
  "scp:BIGU": { name: "bigeminal pattern", dimensions: ["rhythm"] },
  "heartcare:baseline-drift": { name: "baseline drift", dimensions: ["misc"] },
  "heartcare:burst-noise": { name: "burst noise", dimensions: ["misc"] },
  "heartcare:static-noise": { name: "static noise", dimensions: ["misc"] },
  "heartcare:electrodes-problems": { name: "electrodes problems", dimensions: ["misc"] },
  "heartcare:ventricular-extrasystoles": { name: "ventricular extrasystoles", dimensions: ["misc"] },
  "heartcare:supraventricular-extrasystoles": {
    name: "supraventricular extrasystoles",
    dimensions: ["misc"],
  },
  "heartcare:normal-heart-axis": { name: "normal heart axis", dimensions: ["misc"] },
  "heartcare:left-axis-deviation": { name: "left axis deviation", dimensions: ["misc"] },
  "heartcare:right-axis-deviation": { name: "right axis deviation", dimensions: ["misc"] },
  "heartcare:early-stage-of-myocardial-infarction": {
    name: "early stage of myocardial infarction",
    dimensions: ["misc"],
  },
  "heartcare:old-stage-of-myocardial-infarction": {
    name: "old stage of myocardial infarction",
    dimensions: ["misc"],
  },
};

/** Statement keys of the generator, in the table's order. */
export const SYNTHETIC_SCOPE: readonly StatementKey[] = Object.keys(ROWS) as StatementKey[];

const NOISE_KEYS: Readonly<Record<SyntheticNoise, StatementKey>> = {
  "baseline-drift": "heartcare:baseline-drift",
  "burst-noise": "heartcare:burst-noise",
  "static-noise": "heartcare:static-noise",
  "electrode-problem": "heartcare:electrodes-problems",
};

/** Statements beyond the finding's own code. */
const COMPANIONS: Readonly<Partial<Record<SyntheticFinding, readonly StatementKey[]>>> = {
  "LVH:voltage": ["scp:VCLVH"],
  "LVH:strain": ["scp:VCLVH"],
  "STE_:inferior": ["scp:IMI", "heartcare:early-stage-of-myocardial-infarction"],
  "STE_:anterior": ["scp:AMI", "heartcare:early-stage-of-myocardial-infarction"],
  "QWAVE:inferior": ["scp:IMI", "heartcare:old-stage-of-myocardial-infarction"],
  "QWAVE:anterior": ["scp:AMI", "heartcare:old-stage-of-myocardial-infarction"],
  PVC: ["heartcare:ventricular-extrasystoles"],
  PAC: ["heartcare:supraventricular-extrasystoles"],
  BIGU: ["scp:PVC", "heartcare:ventricular-extrasystoles"],
};

const AXIS_KEYS: readonly StatementKey[] = [
  "heartcare:normal-heart-axis",
  "heartcare:left-axis-deviation",
  "heartcare:right-axis-deviation",
];
const SHAPE_KEYS: readonly StatementKey[] = [
  "scp:LVH",
  "scp:VCLVH",
  "scp:LVOLT",
  "scp:QWAVE",
  "scp:IMI",
  "scp:AMI",
  "scp:STE_",
  "scp:STD_",
  "scp:INVT",
  "scp:LNGQT",
];

export type StatedFindings = {
  readonly statements: readonly Statement[];
  readonly labelScope: readonly StatementKey[];
};

/** What is known about a finished recording. */
export type RecordingFacts = {
  readonly request: HeartRequest;
  /** Shape of the beats that the recording consists of. */
  readonly shape: BeatShape;
  readonly noises: readonly NoiseEffect[];
  /** QTc of the conducted beats by Bazett, in seconds. */
  readonly qtcBazettSeconds: number;
};

/**
 * State what is visible.
 *
 * Besides the asked findings, ST and T changes that come with them are measured and stated (an acute inferior
 * infarction has reciprocal ST depression). What is neither clearly there nor clearly absent, and what a conduction
 * disorder or pacing hides (Q waves, ST-T, voltage), is left out of the scope.
 */
export function stateFindings(facts: RecordingFacts): StatedFindings {
  const present = new Map<StatementKey, string | undefined>();
  const unsaid = new Set<StatementKey>();
  const { request } = facts;
  for (const finding of request.findings) {
    present.set(`scp:${findingCode(finding)}`, detailOf(finding));
    for (const key of COMPANIONS[finding] ?? []) present.set(key, undefined);
  }
  if (isNormal(request)) present.set("scp:NORM", undefined);
  stateShape(facts, present, unsaid);
  stateAxis(facts, present, unsaid);
  hideRhythms(request, unsaid);
  if (facts.qtcBazettSeconds > 0.455) unsaid.add("scp:LNGQT");
  for (const effect of facts.noises) {
    const text = `${effect.leads.join(", ")}${effect.detail ? ` (${effect.detail})` : ""}`;
    present.set(NOISE_KEYS[effect.noise], text);
  }
  if (facts.noises.some((effect) => effect.isReversal)) {
    // The heart may be normal, its picture is not.
    present.delete("scp:NORM");
    for (const key of AXIS_KEYS) present.delete(key);
    for (const key of ["scp:NORM", ...SHAPE_KEYS, ...AXIS_KEYS] as const) unsaid.add(key);
  }
  const keys = SYNTHETIC_SCOPE.filter((key) => present.has(key));
  return {
    statements: keys.map((key) => toStatement(key, present.get(key))),
    labelScope: SYNTHETIC_SCOPE.filter((key) => present.has(key) || !unsaid.has(key)),
  };
}

/** The statement of a key, stated with certainty. */
function toStatement(key: StatementKey, text: string | undefined): Statement {
  const row = ROWS[key]!;
  const [system, value] = key.split(":") as ["scp" | "heartcare", string];
  const statement = { code: { system, value }, name: row.name, dimensions: row.dimensions, likelihood: 100 };
  return text === undefined ? statement : { ...statement, text };
}

function detailOf(finding: SyntheticFinding): string | undefined {
  const variant = finding.split(":")[1];
  if (variant === undefined) return undefined;
  const code = findingCode(finding);
  if (["STE_", "STD_", "QWAVE", "INVT"].includes(code)) {
    return WALL_LEADS[variant as keyof typeof WALL_LEADS].join(", ");
  }
  return variant;
}

function isNormal(request: HeartRequest): boolean {
  return request.findings.every((finding) => ["SR", "SBRAD", "STACH", "SARRH"].includes(finding));
}

type Verdict = "yes" | "no" | "unsure";

/** Yes when two leads of one wall pass `sure`, no when none of the leads passes `hint`. */
function judgeLeads(
  shape: BeatShape,
  walls: readonly (readonly StandardLead[])[],
  sure: (lead: LeadShape, name: StandardLead) => boolean,
  hint: (lead: LeadShape, name: StandardLead) => boolean,
): { readonly verdict: Verdict; readonly leads: readonly StandardLead[] } {
  const isSure = (name: StandardLead): boolean => sure(shape.leads[name], name);
  const certain = walls.some((wall) => wall.filter(isSure).length >= 2);
  const hinted = walls.some((wall) => wall.some((name) => hint(shape.leads[name], name)));
  const leads = certain ? STANDARD_LEADS.filter((name) => name !== "aVR" && isSure(name)) : [];
  return { verdict: certain ? "yes" : hinted ? "unsure" : "no", leads };
}

const WALLS = [WALL_LEADS.inferior, WALL_LEADS.anterior, WALL_LEADS.lateral] as const;
/** T may be negative in III, aVL and V1 of a healthy heart. */
const T_WALLS: readonly (readonly StandardLead[])[] = [
  ["II", "aVF"],
  ["V2", "V3", "V4"],
  ["I", "V5", "V6"],
];

function stateShape(
  { request, shape }: RecordingFacts,
  present: Map<StatementKey, string | undefined>,
  unsaid: Set<StatementKey>,
): void {
  const hidden = request.rhythm === "PACE" || request.conduction === "CLBBB" || isVentricularEscape(request);
  if (hidden) {
    for (const key of SHAPE_KEYS) unsaid.add(key);
    for (const key of ["scp:CRBBB", "scp:CLBBB", "scp:LAFB"] as const) unsaid.add(key);
    return;
  }
  if (request.conduction.startsWith("CRBBB")) {
    for (const key of ["scp:STE_", "scp:STD_", "scp:INVT", "scp:LVH", "scp:VCLVH"] as const) unsaid.add(key);
    if (judgeQ(shape) !== "no")
      for (const key of ["scp:QWAVE", "scp:IMI", "scp:AMI"] as const) unsaid.add(key);
    return;
  }
  const limit = (name: StandardLead): number => (name === "V2" || name === "V3" ? 0.2 : 0.1);
  settle(
    "scp:STE_",
    judgeLeads(
      shape,
      WALLS,
      (lead, name) => lead.stMv >= limit(name),
      (lead, name) => lead.stMv >= 0.8 * limit(name),
    ),
  );
  settle(
    "scp:STD_",
    judgeLeads(
      shape,
      WALLS,
      (lead) => lead.stMv <= -0.05,
      (lead) => lead.stMv <= -0.04,
    ),
  );
  settle(
    "scp:INVT",
    judgeLeads(
      shape,
      T_WALLS,
      (lead) => lead.tMv <= -0.1,
      (lead) => lead.tMv <= -0.03,
    ),
  );
  if (request.findings.includes("LVH:strain")) {
    // V1 to V3 mirror the strain: no separate finding, but no flat ST either.
    present.delete("scp:STE_");
    unsaid.add("scp:STE_");
  }
  if (judgeQ(shape) !== "no") for (const key of ["scp:QWAVE", "scp:IMI", "scp:AMI"] as const) unsaid.add(key);
  if (shape.sokolowMv > 3.4 || shape.leads.aVL.rMv > 1.05)
    for (const key of ["scp:LVH", "scp:VCLVH"] as const) unsaid.add(key);
  if (shape.limbMv < 0.6 || shape.chestMv < 1.1) unsaid.add("scp:LVOLT");

  function settle(key: StatementKey, judged: ReturnType<typeof judgeLeads>): void {
    if (judged.verdict === "yes") present.set(key, judged.leads.join(", "));
    if (judged.verdict === "unsure") unsaid.add(key);
  }
}

/** Whether pathological Q waves (30 ms and more, or QS in V1 to V3) can be seen. */
function judgeQ(shape: BeatShape): Verdict {
  const wide = (lead: LeadShape): boolean => lead.qMs >= 30 && lead.qMv >= 0.1 && lead.qMv > 0.25 * lead.rMv;
  const { I, II, aVF, V2, V3, V4, V5, V6 } = shape.leads;
  return [I, II, aVF, V2, V3, V4, V5, V6].some(wide) ? "yes" : "no";
}

function stateAxis(
  { request, shape }: RecordingFacts,
  present: Map<StatementKey, string | undefined>,
  unsaid: Set<StatementKey>,
): void {
  const degrees = request.conduction.startsWith("CRBBB") ? shape.initialAxisDegrees : shape.axisDegrees;
  const near = [-30, -90, 90, 180, -180].some((limit) => Math.abs(degrees - limit) < 5);
  if (near || request.rhythm === "PACE" || isVentricularEscape(request) || degrees < -90) {
    for (const key of AXIS_KEYS) unsaid.add(key);
    return;
  }
  const key: StatementKey =
    degrees < -30
      ? "heartcare:left-axis-deviation"
      : degrees <= 90
        ? "heartcare:normal-heart-axis"
        : "heartcare:right-axis-deviation";
  present.set(key, `${Math.round(degrees)} degrees`);
}

/** Where one rhythm runs over another, silence about the second says nothing. */
function hideRhythms(request: HeartRequest, unsaid: Set<StatementKey>): void {
  const codes = request.findings.map(findingCode);
  if (request.rhythm === "PACE") {
    for (const key of [
      "scp:SR",
      "scp:SBRAD",
      "scp:STACH",
      "scp:SARRH",
      "scp:AFIB",
      "scp:1AVB",
      "scp:2AVB",
      "scp:3AVB",
    ] as const) {
      unsaid.add(key);
    }
  }
  if (codes.includes("3AVB"))
    for (const key of ["scp:SR", "scp:SBRAD", "scp:STACH", "scp:SARRH"] as const) unsaid.add(key);
  if (codes.includes("2AVB"))
    for (const key of ["scp:SBRAD", "scp:SARRH", "scp:1AVB"] as const) unsaid.add(key);
  if (codes.includes("PAC") || codes.includes("BIGU")) unsaid.add("scp:SARRH");
}

function isVentricularEscape(request: HeartRequest): boolean {
  return request.findings.includes("3AVB:ventricular");
}
