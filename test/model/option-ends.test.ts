import { describe, expect, it } from "vitest";
import { optionEnds } from "../../src/model/dspa/option-ends.ts";
import { createTokenizer } from "../../src/model/tokenizer/load-tokenizer.ts";
import { tinyTokenizer } from "./tiny-models.ts";

const tokenizer = createTokenizer(tinyTokenizer());

/** What stands in the question up to and with the token of each option's end. */
function textsUpTo(instruction: string, options: readonly string[]): string[] {
  const ids = tokenizer.encode(instruction);
  return optionEnds(tokenizer, instruction, options).map((end) => tokenizer.decode(ids.slice(0, end + 1)));
}

describe("optionEnds", () => {
  it("finds each option's last token, also where the question says the same words before", () => {
    const instruction = "Is it sinus rhythm? A: sinus rhythm; B: atrial fibrillation";
    expect(textsUpTo(instruction, ["sinus rhythm", "atrial fibrillation"])).toEqual([
      "Is it sinus rhythm? A: sinus rhythm",
      instruction,
    ]);
  });

  it("reads options behind a point too", () => {
    expect(textsUpTo("Which? A. normal; B. axis", ["normal", "axis"])).toEqual([
      "Which? A. normal",
      "Which? A. normal; B. axis",
    ]);
  });

  it("an option that ends in a bracket ends no later than the separator behind it", () => {
    const [first = ""] = textsUpTo("Which? A: axis (QRS); B: normal", ["axis (QRS)", "normal"]);
    expect(["Which? A: axis (QRS)", "Which? A: axis (QRS);"]).toContain(first);
  });

  it("refuses an option that the question does not show", () => {
    expect(() => optionEnds(tokenizer, "Which? A: normal", ["normal", "axis"])).toThrow(
      /expected the question to show "B: axis", found it nowhere/,
    );
  });
});
