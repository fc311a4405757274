// Which leads stand in which row and column of a printout; no lead may be missing or stand there twice.
import { EcgError } from "../shared/errors.ts";

export type LayoutName = "3x4" | "6x2" | "12x1";

export type LimbOrder = "standard" | "cabrera";

/** A layout of the caller's own: rows of lead names, every row as long as the first. */
export type LeadRows = { readonly rows: readonly (readonly string[])[] };

/** One place of a layout. */
export type LeadPlace = { readonly lead: string; readonly inverted: boolean; readonly label: string };

const STANDARD_LIMB = ["I", "II", "III", "aVR", "aVL", "aVF"] as const;
/** Cabrera's order runs through the frontal plane in steps of 30 degrees, -30 to 120, which needs -aVR. */
const CABRERA_LIMB = ["aVL", "I", "-aVR", "II", "aVF", "III"] as const;
const CHEST = ["V1", "V2", "V3", "V4", "V5", "V6"] as const;

const ROWS_OF: Readonly<Record<LayoutName, number>> = { "3x4": 3, "6x2": 6, "12x1": 12 };

/**
 * The places of a layout, row by row.
 *
 * The twelve leads fill the columns from top to bottom (3x4: I II III | aVR aVL aVF | V1 V2 V3 | V4 V5 V6).
 * `limbOrder` does not touch a layout of the caller's own, where a leading minus (`-aVR`) inverts a lead.
 * @throws EcgError INVALID_OPTION when rows are empty or differ in length, or a lead stands twice.
 */
export function leadPlaces(
  layout: LayoutName | LeadRows,
  limbOrder: LimbOrder,
): readonly (readonly LeadPlace[])[] {
  if (typeof layout !== "string") return checkRows(layout.rows).map((row) => row.map(leadPlace));
  const rowCount = ROWS_OF[layout];
  if (rowCount === undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `layout: expected 3x4, 6x2, 12x1 or { rows }, got ${JSON.stringify(layout)}`,
    );
  }
  const leads = [...(limbOrder === "cabrera" ? CABRERA_LIMB : STANDARD_LIMB), ...CHEST];
  return Array.from({ length: rowCount }, (_, row) =>
    leads.filter((_lead, index) => index % rowCount === row).map(leadPlace),
  );
}

/** `-aVR` is aVR drawn upside down; any other name is itself. */
export function leadPlace(name: string): LeadPlace {
  const inverted = name.startsWith("-");
  return { lead: inverted ? name.slice(1) : name, inverted, label: name };
}

/** Limb leads follow the limb gain, V leads (also V3R, V7-V9) and every other lead the chest gain. */
export function isLimbLead(lead: string): boolean {
  return (STANDARD_LIMB as readonly string[]).includes(lead);
}

function checkRows(rows: LeadRows["rows"]): LeadRows["rows"] {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) {
    throw new EcgError("INVALID_OPTION", "layout.rows: expected at least one row of one lead, got none");
  }
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns) {
      throw new EcgError(
        "INVALID_OPTION",
        `layout.rows: expected ${columns} leads in every row, row ${index} has ${row.length}`,
      );
    }
  }
  const leads = rows.flat().map((name) => leadPlace(name).lead);
  const twice = leads.find((lead, index) => leads.indexOf(lead) !== index);
  if (twice !== undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `layout.rows: expected every lead once, ${twice} stands there twice`,
      {
        hint: "a lead is repeated over the full width by rhythmLeads",
      },
    );
  }
  return rows;
}
