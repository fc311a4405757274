// Which channels of a file a list of wanted leads means.
import { canonicalLead } from "../../record/lead-names.ts";
import { EcgError } from "../../shared/errors.ts";

const DERIVED_FROM_I_AND_II: ReadonlySet<string> = new Set(["III", "aVR", "aVL", "aVF"]);

/**
 * Indices of the wanted channels in the order asked for, each once; all of them for `undefined`.
 *
 * A lead is found by the file's own name, else by its canonical one, else by the own name in another case.
 * Asking for III or an augmented lead that the file does not hold selects I and II, from which it follows.
 * @throws EcgError INVALID_OPTION for a lead that is neither there nor to be had.
 */
export function selectChannels(
  names: readonly string[],
  wanted: readonly string[] | undefined,
  where: string,
): number[] {
  if (wanted === undefined) return names.map((_, index) => index);
  return [...new Set(wanted.flatMap((lead) => sourcesOf(lead, names, where)))];
}

/** Index of the channel that a lead's name means, or -1. */
export function findChannel(names: readonly string[], lead: string): number {
  const exact = names.indexOf(lead);
  if (exact >= 0) return exact;
  const canonical = canonicalLead(lead);
  const standard = canonical ? names.findIndex((name) => canonicalLead(name) === canonical) : -1;
  return standard >= 0 ? standard : names.findIndex((name) => name.toLowerCase() === lead.toLowerCase());
}

function sourcesOf(lead: string, names: readonly string[], where: string): number[] {
  const index = findChannel(names, lead);
  if (index >= 0) return [index];
  const limbs = DERIVED_FROM_I_AND_II.has(canonicalLead(lead) ?? "")
    ? [findChannel(names, "I"), findChannel(names, "II")]
    : [-1];
  if (limbs.every((limb) => limb >= 0)) return limbs;
  throw new EcgError("INVALID_OPTION", `${where}: expected leads among ${names.join(", ")}, got ${lead}`, {
    hint: "ask for leads that the file holds",
    details: { lead, available: names },
  });
}
