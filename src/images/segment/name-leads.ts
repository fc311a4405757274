// A lead for every strip: the label beside it, else its place in the usual order that the read labels agree with.
import { type LeadPlace, leadPlace, leadPlaces } from "../lead-layouts.ts";
import type { ColumnPlan } from "./plan-columns.ts";

export type NamedStrip = {
  readonly place: LeadPlace;
  readonly row: number;
  readonly column: number;
  readonly kind: "lead" | "rhythm";
  /** The name was read beside the strip, not assumed. */
  readonly labelRead: boolean;
};

/** Name the strips of a page, row by row. A strip for which no name is left over is left out. */
export function nameStrips(
  plan: ColumnPlan,
  read: readonly (readonly (string | undefined)[])[],
  given?: readonly (readonly LeadPlace[])[],
): NamedStrip[] {
  const names = uniqueNames(read.slice(0, plan.leadRows));
  const closest = given === undefined ? closestOrder(plan, names) : undefined;
  const order = given ?? closest?.order;
  // A page read in part, and mostly in a usual order, is in that order: the other names are misread.
  const count = names.flat().filter((name) => name !== undefined).length;
  const agreeing = closest?.agreeing ?? 0;
  const misread = order !== undefined && count < 12 && agreeing < count && agreeing > 0.5 * count;
  const known = misread
    ? names.map((row, r) => row.map((name, c) => (name === order[r]?.[c]?.label ? name : undefined)))
    : names;
  const taken = new Set(
    given === undefined
      ? known.flat().flatMap((name) => (name === undefined ? [] : [leadPlace(name).lead]))
      : [],
  );
  const strips: NamedStrip[] = [];
  for (let row = 0; row < plan.leadRows; row++) {
    for (let column = 0; column < plan.columns; column++) {
      const name = given === undefined ? known[row]?.[column] : undefined;
      const assumed = order?.[row]?.[column];
      const place = name !== undefined ? leadPlace(name) : assumed;
      if (place === undefined || (name === undefined && taken.has(place.lead))) continue;
      taken.add(place.lead);
      strips.push({ place, row, column, kind: "lead", labelRead: name !== undefined });
    }
  }
  for (let row = plan.leadRows; row < read.length; row++) {
    const name = read[row]![0];
    strips.push({
      place: leadPlace(name ?? "II"),
      row,
      column: 0,
      kind: "rhythm",
      labelRead: name !== undefined,
    });
  }
  return strips;
}

/** A name that stands twice among the strips is believed where it stands first. */
function uniqueNames(read: readonly (readonly (string | undefined)[])[]): (string | undefined)[][] {
  const seen = new Set<string>();
  return read.map((row) =>
    row.map((name) => {
      if (name === undefined) return undefined;
      const { lead } = leadPlace(name);
      if (seen.has(lead)) return undefined;
      seen.add(lead);
      return name;
    }),
  );
}

/**
 * The standard or Cabrera order, whichever more of the read names agree with; undefined for another layout.
 * Columns are filled from top to bottom, but four rows of three hold their triples side by side.
 */
function closestOrder(
  { leadRows, columns }: ColumnPlan,
  known: readonly (readonly (string | undefined)[])[],
): { readonly order: readonly (readonly LeadPlace[])[]; readonly agreeing: number } | undefined {
  if (leadRows * columns !== 12) return undefined;
  let best: { order: readonly (readonly LeadPlace[])[]; agreeing: number } | undefined;
  for (const limbOrder of ["standard", "cabrera"] as const) {
    const leads = leadPlaces("12x1", limbOrder).map((row) => row[0]!);
    const order = Array.from({ length: leadRows }, (_, row) =>
      Array.from(
        { length: columns },
        (_place, column) => leads[columns === 3 ? row * columns + column : column * leadRows + row]!,
      ),
    );
    const agreeing = order.flatMap((row, r) =>
      row.filter((place, c) => known[r]?.[c] === place.label),
    ).length;
    if (best === undefined || agreeing > best.agreeing) best = { order, agreeing };
  }
  return best;
}
