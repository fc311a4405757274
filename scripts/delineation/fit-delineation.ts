// Fit the boundary scorers on LUDB's tuning half and write src/signal/delineate/boundary-weights.ts.
// npx tsx scripts/delineation/fit-delineation.ts ../shared/data/ludb/data
import { writeFileSync } from "node:fs";
import { createRng, type Rng } from "../../src/shared/rng.ts";
import { boundaryContext } from "../../src/signal/delineate/boundary-context.ts";
import {
  BOUNDARY_KINDS,
  BOUNDARY_SETTINGS,
  type BoundaryKind,
  boundaryFeatures,
  FEATURE_COUNT,
  viewSlope,
} from "../../src/signal/delineate/boundary-features.ts";
import { prepareLeads } from "../../src/signal/delineate/prepare-leads.ts";
import { sketchBeats } from "../../src/signal/delineate/sketch-beats.ts";
import { resamplePoly } from "../../src/signal/resample-poly.ts";
import { type FitGroup, fitScorer } from "./fit-scorer.ts";
import { type AnnotatedRecord, listLudb, readAnnotatedRecord } from "./ludb-halves.ts";

const WAVE_OF = { p: "P", q: "QRS", t: "T" } as const;
/** A sketch whose peak lies further from the annotated one (500 Hz samples) found another wave. */
const SAME_WAVE = { P: 30, QRS: 75, T: 40 } as const;
const VARIANTS = ["as recorded", "noisy", "noisy at 100 Hz"] as const;

/** Muscle noise, wander and sometimes hum: LUDB is far quieter between its QRS complexes than other sources. */
function disturb(leads: AnnotatedRecord["leads"], rng: Rng): AnnotatedRecord["leads"] {
  const muscle = rng.uniform(0.004, 0.03);
  const wander = rng.uniform(0, 0.15);
  const hum = rng.next() < 0.3 ? rng.uniform(0, 0.02) : 0;
  return leads.map(({ name, x }) => {
    const own = muscle * rng.uniform(0.5, 1.5);
    const wanderHz = rng.uniform(0.15, 0.4);
    const [a, b] = [rng.uniform(0, 2 * Math.PI), rng.uniform(0, 2 * Math.PI)];
    const noisy = x.map((value, i) => {
      const time = (2 * Math.PI * i) / 500;
      return (
        value + own * rng.normal() + wander * Math.sin(a + wanderHz * time) + hum * Math.sin(b + 50 * time)
      );
    });
    return { name, x: noisy };
  });
}

function variantOf(record: AnnotatedRecord, variant: (typeof VARIANTS)[number]) {
  if (variant === "as recorded") return prepareLeads(record.leads, record.samplingRateHz);
  const noisy = disturb(record.leads, createRng(`${record.recordNumber}:${variant}`));
  if (variant === "noisy") return prepareLeads(noisy, record.samplingRateHz);
  const slow = noisy.map(({ name, x }) => ({
    name,
    x: resamplePoly(
      x.map((value) => value - x[0]!),
      1,
      5,
    ),
  }));
  return prepareLeads(slow, 100);
}

function collectGroups(record: AnnotatedRecord, groups: Record<BoundaryKind, FitGroup[]>): void {
  for (const variant of VARIANTS) {
    const prepared = variantOf(record, variant);
    const sketch = sketchBeats(prepared.leads);
    const activity = viewSlope(sketch.activity);
    const steepness = viewSlope(sketch.quiet.steepness);
    for (const [l, lead] of prepared.leads.entries()) {
      const waves = record.boundaries[lead.leadIndex]!.waves;
      const fine = viewSlope(lead.fineSlope);
      const quiet = viewSlope(sketch.quiet.slopes[l]!);
      for (const kind of BOUNDARY_KINDS) {
        const wave = WAVE_OF[kind[0] as "p" | "q" | "t"];
        for (const index of sketch.beats.keys()) {
          const context = boundaryContext(sketch, index, kind);
          if (context === null) continue;
          const truth = waves
            .filter(
              (found) => found.wave === wave && Math.abs(found.peakSample - context.peak) < SAME_WAVE[wave],
            )
            .sort((a, b) => Math.abs(a.peakSample - context.peak) - Math.abs(b.peakSample - context.peak))[0];
          const at = kind.endsWith("Onset") ? truth?.onsetSample : truth?.offsetSample;
          if (at === undefined) continue;
          const { step, steps } = BOUNDARY_SETTINGS[kind];
          const target = (at - context.anchor) / step + steps;
          if (target < 0 || target > 2 * steps) continue;
          const views = wave === "QRS" ? [fine, activity] : [quiet, steepness];
          const features = boundaryFeatures(kind, views[0]!, views[1]!, context);
          groups[kind].push({ features: Float32Array.from(features), target });
        }
      }
    }
  }
}

const folder = process.argv[2] ?? "../shared/data/ludb/data";
const groups = Object.fromEntries(BOUNDARY_KINDS.map((kind) => [kind, []])) as unknown as Record<
  BoundaryKind,
  FitGroup[]
>;
for (const recordNumber of await listLudb(folder, "tuning")) {
  collectGroups(await readAnnotatedRecord(folder, recordNumber), groups);
}
const fitted = BOUNDARY_KINDS.map((kind) => {
  const { steps, step } = BOUNDARY_SETTINGS[kind];
  const blurMs = { p: 10, q: 6, t: 16 }[kind[0] as "p" | "q" | "t"];
  const { weights, loss } = fitScorer(groups[kind], {
    candidates: 2 * steps + 1,
    features: FEATURE_COUNT,
    hidden: 10,
    blur: blurMs / (2 * step),
    epochs: 14,
    rng: createRng(`fit:${kind}`),
  });
  console.log(`${kind}: ${groups[kind].length} boundaries, loss ${loss.toFixed(3)}`);
  const round = (values: ArrayLike<number>): string =>
    Array.from(values, (v) => Number(v.toPrecision(4))).join(", ");
  return `  ${kind}: {\n    hidden: [${round(weights.hidden)}],\n    output: [${round(weights.output)}],\n  },`;
});
writeFileSync(
  new URL("../../src/signal/delineate/boundary-weights.ts", import.meta.url),
  `// Weights of the boundary scorers; written by scripts/delineation/fit-delineation.ts, not by hand.
// Fitted on half of the patients of the Lobachevsky University Electrocardiography Database (LUDB 1.0.1,
// Kalyakulina et al., IEEE Access 2020; ODC Attribution License), which is thanked for its annotations.
import type { BoundaryKind } from "./boundary-features.ts";

/**
 * One hidden layer of rectified units, one score a candidate.
 * \`hidden\` is (units, features + 1), the last column being the bias; \`output\` is (units).
 */
export type BoundaryWeights = { readonly hidden: readonly number[]; readonly output: readonly number[] };

export const BOUNDARY_WEIGHTS: Readonly<Record<BoundaryKind, BoundaryWeights>> = {
${fitted.join("\n")}
};
`,
);
