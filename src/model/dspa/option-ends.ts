// optionEnds: where each offered answer ends in a question's tokens. There the model says whether it is right.
import { EcgError } from "../../shared/errors.ts";
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";

/**
 * Index of the token that holds the last character of each option, in the ids of `instruction`. Options stand in order, as
 * `A: text; B: text` or `A. text`.
 * @throws EcgError INVALID_OPTION for an option that the instruction does not show.
 */
export function optionEnds(
  tokenizer: TextTokenizer,
  instruction: string,
  options: readonly string[],
): number[] {
  const whole = tokenizer.encode(instruction);
  let at = 0;
  return options.map((option, index) => {
    const letter = String.fromCharCode(65 + index);
    const found = [`${letter}: ${option}`, `${letter}. ${option}`].map((text) =>
      instruction.indexOf(text, at),
    );
    const start = Math.max(...found) + letter.length + 2;
    if (Math.max(...found) < 0) {
      throw new EcgError(
        "INVALID_OPTION",
        `choose: expected the question to show "${letter}: ${option}", found it nowhere`,
        { hint: "write the options into the question: A: text; B: text" },
      );
    }
    at = start + option.length;
    return endToken(tokenizer, instruction, at, whole);
  });
}

/** Index of the token that holds the last of the first `characters` characters, in the ids of a text. */
export function endToken(
  tokenizer: TextTokenizer,
  text: string,
  characters: number,
  whole: readonly number[] = tokenizer.encode(text),
): number {
  const upTo = tokenizer.encode(text.slice(0, characters));
  let same = 0;
  while (same < upTo.length && upTo[same] === whole[same]) same++;
  // a closing bracket and the semicolon behind it may be one token: the part then ends inside it
  return same === upTo.length ? same - 1 : Math.min(same, whole.length - 1);
}
