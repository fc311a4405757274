// Which synthetic patients there are, what their hearts show, and how that changes from recording to recording.
import type { SyntheticFinding, SyntheticNoise } from "../../record/synthesize-ecg.ts";
import { SYNTHETIC_NOISES } from "../../record/synthesize-ecg.ts";
import { createRng, type Rng } from "../../shared/rng.ts";

/** One recording to synthesize. */
export type SyntheticPlan = {
  /** `<seed>-p<patient>-<recording>`. */
  readonly id: string;
  readonly patientId: string;
  readonly findings: readonly SyntheticFinding[];
  readonly noises: readonly SyntheticNoise[];
  /** ISO date and time; later recordings of a patient are later. */
  readonly acquiredAt: string;
};

type Scenario = readonly SyntheticFinding[];

/** What a first recording shows, with how often among 100 or so patients: common findings stay common. */
const SCENARIOS: readonly (readonly [weight: number, findings: Scenario])[] = [
  [22, []],
  [5, ["SBRAD"]],
  [5, ["STACH"]],
  [5, ["SARRH"]],
  [7, ["AFIB"]],
  [3, ["AFLT"]],
  [4, ["PACE"]],
  [4, ["PVC"]],
  [4, ["PAC"]],
  [2, ["BIGU"]],
  [4, ["1AVB"]],
  [2, ["2AVB"]],
  [2, ["3AVB"]],
  [4, ["CRBBB"]],
  [3, ["CLBBB"]],
  [3, ["LAFB"]],
  [2, ["CRBBB", "LAFB"]],
  [4, ["LVH"]],
  [2, ["LVOLT"]],
  [3, ["STE_:inferior"]],
  [3, ["STE_:anterior"]],
  [3, ["STD_"]],
  [3, ["QWAVE:inferior"]],
  [3, ["QWAVE:anterior"]],
  [4, ["INVT"]],
  [3, ["LNGQT"]],
  [1, ["AFIB", "LVH"]],
  [1, ["AFIB", "CRBBB"]],
  [1, ["SBRAD", "1AVB"]],
  [1, ["SBRAD", "LVH"]],
  [1, ["STACH", "PVC"]],
  [1, ["1AVB", "CRBBB"]],
];

/** What may follow: treatment, healing or progress. Anything else stays as it was. */
const COURSES: Readonly<Record<string, readonly Scenario[]>> = {
  "": [["AFIB"], ["PVC"], ["STD_"], ["STACH"], ["STE_:inferior"], ["1AVB"]],
  AFIB: [[], ["AFLT"], ["AFIB", "LVH"]],
  AFLT: [[], ["AFIB"]],
  PVC: [[], ["BIGU"]],
  BIGU: [["PVC"], []],
  PAC: [[], ["AFIB"]],
  STACH: [[]],
  SBRAD: [["PACE"], []],
  "1AVB": [["2AVB"], ["1AVB", "CRBBB"]],
  "2AVB": [["3AVB"], ["PACE"]],
  "3AVB": [["PACE"]],
  LAFB: [["CRBBB", "LAFB"]],
  LVH: [
    ["SBRAD", "LVH"],
    ["AFIB", "LVH"],
  ],
  "STE_:inferior": [["QWAVE:inferior"]],
  "STE_:anterior": [["QWAVE:anterior"]],
  STD_: [[], ["STE_:anterior"]],
  INVT: [[]],
  LNGQT: [[]],
};

/** Chances of one, two and three recordings of a patient. */
const RECORDINGS: readonly number[] = [0.5, 0.3, 0.2];
const CHANGE_CHANCE = 0.6;
const NOISE_CHANCE = 0.25;
const FIRST_DAY_MS = Date.UTC(2020, 0, 1, 8);
const DAY_MS = 86_400_000;

/**
 * The first `count` recordings of the patients that a seed names, patient after patient.
 *
 * Half of the patients have one recording, the others two or three; later ones show the same, progress or healing.
 * A smaller count gives the beginning of the same list (the last patient may lack recordings).
 *
 * Lists and draws stay as they are: the card of heartcare-nano says `synthetic:300`, and a dataset of that name must
 * come out again.
 */
export function planSyntheticPatients(count: number, seed: number | string): SyntheticPlan[] {
  const rng = createRng(`synthetic-patients:${seed}`);
  const plans: SyntheticPlan[] = [];
  for (let patient = 0; plans.length < count; patient++) {
    plans.push(...planPatient(rng.fork(String(patient)), `${seed}-p${String(patient).padStart(4, "0")}`));
  }
  return plans.slice(0, count);
}

function planPatient(rng: Rng, name: string): SyntheticPlan[] {
  const recordings = 1 + drawWeighted(rng, RECORDINGS);
  let findings =
    SCENARIOS[
      drawWeighted(
        rng,
        SCENARIOS.map(([weight]) => weight),
      )
    ]![1];
  let day = rng.integer(1000);
  return Array.from({ length: recordings }, (_, recording): SyntheticPlan => {
    if (recording > 0) {
      const courses = COURSES[findings.join("+")];
      if (courses && rng.next() < CHANGE_CHANCE) findings = rng.pick(courses);
      day += 1 + rng.integer(400);
    }
    const time = FIRST_DAY_MS + day * DAY_MS + rng.integer(600) * 60_000;
    return {
      id: `${name}-${recording + 1}`,
      patientId: `synthetic:${name}`,
      findings,
      noises: rng.next() < NOISE_CHANCE ? [rng.pick(SYNTHETIC_NOISES)] : [],
      acquiredAt: new Date(time).toISOString().slice(0, 19),
    };
  });
}

/** An index with a chance in proportion to its weight. */
function drawWeighted(rng: Rng, weights: readonly number[]): number {
  let left = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return index < 0 ? weights.length - 1 : index;
}
