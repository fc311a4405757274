// What the synthetic heart can show, by name: SCP-ECG codes, with a variant where a code has several faces.

/** Findings that can be asked for. A bare code with variants (`2AVB`) lets the seed choose among them. */
export const SYNTHETIC_FINDINGS = [
  "NORM",
  "SR",
  "SBRAD",
  "STACH",
  "SARRH",
  "AFIB",
  "AFLT",
  "AFLT:2-to-1",
  "AFLT:3-to-1",
  "AFLT:4-to-1",
  "AFLT:variable",
  "PACE",
  "PACE:ventricular",
  "PACE:dual",
  "PVC",
  "PAC",
  "BIGU",
  "1AVB",
  "2AVB",
  "2AVB:wenckebach",
  "2AVB:mobitz-2",
  "3AVB",
  "3AVB:junctional",
  "3AVB:ventricular",
  "CRBBB",
  "CLBBB",
  "LAFB",
  "LVH",
  "LVH:voltage",
  "LVH:strain",
  "LVOLT",
  "STE_",
  "STE_:inferior",
  "STE_:anterior",
  "STD_",
  "STD_:inferior",
  "STD_:anterior",
  "STD_:lateral",
  "QWAVE",
  "QWAVE:inferior",
  "QWAVE:anterior",
  "INVT",
  "INVT:inferior",
  "INVT:anterior",
  "INVT:lateral",
  "LNGQT",
] as const;

/** A finding by SCP-ECG code, or by code and variant. */
export type SyntheticFinding = (typeof SYNTHETIC_FINDINGS)[number];

/** The twelve-lead noises, and electrode problems. */
export const SYNTHETIC_NOISES = [
  "baseline-drift",
  "burst-noise",
  "static-noise",
  "electrode-problem",
] as const;

/** A noise by kind. */
export type SyntheticNoise = (typeof SYNTHETIC_NOISES)[number];

/** One line of {@link listSyntheticFindings}. */
export type SyntheticFindingInfo = {
  readonly finding: SyntheticFinding;
  /** SCP-ECG code without the variant. */
  readonly code: string;
  /** What to look for, one sentence. */
  readonly description: string;
};

const DESCRIPTIONS: Readonly<Record<SyntheticFinding, string>> = {
  NORM: "Sinus rhythm with nothing abnormal.",
  SR: "Sinus rhythm of 60 to 100 per minute: an upright P in I and II before every QRS.",
  SBRAD: "Sinus rhythm below 60 per minute.",
  STACH: "Sinus rhythm above 100 per minute.",
  SARRH: "Sinus rhythm whose RR intervals swing with breathing by more than 0.12 s.",
  AFIB: "No P waves, fibrillatory waves (best in V1), irregularly irregular RR intervals.",
  AFLT: "Sawtooth flutter waves near 300 per minute, negative in II, III and aVF.",
  "AFLT:2-to-1": "Atrial flutter, every second wave conducted.",
  "AFLT:3-to-1": "Atrial flutter, every third wave conducted.",
  "AFLT:4-to-1": "Atrial flutter, every fourth wave conducted.",
  "AFLT:variable": "Atrial flutter with a conduction ratio that changes.",
  PACE: "Pacing spikes, each before a wide QRS.",
  "PACE:ventricular": "Ventricular pacing: spikes before wide QRS complexes, P waves unrelated to them.",
  "PACE:dual": "Dual-chamber pacing: P waves (sensed or paced), then a spike and a wide QRS.",
  PVC: "Early wide beats without a P wave, T the other way, then a full compensatory pause.",
  PAC: "Early beats with another P wave and a narrow QRS; the sinus node starts again after them.",
  BIGU: "Every second beat is a ventricular premature beat.",
  "1AVB": "PR interval above 0.2 s, every P conducted.",
  "2AVB": "Some P waves are not conducted.",
  "2AVB:wenckebach": "PR grows from beat to beat until a P wave is not conducted.",
  "2AVB:mobitz-2": "PR stays the same, and single P waves are not conducted.",
  "3AVB": "P waves and QRS complexes go at their own regular rates.",
  "3AVB:junctional": "Complete AV block with a narrow escape rhythm of 40 to 55 per minute.",
  "3AVB:ventricular": "Complete AV block with a wide escape rhythm of 28 to 40 per minute.",
  CRBBB: "QRS of 0.12 s or more, rsR' in V1, wide S in I and V6.",
  CLBBB: "QRS of 0.12 s or more, broad notched R in I, aVL, V5 and V6, deep QS or rS in V1 to V3.",
  LAFB: "Axis of -45 degrees or more to the left, qR in I and aVL, rS in II, III and aVF.",
  LVH: "S in V1 plus R in V5 or V6 above 3.5 mV.",
  "LVH:voltage": "Voltage of left ventricular hypertrophy with normal ST-T.",
  "LVH:strain":
    "Voltage of left ventricular hypertrophy with ST depression and inverted T in I, aVL, V5 and V6.",
  LVOLT: "QRS below 0.5 mV in every limb lead and below 1 mV in every chest lead.",
  STE_: "ST elevation of an acute infarction with reciprocal depression.",
  "STE_:inferior": "ST elevation in II, III and aVF (III most), ST depression in I and aVL.",
  "STE_:anterior": "Convex ST elevation in V1 to V4 with tall T waves, some depression in III.",
  STD_: "Horizontal ST depression of 0.05 mV or more.",
  "STD_:inferior": "Horizontal ST depression in II, III and aVF.",
  "STD_:anterior": "Horizontal ST depression in V1 to V4.",
  "STD_:lateral": "Horizontal ST depression in I, aVL, V4 to V6.",
  QWAVE: "Wide Q waves of an old infarction.",
  "QWAVE:inferior": "Q waves of 0.04 s in II, III and aVF.",
  "QWAVE:anterior": "QS complexes in V1 to V3, a Q wave in V4.",
  INVT: "Inverted, symmetrical T waves.",
  "INVT:inferior": "Inverted T in II, III and aVF.",
  "INVT:anterior": "Inverted T in V1 to V4.",
  "INVT:lateral": "Inverted T in I, aVL, V4 to V6.",
  LNGQT: "QTc above 0.48 s.",
};

/** Every finding that {@link SyntheticFinding} names, with what to look for. */
export function listSyntheticFindings(): readonly SyntheticFindingInfo[] {
  return SYNTHETIC_FINDINGS.map((finding) => ({
    finding,
    code: findingCode(finding),
    description: DESCRIPTIONS[finding],
  }));
}

/** The SCP-ECG code of a finding. */
export function findingCode(finding: SyntheticFinding): string {
  return finding.split(":")[0]!;
}

/** The variants of a bare code; the finding itself when it has none or is one. */
export function findingVariants(finding: SyntheticFinding): readonly SyntheticFinding[] {
  const variants = SYNTHETIC_FINDINGS.filter((other) => other.startsWith(`${finding}:`));
  return variants.length > 0 ? variants : [finding];
}
