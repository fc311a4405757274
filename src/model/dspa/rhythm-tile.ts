// The rhythm strip of a picture: one lead over all its seconds, behind the tiles of the leads.
import type { LeadTile } from "../../images/lead-tiles.ts";

/** The lead that pages print as their rhythm strip. */
export const RHYTHM_LEAD = "II";
/** What stands in `lead` of a tile that holds a rhythm strip. */
export const RHYTHM_STRIP = "rhythm strip";

export function rhythmTile(tile: LeadTile): LeadTile {
  return { ...tile, lead: RHYTHM_STRIP };
}
