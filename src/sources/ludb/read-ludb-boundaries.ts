// The cardiologists' wave boundaries of a LUDB record, lead by lead (Kalyakulina et al., IEEE Access 2020).
import { STANDARD_LEADS, type StandardLead } from "../../record/lead-names.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { readWfdbAnnotations } from "../wfdb/read-wfdb-annotations.ts";
import { groupWaveBoundaries, type WaveBoundary } from "./group-wave-boundaries.ts";

/** Waves of one lead, in time order. */
export type LeadBoundaries = { readonly lead: StandardLead; readonly waves: readonly WaveBoundary[] };

/**
 * Boundaries of every lead that has an annotation file (`51.i`, `51.avr`, `51.v1`, ...), in canonical order.
 *
 * Samples count at the record's rate (500 Hz in LUDB). The annotators left out the first and last beats.
 * @param path the record, with or without `.hea`: `ludb/data/51`.
 * @throws EcgError NOT_FOUND when no lead has annotations, INVALID_FILE when a file is broken.
 */
export async function readLudbBoundaries(store: FileStore, path: string): Promise<LeadBoundaries[]> {
  const base = path.replace(/\.(hea|dat)$/, "");
  const leads: LeadBoundaries[] = [];
  for (const lead of STANDARD_LEADS) {
    const file = `${base}.${lead.toLowerCase()}`;
    if (!(await store.exists(file))) continue;
    leads.push({ lead, waves: groupWaveBoundaries(await readWfdbAnnotations(store, file)) });
  }
  if (leads.length === 0) {
    throw new EcgError("NOT_FOUND", `${base}: expected annotation files .i to .v6, found none`, {
      hint: "LUDB keeps one annotation file a lead beside the record",
    });
  }
  return leads;
}
