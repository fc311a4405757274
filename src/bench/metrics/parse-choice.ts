// Which option an answer means: by its letter or by its text, never by guessing.

/** Why an answer counts as wrong before it is compared. */
export type ParsedChoice =
  | { readonly index: number }
  | { readonly index: undefined; readonly reason: string };

/**
 * The index of the option that a free text names.
 *
 * Read in this order: the whole answer is an option's text; it begins with a letter (`B`, `B: ...`, `(B)`, `B. ...`);
 * it says "answer is B"; it contains exactly one option's text. A letter that is not offered, two different
 * options, or nothing of this is unparsed: counted as wrong and counted apart.
 */
export function parseChoice(answer: string, options: readonly string[]): ParsedChoice {
  const text = answer.trim();
  const plain = normalise(text);
  const exact = options.findIndex((option) => normalise(option) === plain);
  if (exact >= 0) return { index: exact };
  const letter =
    /^\(?([A-Za-z])\s*(?:[:.)\]]|$)/.exec(text)?.[1] ??
    /\b(?:answer|option|choice)\s*(?:is|:)?\s*\(?([A-Z])\b/i.exec(text)?.[1];
  if (letter !== undefined) {
    const index = letter.toUpperCase().charCodeAt(0) - 65;
    return index < options.length
      ? { index }
      : { index: undefined, reason: `letter ${letter} is not offered` };
  }
  const contained = options.flatMap((option, index) =>
    containsPhrase(plain, normalise(option)) ? [index] : [],
  );
  const longest = contained.filter(
    (index) =>
      !contained.some(
        (other) =>
          other !== index && containsPhrase(normalise(options[other] ?? ""), normalise(options[index] ?? "")),
      ),
  );
  if (longest.length === 1 && longest[0] !== undefined) return { index: longest[0] };
  return {
    index: undefined,
    reason: longest.length === 0 ? "names no option" : `names ${longest.length} options`,
  };
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

function containsPhrase(text: string, phrase: string): boolean {
  return phrase !== "" && ` ${text} `.includes(` ${phrase} `);
}
