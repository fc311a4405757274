// A strip before its trace is drawn: which lead, which seconds, which scale, which place.
import type { BoxMm, Strip } from "./display-list.ts";
import { type LeadPlace, leadPlace } from "./lead-layouts.ts";

export type StripPlan = {
  /** Name as printed; a leading minus inverts. */
  readonly place: LeadPlace | string;
  readonly kind?: Strip["kind"];
  readonly row: number;
  readonly column: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly box: BoxMm;
  /** Default: the box. */
  readonly clip?: BoxMm;
  readonly gainMmPerMv: number;
  readonly speedMmPerSecond: number;
  /** Default: the top of the box, until `fitZeroLine` has found its place. */
  readonly zeroLineMm?: number;
  readonly offsetMv?: number;
};

/** Fill in what a plan leaves open; `missing` and `clipped` are known once the trace is drawn. */
export function planStrip(plan: StripPlan): Strip {
  const { place, box, ...rest } = plan;
  const { lead, label, inverted } = typeof place === "string" ? leadPlace(place) : place;
  return {
    kind: "lead",
    clip: box,
    zeroLineMm: box.yMm,
    offsetMv: 0,
    ...rest,
    lead,
    label,
    inverted,
    box,
    missing: true,
    clipped: false,
  };
}
