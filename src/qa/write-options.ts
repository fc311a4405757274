// Options in one style: "A: text; B: text; ..." after the question, the answer as "B: text" (Figure 7).
import { EcgError } from "../shared/errors.ts";

/** Letters of up to eight options. */
export const OPTION_LETTERS = "ABCDEFGH";

/** "A: text" for the option at a place. @throws EcgError INVALID_OPTION beyond the letters or the options. */
export function optionAnswer(options: readonly string[], place: number): string {
  const letter = OPTION_LETTERS[place];
  const text = options[place];
  if (letter === undefined || text === undefined) {
    throw new EcgError("INVALID_OPTION", `options: expected a place below ${options.length}, got ${place}`);
  }
  return `${letter}: ${text}`;
}

/** The question followed by its options. */
export function withOptions(question: string, options: readonly string[]): string {
  return `${question} ${options.map((_, place) => optionAnswer(options, place)).join("; ")}`;
}

/** Put `right` at `place` among `wrong`. @throws EcgError INVALID_OPTION when the place is not one of theirs. */
export function placeRight(right: string, wrong: readonly string[], place: number): string[] {
  if (!Number.isInteger(place) || place < 0 || place > wrong.length) {
    throw new EcgError("INVALID_OPTION", `options: expected a place from 0 to ${wrong.length}, got ${place}`);
  }
  return [...wrong.slice(0, place), right, ...wrong.slice(place)];
}
