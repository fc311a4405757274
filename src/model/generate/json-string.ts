// The bytes of one character inside a JSON string: UTF-8 as the standard has it, or an escape.
// Source: Unicode 15, table 3-7 (well-formed UTF-8); RFC 8259, section 7. Escapes of surrogates are left out: the
// characters beyond 16 bits are written as they are.

/** Between two characters, or how far into one. */
export type CharacterPlace =
  | "between"
  | "escape"
  | "hex4"
  | "hex3"
  | "hex3-below-surrogates"
  | "hex2"
  | "hex1"
  | "more1"
  | "more2"
  | "more3"
  | "more2-from-a0"
  | "more2-to-9f"
  | "more3-from-90"
  | "more3-to-8f";

type Rule = readonly [from: number, to: number, next: CharacterPlace];

const hexDigits = (next: CharacterPlace): Rule[] => [
  [0x30, 0x39, next],
  [0x41, 0x46, next],
  [0x61, 0x66, next],
];

const RULES: Readonly<Record<CharacterPlace, readonly Rule[]>> = {
  // all but the quote, the backslash and control characters
  between: [
    [0x20, 0x21, "between"],
    [0x23, 0x5b, "between"],
    [0x5c, 0x5c, "escape"],
    [0x5d, 0x7e, "between"],
    [0xc2, 0xdf, "more1"],
    [0xe0, 0xe0, "more2-from-a0"],
    [0xe1, 0xec, "more2"],
    [0xed, 0xed, "more2-to-9f"],
    [0xee, 0xef, "more2"],
    [0xf0, 0xf0, "more3-from-90"],
    [0xf1, 0xf3, "more3"],
    [0xf4, 0xf4, "more3-to-8f"],
  ],
  escape: [
    ...Array.from('"\\/bfnrt', (character): Rule => {
      const byte = character.charCodeAt(0);
      return [byte, byte, "between"];
    }),
    [0x75, 0x75, "hex4"],
  ],
  hex4: [
    [0x30, 0x39, "hex3"],
    [0x41, 0x43, "hex3"],
    [0x61, 0x63, "hex3"],
    [0x44, 0x44, "hex3-below-surrogates"],
    [0x64, 0x64, "hex3-below-surrogates"],
    [0x45, 0x46, "hex3"],
    [0x65, 0x66, "hex3"],
  ],
  "hex3-below-surrogates": [[0x30, 0x37, "hex2"]],
  hex3: hexDigits("hex2"),
  hex2: hexDigits("hex1"),
  hex1: hexDigits("between"),
  more1: [[0x80, 0xbf, "between"]],
  more2: [[0x80, 0xbf, "more1"]],
  more3: [[0x80, 0xbf, "more2"]],
  "more2-from-a0": [[0xa0, 0xbf, "more1"]],
  "more2-to-9f": [[0x80, 0x9f, "more1"]],
  "more3-from-90": [[0x90, 0xbf, "more2"]],
  "more3-to-8f": [[0x80, 0x8f, "more2"]],
};

/** Where one more byte of a string leads; undefined when no string has it there. The closing quote is not read here. */
export function advanceCharacter(place: CharacterPlace, byte: number): CharacterPlace | undefined {
  return RULES[place].find(([from, to]) => byte >= from && byte <= to)?.[2];
}

/** Bytes that a begun character lacks, at least. */
export function bytesToCharacterEnd(place: CharacterPlace): number {
  if (place === "between") return 0;
  if (place === "escape") return 1;
  return Number(/\d/.exec(place)![0]);
}
