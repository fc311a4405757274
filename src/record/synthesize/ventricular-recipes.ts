// How ventricular beats look as sequences of heart vectors: normal conduction, blocks, ectopic and paced beats.
// Times and vectors: least-squares fits to median beats (normal, LAFB) and textbook loops, tuned until the twelve
// leads looked right (docs/synthetic/). Criteria: AHA/ACCF/HRS recommendations, Circulation 119 (2009) e235-e261.
import { bump, type HeartWave, plateau, type VentricularRecipe } from "./heart-wave.ts";

/** Repolarisation of a normally conducted beat: ST slightly forward, T to the left, down and forward. */
export const NORMAL_REPOLARISATION: readonly HeartWave[] = [
  bump(0.3, [0.2, 0.3], [0.012, 0.003, -0.05]),
  bump(0.63, [0.16, 0.11], [0.17, 0.07, -0.17]),
  bump(0.77, [0.125, 0.085], [0.25, 0.12, -0.12]),
];

export const NORMAL_BEAT: VentricularRecipe = {
  name: "normal",
  qrs: [
    bump(-24, 6.5, [-0.17, -0.05, -0.24]),
    bump(-12, 6.4, [0.42, 0.17, -0.28]),
    bump(0.5, 7.6, [1.16, 0.62, 0.66]),
    bump(15.5, 7, [-0.1, -0.05, 0.52]),
    bump(28, 9, [-0.06, -0.02, 0.07]),
  ],
  repolarisation: NORMAL_REPOLARISATION,
};

/** Left anterior fascicular block: first to the right and down, then to the left and up. */
export const LEFT_ANTERIOR_FASCICULAR_BEAT: VentricularRecipe = {
  name: "left-anterior-fascicular-block",
  qrs: [
    bump(-24, 7, [-0.12, 0.34, -0.18]),
    bump(-10, 7.5, [0.45, 0.02, -0.1]),
    bump(3, 9, [0.95, -0.62, 0.42]),
    bump(20, 10, [-0.02, -0.62, 0.42]),
  ],
  repolarisation: NORMAL_REPOLARISATION,
};

const LATE_RIGHT_VENTRICLE: readonly HeartWave[] = [
  bump(50, 16, [-0.35, 0.03, -0.72], "right"),
  bump(74, 13, [-0.2, 0.02, -0.28], "right"),
];
const RIGHT_BUNDLE_REPOLARISATION: readonly HeartWave[] = [
  plateau([0, 0.2], [0.05, 0.25], [0.03, 0, 0.06]),
  bump(0.62, [0.18, 0.12], [0.16, 0.07, 0.1]),
  bump(0.77, [0.13, 0.09], [0.19, 0.1, 0.04]),
];

/** Right bundle branch block: a normal start, then the right ventricle late and slow, to the right and forward. */
export const RIGHT_BUNDLE_BEAT: VentricularRecipe = {
  name: "right-bundle-branch-block",
  qrs: [
    bump(-24, 6.5, [-0.15, -0.05, -0.24]),
    bump(-12.5, 6, [0.3, 0.17, -0.14]),
    bump(0, 7.6, [1.05, 0.6, 0.42]),
    bump(18, 9, [0, -0.04, 0.16]),
    ...LATE_RIGHT_VENTRICLE,
  ],
  repolarisation: RIGHT_BUNDLE_REPOLARISATION,
};

/** Bifascicular block: left anterior fascicle and right bundle. */
export const RIGHT_BUNDLE_AND_LEFT_ANTERIOR_BEAT: VentricularRecipe = {
  name: "right-bundle-and-left-anterior-fascicular-block",
  qrs: [...LEFT_ANTERIOR_FASCICULAR_BEAT.qrs, ...LATE_RIGHT_VENTRICLE],
  repolarisation: RIGHT_BUNDLE_REPOLARISATION,
};

/** Left bundle branch block: no septal vector, all forces left and back with a plateau; ST-T the other way. */
export const LEFT_BUNDLE_BEAT: VentricularRecipe = {
  name: "left-bundle-branch-block",
  qrs: [
    bump(-50, 11, [0.22, 0.07, 0.05]),
    bump(-27, 13, [0.74, 0.28, 0.82]),
    bump(0, 13, [0.58, 0.14, 1.05]),
    bump(25, 14, [0.86, 0.1, 1.1]),
    bump(52, 13, [0.3, -0.02, 0.42]),
  ],
  repolarisation: [
    plateau([-0.02, 0.35], [0.05, 0.2], [-0.09, -0.02, -0.15]),
    bump(0.64, [0.22, 0.13], [-0.2, -0.05, -0.36]),
  ],
};

/** Ectopic beat from the right ventricular outflow tract: like left bundle branch block with an axis downwards. */
export const OUTFLOW_TRACT_BEAT: VentricularRecipe = {
  name: "ectopic-outflow-tract",
  qrs: [
    bump(-52, 12, [0.1, 0.35, 0]),
    bump(-20, 18, [0.45, 1.3, 0.75]),
    bump(18, 18, [0.45, 1.35, 1.15]),
    bump(54, 14, [0.08, 0.35, 0.4]),
  ],
  repolarisation: [
    plateau([-0.02, 0.3], [0.05, 0.2], [-0.06, -0.14, -0.12]),
    bump(0.58, [0.22, 0.15], [-0.2, -0.48, -0.42]),
  ],
};

/** Ectopic beat from the back of the left ventricle: like right bundle branch block with an axis upwards. */
export const LEFT_VENTRICULAR_BEAT: VentricularRecipe = {
  name: "ectopic-left-ventricle",
  qrs: [
    bump(-52, 12, [0.15, -0.22, -0.3]),
    bump(-16, 17, [-0.15, -0.95, -1.1]),
    bump(22, 18, [-0.6, -1.0, -0.75]),
    bump(58, 14, [-0.3, -0.22, -0.15]),
  ],
  repolarisation: [
    plateau([-0.02, 0.3], [0.05, 0.2], [0.05, 0.1, 0.1]),
    bump(0.58, [0.22, 0.15], [0.2, 0.42, 0.36]),
  ],
};

/** A beat paced (or escaping) from the apex of the right ventricle: left bundle shape, axis upwards. */
export const RIGHT_VENTRICULAR_APEX_BEAT: VentricularRecipe = {
  name: "right-ventricular-apex",
  qrs: [
    bump(-62, 12, [0.14, -0.26, 0.02]),
    bump(-30, 16, [0.42, -0.9, 0.66]),
    bump(6, 17, [0.56, -0.95, 1.1]),
    bump(40, 16, [0.5, -0.75, 0.95]),
    bump(70, 12, [0.12, -0.18, 0.25]),
  ],
  repolarisation: [
    plateau([-0.02, 0.35], [0.05, 0.22], [-0.05, 0.1, -0.11]),
    bump(0.62, [0.22, 0.14], [-0.16, 0.42, -0.4]),
  ],
};
