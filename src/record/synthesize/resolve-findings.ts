// From what a caller asks to one consistent heart: a rhythm, a conduction, shape findings; contradictions are errors.
import { EcgError } from "../../shared/errors.ts";
import type { Rng } from "../../shared/rng.ts";
import {
  findingCode,
  findingVariants,
  SYNTHETIC_FINDINGS,
  type SyntheticFinding,
} from "./finding-catalogue.ts";

export type SyntheticRhythm = "sinus" | "AFIB" | "AFLT" | "PACE";
export type SyntheticConduction = "normal" | "CRBBB" | "CLBBB" | "LAFB" | "CRBBB+LAFB";

/** A consistent request. `rateBpm` is the mean ventricular rate. */
export type HeartRequest = {
  readonly findings: readonly SyntheticFinding[];
  readonly rhythm: SyntheticRhythm;
  readonly conduction: SyntheticConduction;
  readonly rateBpm: number;
};

/** Ventricular rates of each rhythm: what is drawn without a wish, and what a wish may be. */
const RATES: Readonly<
  Record<string, { readonly usual: readonly [number, number]; readonly possible: readonly [number, number] }>
> = {
  SR: { usual: [61, 92], possible: [60, 100] },
  SBRAD: { usual: [41, 57], possible: [30, 60] },
  STACH: { usual: [103, 142], possible: [100, 190] },
  SARRH: { usual: [56, 84], possible: [45, 100] },
  AFIB: { usual: [62, 128], possible: [35, 200] },
  "AFLT:2-to-1": { usual: [130, 160], possible: [110, 175] },
  "AFLT:3-to-1": { usual: [87, 107], possible: [74, 116] },
  "AFLT:4-to-1": { usual: [65, 80], possible: [55, 87] },
  "AFLT:variable": { usual: [75, 110], possible: [60, 140] },
  PACE: { usual: [60, 74], possible: [40, 130] },
  "2AVB": { usual: [46, 62], possible: [30, 90] },
  "3AVB:junctional": { usual: [40, 52], possible: [38, 60] },
  "3AVB:ventricular": { usual: [29, 39], possible: [20, 45] },
  sinus: { usual: [61, 92], possible: [30, 190] },
};

/** Findings that cannot stand together, by code or code and variant. */
const CONFLICTS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["SR"], ["SBRAD", "STACH", "SARRH"]],
  [["SBRAD"], ["STACH"]],
  [["SARRH"], ["SBRAD", "STACH", "BIGU", "2AVB"]],
  [["AFIB"], ["AFLT"]],
  [
    ["AFIB", "AFLT", "PACE"],
    ["SR", "SBRAD", "STACH", "SARRH", "PAC", "BIGU", "1AVB", "2AVB", "3AVB"],
  ],
  [["PACE"], ["AFIB", "AFLT", "PVC"]],
  [["3AVB"], ["SR", "SBRAD", "STACH", "SARRH", "PVC", "PAC", "BIGU", "1AVB", "2AVB"]],
  [["2AVB"], ["SBRAD", "STACH", "PVC", "PAC", "BIGU", "1AVB"]],
  [["BIGU"], ["PAC"]],
  [["CLBBB"], ["CRBBB", "LAFB"]],
  [
    ["CLBBB", "PACE", "3AVB:ventricular"],
    ["CRBBB", "CLBBB", "LAFB", "LVH", "STE_", "STD_", "QWAVE", "INVT", "LNGQT"],
  ],
  [["CRBBB"], ["LVH", "STE_:anterior", "STD_:anterior", "QWAVE:anterior", "INVT:anterior"]],
  [["LAFB"], ["QWAVE:inferior", "STE_:inferior"]],
  [["LVH"], ["LVOLT", "QWAVE:anterior", "STE_:anterior"]],
  [["LVOLT"], ["STE_", "QWAVE"]],
  [["LVH:strain"], ["STE_", "STD_", "INVT", "QWAVE"]],
  [["STE_"], ["STD_", "INVT", "QWAVE"]],
  [["STD_"], ["QWAVE"]],
];

const ABNORMAL = SYNTHETIC_FINDINGS.map(findingCode).filter(
  (code) => !["NORM", "SR", "SBRAD", "STACH", "SARRH"].includes(code),
);

/**
 * Choose variants, rhythm, conduction and rate.
 *
 * Without a rhythm among the findings it is sinus rhythm, called SBRAD below 60 per minute and STACH above 100.
 * @throws EcgError INVALID_OPTION for an unknown name, findings that exclude each other, or a rate that the rhythm
 * cannot have.
 */
export function resolveFindings(
  asked: readonly SyntheticFinding[],
  heartRateBpm: number | undefined,
  rng: Rng,
): HeartRequest {
  const findings = chooseVariants(asked, heartRateBpm, rng);
  if (findings.includes("NORM")) rejectTogether(["NORM"], findings, ABNORMAL);
  for (const [some, others] of CONFLICTS) rejectTogether(some, findings, others);
  const codes = new Set(findings.map(findingCode));
  const rateBpm = chooseRate(findings, heartRateBpm, rng);
  return {
    findings: withRhythmName(findings, codes, rateBpm),
    rhythm: codes.has("AFIB") ? "AFIB" : codes.has("AFLT") ? "AFLT" : codes.has("PACE") ? "PACE" : "sinus",
    conduction: chooseConduction(codes),
    rateBpm,
  };
}

function chooseVariants(
  asked: readonly SyntheticFinding[],
  heartRateBpm: number | undefined,
  rng: Rng,
): SyntheticFinding[] {
  const chosen = new Map<string, SyntheticFinding>();
  for (const finding of asked) {
    if (!SYNTHETIC_FINDINGS.includes(finding)) {
      throw new EcgError(
        "INVALID_OPTION",
        `findings: expected a name of listSyntheticFindings(), got ${finding}`,
        {
          hint: `one of ${SYNTHETIC_FINDINGS.filter((name) => !name.includes(":")).join(" ")}`,
        },
      );
    }
    const possible = findingVariants(finding).filter((variant) =>
      variantAllowed(variant, asked, heartRateBpm),
    );
    const draw = rng.fork(`variant-${finding}`);
    const variant = possible.length > 0 ? draw.pick(possible) : finding;
    const key = findingCode(finding);
    const earlier = chosen.get(key);
    if (earlier && earlier !== variant && earlier.includes(":") && finding.includes(":")) {
      throw conflict(earlier, finding);
    }
    if (!earlier || finding.includes(":")) chosen.set(key, variant);
  }
  return [...chosen.values()];
}

/** Keep variants that fit the wished rate and the other findings. */
function variantAllowed(
  variant: SyntheticFinding,
  asked: readonly SyntheticFinding[],
  heartRateBpm: number | undefined,
): boolean {
  const rate = RATES[variant];
  if (rate && heartRateBpm !== undefined && !inside(heartRateBpm, rate.possible)) return false;
  return !CONFLICTS.some(
    ([some, others]) =>
      (matchesAny(variant, some) && asked.some((other) => matchesAny(other, others))) ||
      (matchesAny(variant, others) && asked.some((other) => matchesAny(other, some))),
  );
}

function matchesAny(finding: SyntheticFinding, names: readonly string[]): boolean {
  return names.includes(finding) || names.includes(findingCode(finding));
}

function rejectTogether(
  some: readonly string[],
  findings: readonly SyntheticFinding[],
  others: readonly string[],
): void {
  const first = findings.find((finding) => matchesAny(finding, some));
  const second = findings.find((finding) => finding !== first && matchesAny(finding, others));
  if (first && second) throw conflict(first, second);
}

function conflict(first: string, second: string): EcgError {
  return new EcgError(
    "INVALID_OPTION",
    `findings: expected findings of one heart, got ${first} with ${second}`,
    {
      hint: "they exclude or hide each other; ask for one of them",
      details: { first, second },
    },
  );
}

function chooseRate(
  findings: readonly SyntheticFinding[],
  heartRateBpm: number | undefined,
  rng: Rng,
): number {
  const named =
    findings.find((finding) => finding in RATES) ?? findings.find((finding) => findingCode(finding) in RATES);
  const rate = RATES[named ?? "sinus"] ?? RATES[findingCode(named as SyntheticFinding)]!;
  if (heartRateBpm === undefined) return rng.fork("rate").uniform(rate.usual[0], rate.usual[1]);
  if (!inside(heartRateBpm, rate.possible)) {
    const [low, high] = rate.possible;
    throw new EcgError(
      "INVALID_OPTION",
      `heartRateBpm: expected ${low} to ${high} per minute for ${named ?? "sinus rhythm"}, got ${heartRateBpm}`,
      { hint: "leave the rate out, or ask for another rhythm", details: { low, high, heartRateBpm } },
    );
  }
  return heartRateBpm;
}

function withRhythmName(
  findings: readonly SyntheticFinding[],
  codes: ReadonlySet<string>,
  rateBpm: number,
): readonly SyntheticFinding[] {
  const others = findings.filter((finding) => finding !== "NORM");
  if (["SR", "SBRAD", "STACH", "SARRH", "AFIB", "AFLT", "PACE", "3AVB"].some((code) => codes.has(code)))
    return others;
  if (codes.has("2AVB")) return ["SR", ...others];
  return [rateBpm < 60 ? "SBRAD" : rateBpm > 100 ? "STACH" : "SR", ...others];
}

function chooseConduction(codes: ReadonlySet<string>): SyntheticConduction {
  if (codes.has("CLBBB")) return "CLBBB";
  if (codes.has("CRBBB")) return codes.has("LAFB") ? "CRBBB+LAFB" : "CRBBB";
  return codes.has("LAFB") ? "LAFB" : "normal";
}

function inside(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}
