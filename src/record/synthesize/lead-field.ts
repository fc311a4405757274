// From heart vectors to leads: Dower's matrix (Dower, Machado, Osborne, J. Electrocardiol. 13 (1980) 119-125) made
// personal: the heart may be turned and shifted, and electrodes see what is near to them enlarged.
import type { HeartVector, SourceSite } from "./heart-wave.ts";

/** The eight independent leads, in the order of every array of eight in this folder. */
export const INDEPENDENT_LEADS = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"] as const;

/** Number of independent leads. */
export const LEAD_COUNT = 8;

/**
 * mV in a lead per mV of heart vector (left, down, back).
 *
 * Dower's matrix, moved halfway to its least-squares re-estimation on the median beats of 23 normal recordings of
 * PTB-XL's training folds (CC BY 4.0), which mainly see less back-front in V1 and more in V2.
 */
const BASE_FIELD: readonly HeartVector[] = [
  [0.647, -0.208, -0.02],
  [0.248, 1.061, -0.14],
  [-0.524, 0.2, -0.794],
  [-0.004, 0.163, -1.643],
  [0.934, 0.085, -1.156],
  [1.222, 0.113, -0.495],
  [1.082, 0.13, -0.095],
  [0.803, 0.1, 0.16],
];

/**
 * Field strength x distance squared (mV cm^2 per mV), so that a dipole in an unbounded medium at the heart's
 * centre gives the base field when each chest electrode sits on its lead vector at sqrt(FIELD_CM2 / length):
 * 5.9 cm for V2 to 8.4 cm for V6.
 */
const FIELD_CM2 = 58;

/** Offset of each site from the centre of the heart in cm (left, down, back). */
const SITE_OFFSET_CM: Readonly<Record<SourceSite, HeartVector>> = {
  whole: [0, 0, 0],
  anterior: [0.6, 0.3, -0.7],
  inferior: [0.2, 1, 0.3],
  lateral: [1.1, 0, 0.5],
  right: [-0.7, 0, -0.5],
};

/** What is personal about a lead field. */
export type TorsoGeometry = {
  /** Shift of the heart against the chest electrodes in cm (left, down, back). */
  readonly heartShiftCm: HeartVector;
  /** Displacement of each chest electrode V1..V6 in cm, as {@link HeartVector}. */
  readonly electrodeShiftCm: readonly HeartVector[];
  /** Gain of the eight independent leads, near 1: conductivity and chest wall. */
  readonly leadGains: readonly number[];
};

/** For each site, a flat 8 x 3 matrix: mV in lead l per mV of vector part c at `[l * 3 + c]`. */
export type LeadField = Readonly<Record<SourceSite, Float64Array>>;

/**
 * The lead field of a torso.
 *
 * Chest leads follow the infinite-medium dipole law k (r_e - s) / |r_e - s|^3 with source position s; limb
 * electrodes are so far away that leads I and II do not depend on s.
 */
export function createLeadField(torso: TorsoGeometry): LeadField {
  const field = (site: SourceSite): Float64Array => {
    const flat = new Float64Array(LEAD_COUNT * 3);
    const source = SITE_OFFSET_CM[site].map((value, axis) => value + torso.heartShiftCm[axis]!);
    for (let lead = 0; lead < LEAD_COUNT; lead++) {
      const base = BASE_FIELD[lead]!;
      const shift = torso.electrodeShiftCm[lead - 2];
      const row = shift ? displacedLeadVector(base, source, shift) : base;
      for (let axis = 0; axis < 3; axis++) flat[lead * 3 + axis] = row[axis]! * torso.leadGains[lead]!;
    }
    return flat;
  };
  return {
    whole: field("whole"),
    anterior: field("anterior"),
    inferior: field("inferior"),
    lateral: field("lateral"),
    right: field("right"),
  };
}

function displacedLeadVector(
  base: HeartVector,
  sourceCm: readonly number[],
  electrodeShiftCm: HeartVector,
): HeartVector {
  const length = Math.hypot(...base);
  const distance = Math.sqrt(FIELD_CM2 / length);
  const toElectrode = base.map(
    (part, axis) => (part / length) * distance + electrodeShiftCm[axis]! - sourceCm[axis]!,
  );
  const reach = Math.hypot(...toElectrode);
  const [x = 0, y = 0, z = 0] = toElectrode.map((part) => (FIELD_CM2 * part) / reach ** 3);
  return [x, y, z];
}

/** The eight lead amplitudes (mV) of a heart vector. */
export function projectVector(field: Float64Array, vector: HeartVector): Float64Array {
  const leads = new Float64Array(LEAD_COUNT);
  for (let lead = 0; lead < LEAD_COUNT; lead++) {
    leads[lead] =
      field[lead * 3]! * vector[0] + field[lead * 3 + 1]! * vector[1] + field[lead * 3 + 2]! * vector[2];
  }
  return leads;
}

/** Turn a vector: first in the frontal plane (positive = clockwise as seen, axis to the right), then in the
 * horizontal plane (positive = towards the back), in degrees. */
export function turnVector(
  vector: HeartVector,
  frontalDegrees: number,
  horizontalDegrees: number,
): HeartVector {
  const frontal = (frontalDegrees * Math.PI) / 180;
  const horizontal = (horizontalDegrees * Math.PI) / 180;
  const x = vector[0] * Math.cos(frontal) - vector[1] * Math.sin(frontal);
  const y = vector[0] * Math.sin(frontal) + vector[1] * Math.cos(frontal);
  return [
    x * Math.cos(horizontal) - vector[2] * Math.sin(horizontal),
    y,
    x * Math.sin(horizontal) + vector[2] * Math.cos(horizontal),
  ];
}
