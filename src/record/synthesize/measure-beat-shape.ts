// What a cardiologist would measure on a beat template: voltages, Q waves, ST levels, T waves and the axis.
import { STANDARD_LEADS, type StandardLead } from "../lead-names.ts";
import { type BeatTemplate, sumWaves } from "./compile-beat.ts";
import { LEAD_COUNT } from "./lead-field.ts";

/** One lead of a beat, in mV and ms. */
export type LeadShape = {
  /** Largest positive and largest negative deflection of the QRS (negative number or 0). */
  readonly rMv: number;
  readonly sMv: number;
  /** The negative start of the QRS: its depth (positive number) and length. */
  readonly qMv: number;
  readonly qMs: number;
  /** Level at a fifth of the way from J to T end: about J + 60 ms. */
  readonly stMv: number;
  /** The largest deflection, with its sign, in the second half of J to T end. */
  readonly tMv: number;
};

export type BeatShape = {
  readonly leads: Readonly<Record<StandardLead, LeadShape>>;
  /** Frontal QRS axis from net areas in I, II and III, -180 to 180 degrees. */
  readonly axisDegrees: number;
  /** The same for the first 70 ms, before a blocked right ventricle adds its own forces. */
  readonly initialAxisDegrees: number;
  /** Sokolow-Lyon voltage: S in V1 + the larger R of V5 and V6. */
  readonly sokolowMv: number;
  /** Largest peak-to-peak QRS voltage of the limb leads and of the chest leads. */
  readonly limbMv: number;
  readonly chestMv: number;
};

const LIMB_LEADS = STANDARD_LEADS.slice(0, 6);
const CHEST_LEADS = STANDARD_LEADS.slice(6);
const STEP_SECONDS = 0.001;
const INITIAL_SECONDS = 0.07;
const T_STEPS = 20;

/** Frontal axis in degrees from areas of the twelve leads. */
function axisOf(area: Float64Array): number {
  return (Math.atan2((area[1]! + area[2]!) / Math.sqrt(3), area[0]!) * 180) / Math.PI;
}

/** The twelve leads (canonical order) from the eight independent ones (I, II, V1..V6). */
export function expandLeads(eight: ArrayLike<number>, into: Float64Array): Float64Array {
  const i = eight[0]!;
  const ii = eight[1]!;
  into[0] = i;
  into[1] = ii;
  into[2] = ii - i;
  into[3] = -(i + ii) / 2;
  into[4] = i - ii / 2;
  into[5] = ii - i / 2;
  for (let chest = 0; chest < 6; chest++) into[6 + chest] = eight[2 + chest]!;
  return into;
}

/** Measure a beat. */
export function measureBeatShape(beat: BeatTemplate): BeatShape {
  const eight = new Float64Array(LEAD_COUNT);
  const twelve = new Float64Array(12);
  const count = Math.round(beat.qrsSeconds / STEP_SECONDS);
  const r = new Float64Array(12);
  const s = new Float64Array(12);
  const q = new Float64Array(12);
  const qCount = new Float64Array(12);
  const area = new Float64Array(12);
  let initialAxisDegrees = 0;
  const started = new Uint8Array(12);
  for (let i = 0; i <= count; i++) {
    expandLeads(sumWaves(beat.qrs, i * STEP_SECONDS, eight), twelve);
    for (let lead = 0; lead < 12; lead++) {
      const mv = twelve[lead]!;
      area[lead]! += mv;
      if (mv > r[lead]!) r[lead] = mv;
      if (mv < s[lead]!) s[lead] = mv;
      if (mv > 0.03) started[lead] = 1;
      if (started[lead] === 0 && mv < -0.02) {
        qCount[lead]! += 1;
        q[lead] = Math.max(q[lead]!, -mv);
      }
    }
    if (i * STEP_SECONDS <= INITIAL_SECONDS) initialAxisDegrees = axisOf(area);
  }
  const st = expandLeads(sumWaves(beat.repolarisation, 0.2, eight), new Float64Array(12));
  const t = new Float64Array(12);
  for (let i = 0; i <= T_STEPS; i++) {
    expandLeads(sumWaves(beat.repolarisation, 0.5 + (0.5 * i) / T_STEPS, eight), twelve);
    for (let lead = 0; lead < 12; lead++)
      if (Math.abs(twelve[lead]!) > Math.abs(t[lead]!)) t[lead] = twelve[lead]!;
  }
  const shapes = STANDARD_LEADS.map((name, lead): [StandardLead, LeadShape] => [
    name,
    { rMv: r[lead]!, sMv: s[lead]!, qMv: q[lead]!, qMs: qCount[lead]!, stMv: st[lead]!, tMv: t[lead]! },
  ]);
  const leads = Object.fromEntries(shapes) as Record<StandardLead, LeadShape>;
  const swing = (lead: StandardLead): number => leads[lead].rMv - leads[lead].sMv;
  return {
    leads,
    axisDegrees: axisOf(area),
    initialAxisDegrees,
    sokolowMv: Math.max(leads.V5.rMv, leads.V6.rMv) - leads.V1.sMv,
    limbMv: Math.max(...LIMB_LEADS.map(swing)),
    chestMv: Math.max(...CHEST_LEADS.map(swing)),
  };
}
