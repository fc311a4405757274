// Read options out of a question in either style, "A: t; B: t" (Figure 7) or "A. t; B. t" (Table 9).

export type ParsedOptions = {
  /** The question before its options. */
  readonly question: string;
  /** Texts of A, B, C, ... in order. */
  readonly options: readonly string[];
};

/**
 * Split a question from its lettered options; undefined when there are not at least A and B in order.
 *
 * Options may be parted by semicolons, commas or line ends, and lettered `A:`, `A.`, `A)` or `(A)`. One style rules
 * a whole list. Letters inside words or a text ("AV block", "lead V1: ...") are no options.
 */
export function parseOptions(text: string): ParsedOptions | undefined {
  for (const mark of [":", "\\.", "\\)"]) {
    const starts = findLetters(text, mark);
    if (starts.length < 2) continue;
    const first = starts[0];
    if (first === undefined) continue;
    const options = starts.map(({ end }, index) => {
      const next = starts[index + 1];
      return cleanOption(text.slice(end, next?.start ?? text.length), next === undefined);
    });
    return { question: text.slice(0, first.start).trim(), options };
  }
  return undefined;
}

/**
 * Place of the option that an answer names: by letter (`B: text`, `B. text`, `(B)`, `B`), else by exact text.
 * Undefined when it names none, or a letter and a text that disagree.
 */
export function parseAnswerPlace(answer: string, options: readonly string[]): number | undefined {
  const trimmed = answer.trim();
  const byText = options.findIndex((option) => sameText(option, trimmed));
  if (byText >= 0) return byText;
  const match = /^\(?([A-H])\)?(?:[:.)]\s*|\s*$)(.*)$/s.exec(trimmed);
  if (match === null) return undefined;
  const place = (match[1] ?? "").charCodeAt(0) - 65;
  const text = match[2] ?? "";
  const option = options[place];
  if (option === undefined) return undefined;
  return text.trim() === "" || sameText(option, text) ? place : undefined;
}

/** Where A, B, C, ... stand in order, starting from the last "A" that begins a full run. */
function findLetters(text: string, mark: string): { readonly start: number; readonly end: number }[] {
  let best: { start: number; end: number }[] = [];
  for (const first of text.matchAll(letterPattern("A", mark))) {
    const run = [{ start: first.index, end: first.index + first[0].length }];
    for (const letter of "BCDEFGH") {
      const from = run.at(-1)?.end ?? 0;
      const next = letterPattern(letter, mark).exec(text.slice(from));
      if (next === null) break;
      run.push({ start: from + next.index, end: from + next.index + next[0].length });
    }
    if (run.length >= best.length) best = run;
  }
  return best;
}

function letterPattern(letter: string, mark: string): RegExp {
  return new RegExp(`(?<=^|[\\s;,(?])\\(?${letter}${mark}\\s*`, "g");
}

function cleanOption(raw: string, last: boolean): string {
  const text = raw
    .trim()
    .replace(/[;,(]+$/, "")
    .trim();
  return last ? text.replace(/[.;]+$/, "").trim() : text;
}

function sameText(a: string, b: string): boolean {
  const plain = (text: string): string =>
    text
      .trim()
      .replace(/[.;]+$/, "")
      .replace(/\s+/g, " ")
      .toLowerCase();
  return plain(a) === plain(b);
}
