// auxiliaryLabels: every statement of a recording at once, as targets beside its questions (the paper's auxiliary labels, A).
import { STATEMENTS } from "../../labels/statement-table.ts";
import { HEARTCARE_INPUTS } from "../../model/dspa/build-heartcare.ts";
import { PRESENT_WEIGHT } from "../../model/dspa/statement-head.ts";
import type { RecordFacts } from "../../qa/record-facts.ts";
import { DIMENSIONS, type StatementKey } from "../../record/statement.ts";
import type { SequencePlan } from "./draw-sequences.ts";
import type { PackedBatch } from "./pack-batch.ts";

/** One label a statement of the table, in its order. */
export const AUXILIARY_KEYS: readonly StatementKey[] = STATEMENTS.map(({ key }) => key);
export const AUXILIARY_LABELS: number = AUXILIARY_KEYS.length;

const INDEX: ReadonlyMap<string, number> = new Map(STATEMENTS.map(({ key }, index) => [key, index]));

/** Inputs of the auxiliary loss for a packed batch of at most `places` summaries; others are left out. */
export function auxiliaryInputs(
  plans: readonly SequencePlan[],
  { summaries }: PackedBatch,
  options: { readonly places: number; readonly tokens: number },
): Record<string, Float32Array | BigInt64Array> {
  const { places, tokens } = options;
  const rows = new BigInt64Array(places);
  const targets = new Float32Array(places * AUXILIARY_LABELS);
  const mask = new Float32Array(places * AUXILIARY_LABELS);
  let known = 0;
  for (const [at, { row, shown, place }] of summaries.slice(0, places).entries()) {
    rows[at] = BigInt(row * tokens + place);
    const { facts } = plans[row]!.shown[shown]!.entry;
    known += fill(facts, at * AUXILIARY_LABELS, targets, mask);
  }
  const scale = known > 0 ? mask.length / known : 0;
  return {
    [HEARTCARE_INPUTS.auxiliaryRows]: rows,
    [HEARTCARE_INPUTS.auxiliaryTargets]: targets,
    [HEARTCARE_INPUTS.auxiliaryMask]: mask.map((value) => value * scale),
  };
}

/** -> how many labels are known. */
function fill(facts: RecordFacts, at: number, targets: Float32Array, mask: Float32Array): number {
  const known = new Set<number>();
  for (const dimension of DIMENSIONS) {
    for (const [keys, target] of [
      [facts[dimension].absent, 0],
      [facts[dimension].certain, 1],
    ] as const) {
      for (const key of keys) {
        const index = INDEX.get(key);
        if (index === undefined) continue;
        targets[at + index] = target;
        mask[at + index] = target === 1 ? PRESENT_WEIGHT : 1;
        known.add(index);
      }
    }
  }
  return known.size;
}
