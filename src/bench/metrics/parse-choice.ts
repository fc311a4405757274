// Which option an answer means: by its letter or by its text, never by guessing.

/** Why an answer counts as wrong before it is compared. */
export type ParsedChoice =
  | { readonly index: number }
  | { readonly index: undefined; readonly reason: string };

/**
 * The index of the option that a free text names.
 *
 * Read in this order: the whole answer is an option's text; the last "answer is B" of it; it begins with a letter
 * (`B`, `B: ...`, `(B)`, `B. ...`, `**B**`); it contains exactly one option's text. A letter that is not offered, a
 * letter beside another option's text, two different options, the list of options repeated, or nothing of this is
 * unparsed: counted as wrong and counted apart.
 */
export function parseChoice(answer: string, options: readonly string[]): ParsedChoice {
  const text = answer.replace(/[*_`"]+/g, "").trim();
  const plain = normalise(text);
  const exact = options.findIndex((option) => normalise(option) === plain);
  if (exact >= 0) return { index: exact };
  const stated = [...text.matchAll(STATED)].at(-1);
  if (stated) return fromLetter(stated[1] ?? "", text.slice(stated.index + stated[0].length), options);
  if (repeatsList(text, options)) return { index: undefined, reason: "repeats the options" };
  const leading = LEADING.exec(text);
  if (leading) return fromLetter(leading[1] ?? "", text.slice(leading[0].length), options);
  return fromText(plain, options);
}

/** "answer is B", "option (B)", "Answer: B": a capital, for "the answer is a normal ECG" names no letter. */
const STATED = /\b(?:[Aa]nswer|ANSWER|[Oo]ption|[Cc]hoice)\s*(?:is|:|=)?\s*\(?([A-Z])(?![\w'])\)?[:.)]?/g;
const LEADING = /^\(?([A-Za-z])\s*(?:[:.)\]]|$)\)?/;

function fromLetter(letter: string, rest: string, options: readonly string[]): ParsedChoice {
  const index = letter.toUpperCase().charCodeAt(0) - 65;
  if (index >= options.length) return { index: undefined, reason: `letter ${letter} is not offered` };
  const beside = normalise(rest);
  const other = options.findIndex((option) => normalise(option) === beside);
  if (other < 0 || other === index) return { index };
  return { index: undefined, reason: `letter ${letter} stands beside the text of another option` };
}

function fromText(plain: string, options: readonly string[]): ParsedChoice {
  const contained = options.flatMap((option, index) =>
    containsPhrase(plain, normalise(option)) ? [index] : [],
  );
  // "Sinus rhythm" inside "sinus rhythm with..." of another option: the longer option is meant.
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

/** True when at least two options stand there with their letters: a copied question. */
function repeatsList(text: string, options: readonly string[]): boolean {
  const plain = normalise(text);
  const lettered = options.filter((option, index) =>
    containsPhrase(plain, `${String.fromCharCode(97 + index)} ${normalise(option)}`),
  );
  return lettered.length >= 2;
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
