// One thing that the rules read from measurements.
import type { StatementKey } from "../../record/statement.ts";
import type { LeadShape, Measurements } from "./measurements.ts";

/** A statement that holds by its criterion. */
export type Reading = {
  readonly key: StatementKey;
  /** 0 to 1: how sure the rule is that an expert would say the same; comparable between rules, no probability. */
  readonly confidence: number;
  /** The numbers that it rests on, e.g. `PR 224 ms > 200 ms`. */
  readonly because: string;
};

/** The lead's shape, or undefined where it was not measured. */
export function shapeOf(measured: Measurements, lead: string): LeadShape | undefined {
  return measured.leads[lead];
}

/** Amplitude of a deflection as a magnitude; 0 where there is none. */
export function size(amplitudeMv: number | null | undefined): number {
  return Math.abs(amplitudeMv ?? 0);
}

/** Groups of leads that look at the same wall and lie side by side (4th universal definition of infarction, 2018). */
export const WALLS = {
  inferior: ["II", "III", "aVF"],
  septal: ["V1", "V2", "V3"],
  anterior: ["V2", "V3", "V4"],
  lateral: ["I", "aVL", "V5", "V6"],
} as const;
export type WallName = keyof typeof WALLS;

/** Names of the leads of a wall that pass a test. */
export function leadsWhere(
  measured: Measurements,
  leads: readonly string[],
  test: (shape: LeadShape, lead: string) => boolean,
): string[] {
  return leads.filter((lead) => {
    const shape = shapeOf(measured, lead);
    return shape !== undefined && test(shape, lead);
  });
}

/** Confidence that grows from `low` at the limit to `high` at `far` beyond it. */
export function graded(beyond: number, far: number, [low, high]: readonly [number, number]): number {
  return low + (high - low) * Math.min(1, Math.max(0, beyond / far));
}
