// Who the patients of a synthetic cohort are, what their hearts show, and how that changes between recordings.
import { EcgError } from "../../shared/errors.ts";
import { createRng, type Rng } from "../../shared/rng.ts";
import type { Sex } from "../ecg-record.ts";
import { SYNTHETIC_NOISES, type SyntheticFinding, type SyntheticNoise } from "./finding-catalogue.ts";

/** One recording of a cohort; {@link synthesizeEcg} takes it with a rate and a duration. */
export type CohortPlan = {
  /** `synthetic:0001`, counted over the cohort. */
  readonly id: string;
  /** `synthetic:patient-0001`. */
  readonly patientId: string;
  readonly seed: string;
  readonly patient: { readonly ageYears: number; readonly sex: Sex; readonly seed: string };
  readonly findings: readonly SyntheticFinding[];
  readonly noises: readonly SyntheticNoise[];
  /** ISO 8601; later recordings of a patient are later. */
  readonly acquiredAt: string;
  readonly ambientNoiseMv: number;
};

type Findings = readonly SyntheticFinding[];

/** A course: how common it is, at what age, and what successive recordings show. */
type Course = {
  readonly weight: number;
  readonly ages: readonly [from: number, to: number];
  readonly stages: readonly Findings[];
};

const course = (weight: number, ages: readonly [number, number], ...stages: readonly Findings[]): Course => ({
  weight,
  ages,
  stages,
});

/** Weights follow the order of magnitude of PTB-XL's statements, with rare findings made common enough to learn. */
const COURSES: readonly Course[] = [
  course(26, [18, 80], []),
  course(7, [18, 75], ["SBRAD"], []),
  course(6, [18, 80], ["STACH"], []),
  course(5, [18, 45], ["SARRH"], []),
  course(5, [55, 90], [], ["AFIB"]),
  course(4, [60, 92], ["AFIB"], []),
  course(2, [60, 90], ["AFIB", "LVH"], ["AFIB", "LVH"]),
  course(2, [60, 90], ["AFIB", "CRBBB"], ["AFIB", "CRBBB", "PVC"]),
  course(2, [60, 90], ["AFIB", "PVC"], ["AFIB"]),
  course(4, [50, 88], ["AFLT"], [], ["AFIB"]),
  course(2, [50, 85], ["AFLT:2-to-1"], ["AFLT:4-to-1"], []),
  course(5, [30, 85], ["PVC"], []),
  course(3, [30, 85], ["BIGU"], ["PVC"], []),
  course(5, [40, 85], ["PAC"], [], ["AFIB"]),
  course(4, [60, 92], ["1AVB"], ["2AVB:wenckebach"], ["PACE:dual"]),
  course(3, [60, 92], ["2AVB:mobitz-2"], ["3AVB"], ["PACE"]),
  course(3, [60, 92], ["3AVB:ventricular"], ["PACE:ventricular"], ["PACE:ventricular"]),
  course(2, [60, 92], ["1AVB", "CRBBB"], ["3AVB:junctional", "CRBBB"], ["PACE"]),
  course(3, [60, 92], ["PACE"], ["PACE"]),
  course(5, [45, 90], ["CRBBB"], ["CRBBB", "LAFB"]),
  course(5, [50, 90], [], ["CLBBB"]),
  course(2, [55, 90], ["LAFB"], ["CLBBB"]),
  course(4, [45, 90], ["LAFB"], ["LAFB", "1AVB"]),
  course(4, [40, 85], ["LVH:voltage"], ["LVH:strain"], ["LVH:strain", "PVC"]),
  course(3, [45, 88], ["LVH:strain"], ["LVH:strain", "1AVB"]),
  course(3, [40, 90], ["LVOLT"], ["LVOLT", "STACH"]),
  course(5, [40, 85], [], ["STE_:inferior"], ["QWAVE:inferior"]),
  course(5, [40, 85], ["STE_:anterior"], ["QWAVE:anterior"], ["QWAVE:anterior", "PVC"]),
  course(2, [45, 85], ["STE_:inferior", "1AVB"], ["QWAVE:inferior"]),
  course(4, [45, 85], ["QWAVE:inferior"], ["QWAVE:inferior", "INVT:inferior"]),
  course(4, [45, 85], ["QWAVE:anterior"], ["QWAVE:anterior", "INVT:anterior"]),
  course(3, [45, 85], ["STD_:lateral"], [], ["STE_:anterior"]),
  course(3, [45, 85], ["STD_:inferior"], []),
  course(3, [45, 85], ["STD_:anterior", "STACH"], ["INVT:anterior"]),
  course(4, [35, 85], ["INVT:anterior"], []),
  course(3, [35, 85], ["INVT:lateral"], ["INVT:lateral"]),
  course(2, [35, 85], ["INVT:inferior"], []),
  course(4, [18, 75], ["LNGQT"], []),
  course(2, [18, 75], ["LNGQT", "SBRAD"], ["LNGQT", "PVC"]),
];

/** Chances of one, two and three recordings of a patient. */
const RECORDINGS: readonly number[] = [0.55, 0.28, 0.17];
const MOST_RECORDINGS = 1_000_000;
const NOISE_CHANCE = 0.22;
const FIRST_DAY_MS = Date.UTC(2012, 0, 2);
const DAY_MS = 86_400_000;

/**
 * Plan `count` recordings, patient after patient.
 *
 * A smaller count gives the beginning of the same list. Between two recordings of a patient lie a day to two years;
 * age follows.
 * @throws EcgError INVALID_OPTION for a count that is no integer from 0 to 1,000,000.
 */
export function planCohort(count: number, seed: number | string): CohortPlan[] {
  if (!(Number.isInteger(count) && count >= 0 && count <= MOST_RECORDINGS)) {
    throw new EcgError(
      "INVALID_OPTION",
      `count: expected an integer from 0 to ${MOST_RECORDINGS}, got ${count}`,
    );
  }
  const rng = createRng(`cohort:${seed}`);
  const plans: CohortPlan[] = [];
  for (let patient = 1; plans.length < count; patient++) {
    planPatient(rng.fork(String(patient)), { patient, seed }, plans);
  }
  return plans.slice(0, count);
}

function planPatient(
  rng: Rng,
  { patient, seed }: { readonly patient: number; readonly seed: number | string },
  plans: CohortPlan[],
): void {
  const { ages, stages } =
    COURSES[
      drawWeighted(
        rng,
        COURSES.map(({ weight }) => weight),
      )
    ]!;
  const recordings = 1 + drawWeighted(rng, RECORDINGS);
  const sex: Sex = rng.next() < 0.5 ? "female" : "male";
  const firstAge = rng.uniform(ages[0], ages[1]);
  const firstDay = rng.integer(3600);
  let stage = recordings >= stages.length ? 0 : rng.integer(stages.length - recordings + 1);
  let day = firstDay;
  for (let recording = 0; recording < recordings; recording++) {
    const number = plans.length + 1;
    const minute = rng.integer(14 * 60) + 7 * 60;
    plans.push({
      id: `synthetic:${String(number).padStart(4, "0")}`,
      patientId: `synthetic:patient-${String(patient).padStart(4, "0")}`,
      seed: `${seed}:${patient}:${recording}`,
      patient: {
        ageYears: Math.floor(firstAge + (day - firstDay) / 365.25),
        sex,
        seed: `${seed}:${patient}`,
      },
      findings: stages[stage]!,
      noises: rng.next() < NOISE_CHANCE ? [rng.pick(SYNTHETIC_NOISES)] : [],
      acquiredAt: new Date(FIRST_DAY_MS + day * DAY_MS + minute * 60_000).toISOString().slice(0, 19),
      ambientNoiseMv: rng.uniform(0.002, 0.008),
    });
    if (stage < stages.length - 1 && rng.next() < 0.8) stage++;
    day += 1 + Math.floor(720 * rng.next() ** 2);
  }
}

/** An index with a chance in proportion to its weight. */
function drawWeighted(rng: Rng, weights: readonly number[]): number {
  let left = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
