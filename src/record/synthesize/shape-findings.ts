// Findings that change the shape of a beat: voltage, Q waves, ST and T. Each says how it changes the recipe and when
// it is visible; it is made stronger until it is. Criteria: Circulation 119 (2009) e235-e261, and the fourth universal
// definition of myocardial infarction, Circulation 138 (2018) e618-e651.
import type { StandardLead } from "../lead-names.ts";
import type { SyntheticFinding } from "./finding-catalogue.ts";
import {
  bump,
  type HeartVector,
  type HeartWave,
  plateau,
  scaleVector,
  type VentricularRecipe,
  withVector,
} from "./heart-wave.ts";
import type { BeatShape } from "./measure-beat-shape.ts";

export type ShapeFinding = {
  /** The recipe with the finding; `strength` 1 is what is usual. */
  readonly change: (recipe: VentricularRecipe, strength: number) => VentricularRecipe;
  /** True when the finding can be seen and measured. */
  readonly isVisible: (shape: BeatShape) => boolean;
};

/** Leads that look at the same wall. */
export const WALL_LEADS: Readonly<Record<"inferior" | "anterior" | "lateral", readonly StandardLead[]>> = {
  inferior: ["II", "III", "aVF"],
  anterior: ["V1", "V2", "V3", "V4"],
  lateral: ["I", "aVL", "V4", "V5", "V6"],
};

/** The parts of a repolarisation that are the T wave: those in its second half. */
function isTWave(wave: HeartWave): boolean {
  return wave.from > 0.45;
}

function addWaves(
  recipe: VentricularRecipe,
  added: { readonly qrs?: readonly HeartWave[]; readonly st?: readonly HeartWave[] },
): VentricularRecipe {
  return {
    ...recipe,
    qrs: [...recipe.qrs, ...(added.qrs ?? [])],
    repolarisation: [...recipe.repolarisation, ...(added.st ?? [])],
  };
}

function scaleQrs(recipe: VentricularRecipe, factors: HeartVector): VentricularRecipe {
  return { ...recipe, qrs: recipe.qrs.map((wave) => withVector(wave, scaleVector(wave.vector, factors))) };
}

function scaleTWave(recipe: VentricularRecipe, factors: HeartVector | number): VentricularRecipe {
  return {
    ...recipe,
    repolarisation: recipe.repolarisation.map((wave) =>
      isTWave(wave) ? withVector(wave, scaleVector(wave.vector, factors)) : wave,
    ),
  };
}

/** Replace the T wave by a symmetrical one. */
function replaceTWave(recipe: VentricularRecipe, waves: readonly HeartWave[]): VentricularRecipe {
  return { ...recipe, repolarisation: [...recipe.repolarisation.filter((wave) => !isTWave(wave)), ...waves] };
}

/** The anterior wall is silent: nothing points forward during the QRS. */
function withoutForwardForces(recipe: VentricularRecipe): VentricularRecipe {
  const qrs = recipe.qrs.map((wave) =>
    wave.vector[2] < 0 ? withVector(wave, [wave.vector[0], wave.vector[1], 0.02]) : wave,
  );
  return { ...recipe, qrs };
}

/** The inferior wall is silent: nothing points down until the middle of the QRS. */
function withoutEarlyDownwardForces(recipe: VentricularRecipe): VentricularRecipe {
  const qrs = recipe.qrs.map((wave) => {
    const [x, y, z] = wave.vector;
    if (wave.from < -5) return withVector(wave, [x, Math.min(0, y), z]);
    return wave.from < 10
      ? { ...withVector(wave, [x, 0.85 * y, z]), from: wave.from + 4, to: wave.to + 4 }
      : wave;
  });
  return { ...recipe, qrs };
}

/** A convex ST elevation that runs into the T wave. */
function injury(vector: HeartVector, strength: number, site: HeartWave["site"]): HeartWave[] {
  return [
    plateau([-0.02, 0.25], [0.035, 0.3], scaleVector(vector, 0.75 * strength), site),
    bump(0.5, [0.22, 0.19], scaleVector(vector, 0.85 * strength), site),
  ];
}

/** A horizontal ST depression. */
function depression(vector: HeartVector, strength: number, site: HeartWave["site"]): HeartWave[] {
  return [plateau([-0.02, 0.4], [0.035, 0.13], scaleVector(vector, strength), site)];
}

const every = (
  shape: BeatShape,
  leads: readonly StandardLead[],
  test: (lead: BeatShape["leads"]["I"]) => boolean,
): boolean => leads.every((lead) => test(shape.leads[lead]));

const hypertrophyVoltage = (recipe: VentricularRecipe, strength: number): VentricularRecipe =>
  scaleQrs(recipe, [1.45 * strength, 1.1 * strength, 1.65 * strength]);

/** Findings of shape by name. */
export const SHAPE_FINDINGS: Readonly<Partial<Record<SyntheticFinding, ShapeFinding>>> = {
  CRBBB: {
    change: (recipe, strength) => ({
      ...recipe,
      qrs: recipe.qrs.map((wave) =>
        wave.from > 40 ? withVector(wave, scaleVector(wave.vector, strength)) : wave,
      ),
    }),
    isVisible: ({ leads }) =>
      leads.V1.rMv > 0.5 && leads.I.sMv < -0.12 && leads.V6.sMv < -0.15 && leads.V1.tMv < -0.05,
  },
  CLBBB: {
    change: (recipe, strength) => scaleQrs(recipe, [0.9 + 0.1 * strength, 1, 1]),
    isVisible: ({ leads }) =>
      leads.V6.rMv > 0.55 &&
      leads.V6.sMv > -0.12 &&
      leads.I.rMv > 0.3 &&
      leads.I.sMv > -0.1 &&
      leads.I.qMv < 0.03 &&
      leads.V1.sMv < -0.7 &&
      leads.V1.rMv < 0.2 * -leads.V1.sMv &&
      leads.V6.tMv < -0.06,
  },
  LAFB: {
    change: (recipe, strength) => ({
      ...recipe,
      qrs: recipe.qrs.map((wave) =>
        wave.vector[1] < 0 && wave.from < 40
          ? withVector(wave, scaleVector(wave.vector, [1, strength, 1]))
          : wave,
      ),
    }),
    isVisible: (shape) =>
      shape.initialAxisDegrees < -47 &&
      shape.initialAxisDegrees > -88 &&
      every(shape, WALL_LEADS.inferior, (lead) => lead.rMv > 0.05 && -lead.sMv > 1.3 * lead.rMv) &&
      shape.leads.aVL.qMv > 0.015,
  },
  "LVH:voltage": {
    change: hypertrophyVoltage,
    isVisible: (shape) => shape.sokolowMv > 3.75,
  },
  "LVH:strain": {
    change: (recipe, strength) =>
      addWaves(replaceTWave(hypertrophyVoltage(recipe, strength), []), {
        st: [
          plateau([-0.02, 0.15], [0.04, 0.22], scaleVector([-0.1, -0.02, -0.06], strength)),
          bump(0.68, [0.19, 0.1], scaleVector([-0.26, -0.03, -0.15], strength)),
        ],
      }),
    isVisible: (shape) =>
      shape.sokolowMv > 3.75 &&
      every(shape, ["V5", "V6"], (lead) => lead.stMv < -0.06 && lead.tMv < -0.12) &&
      every(shape, ["I", "aVL"], (lead) => lead.stMv < 0 && lead.tMv < -0.05),
  },
  LVOLT: {
    change: (recipe) => scaleTWave(recipe, 0.6),
    isVisible: () => true,
  },
  "STE_:inferior": {
    change: (recipe, strength) =>
      addWaves(scaleTWave(scaleQrs(recipe, [0.95, 1, 1]), [0.7, 1, 0.8]), {
        qrs: [bump(-20, 8, scaleVector([0, -0.16, 0], strength), "inferior")],
        st: injury([-0.06, 0.24, 0.05], strength, "inferior"),
      }),
    isVisible: (shape) =>
      every(shape, WALL_LEADS.inferior, (lead) => lead.stMv > 0.14) &&
      shape.leads.III.stMv > shape.leads.II.stMv &&
      shape.leads.aVL.stMv < -0.08 &&
      shape.leads.I.stMv < -0.02,
  },
  "STE_:anterior": {
    change: (recipe, strength) =>
      addWaves(scaleTWave(recipe, [0.8, 0.6, 0.9]), {
        qrs: [bump(-16, 9, scaleVector([-0.08, 0, 0.14], strength), "anterior")],
        st: injury([0.06, -0.06, -0.2], strength, "anterior"),
      }),
    isVisible: (shape) =>
      shape.leads.V1.stMv > 0.08 &&
      every(shape, ["V2", "V3"], (lead) => lead.stMv > 0.25) &&
      shape.leads.V4.stMv > 0.15 &&
      shape.leads.III.stMv < -0.05,
  },
  "STD_:inferior": {
    change: (recipe, strength) =>
      addWaves(scaleTWave(recipe, [0.8, 0.55, 0.8]), {
        st: depression([0.0, -0.12, 0.02], strength, "inferior"),
      }),
    isVisible: (shape) => every(shape, WALL_LEADS.inferior, (lead) => lead.stMv < -0.09),
  },
  "STD_:anterior": {
    change: (recipe, strength) =>
      addWaves(scaleTWave(recipe, [0.8, 0.8, 0.6]), {
        st: depression([-0.04, -0.03, 0.14], strength, "anterior"),
      }),
    isVisible: (shape) =>
      every(shape, ["V2", "V3", "V4"], (lead) => lead.stMv < -0.09) && shape.leads.V1.stMv < -0.05,
  },
  "STD_:lateral": {
    change: (recipe, strength) =>
      addWaves(scaleTWave(recipe, [0.6, 0.8, 0.8]), {
        st: depression([-0.15, -0.005, 0.0], strength, "lateral"),
      }),
    isVisible: (shape) =>
      every(shape, ["V4", "V5", "V6"], (lead) => lead.stMv < -0.09) &&
      every(shape, ["I", "aVL"], (lead) => lead.stMv < -0.06),
  },
  "QWAVE:inferior": {
    change: (recipe, strength) =>
      addWaves(withoutEarlyDownwardForces(scaleTWave(recipe, [1, 0.35, 1])), {
        qrs: [bump(-19, 10.5, scaleVector([0.04, -0.4, -0.05], strength), "inferior")],
        st: [bump(0.72, [0.13, 0.1], [0.03, -0.05 * strength, -0.02])],
      }),
    isVisible: (shape) =>
      every(
        shape,
        ["III", "aVF"],
        (lead) => lead.qMs >= 38 && lead.qMv > 0.15 && lead.qMv > 0.3 * lead.rMv,
      ) &&
      shape.leads.II.qMs >= 28 &&
      shape.leads.II.qMv > 0.1,
  },
  "QWAVE:anterior": {
    change: (recipe, strength) =>
      addWaves(withoutForwardForces(scaleTWave(scaleQrs(recipe, [0.92, 1, 1.12]), [0.9, 1, 0.75])), {
        qrs: [bump(-14, 11, scaleVector([-0.24, -0.02, 0.4], strength), "anterior")],
      }),
    isVisible: (shape) =>
      every(
        shape,
        ["V1", "V2", "V3"],
        (lead) => lead.qMs >= 30 && lead.qMv > 0.25 && lead.rMv < 0.45 * -lead.sMv,
      ) &&
      shape.leads.V4.qMs >= 20 &&
      shape.leads.V4.qMv > 0.1,
  },
  "INVT:inferior": {
    change: (recipe, strength) =>
      replaceTWave(recipe, [
        bump(0.7, [0.13, 0.11], scaleVector([0.19, -0.24, -0.06], Math.sqrt(strength)), "inferior"),
      ]),
    isVisible: (shape) => every(shape, WALL_LEADS.inferior, (lead) => lead.tMv < -0.12),
  },
  "INVT:anterior": {
    change: (recipe, strength) =>
      replaceTWave(recipe, [bump(0.7, [0.13, 0.11], scaleVector([-0.04, 0.1, 0.28], strength), "anterior")]),
    isVisible: (shape) =>
      every(shape, ["V1", "V2", "V3"], (lead) => lead.tMv < -0.15) && shape.leads.V4.tMv < -0.06,
  },
  "INVT:lateral": {
    change: (recipe, strength) =>
      replaceTWave(recipe, [bump(0.7, [0.13, 0.11], scaleVector([-0.24, 0.05, -0.1], strength), "lateral")]),
    isVisible: (shape) =>
      every(shape, ["I", "V5", "V6"], (lead) => lead.tMv < -0.12) && shape.leads.aVL.tMv < -0.1,
  },
};
