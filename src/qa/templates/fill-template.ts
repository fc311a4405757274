// Templates are sentences with {slots}; a slot without a value is a bug, never left in a text.
import { EcgError } from "../../shared/errors.ts";
import type { Rng } from "../../shared/rng.ts";

/** A wording and the id that items carry. */
export type Template = { readonly id: string; readonly text: string };

/** Number the wordings of a family: `closed-rhythm-03`. Ids are stable as long as the list only grows. */
export function numbered(family: string, texts: readonly string[]): readonly Template[] {
  return texts.map((text, index) => ({ id: `${family}-${String(index + 1).padStart(2, "0")}`, text }));
}

/**
 * Replace every `{slot}`. A list value is drawn from by `rng`.
 * The first letter becomes a capital and doubled spaces go.
 * @throws EcgError INVALID_OPTION for a slot without a value.
 */
export function fillTemplate(
  template: string,
  slots: Readonly<Record<string, string | readonly string[]>>,
  rng: Rng,
): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const value = slots[slot];
    if (value === undefined) {
      throw new EcgError(
        "INVALID_OPTION",
        `template: expected a value for {${slot}}, got none in "${template}"`,
      );
    }
    return typeof value === "string" ? value : rng.pick(value);
  });
  return capitalized(filled.replace(/\s{2,}/g, " ").trim());
}

/** First letter upper-case; "aVR" and "ST" words inside stay as they are. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function joinWithAnd(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
