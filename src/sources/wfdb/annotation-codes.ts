// The annotation codes of the MIT format and their mnemonics. Source: WFDB library, ecgcodes.h and annot(5).

/** NOTE: a comment in the text field. */
export const NOTE_CODE = 22;

/** Codes of the pseudo-annotations that carry further fields. */
export const SKIP = 59;
export const NUM = 60;
export const SUB = 61;
export const CHN = 62;
export const AUX = 63;

const SYMBOLS: ReadonlyMap<number, string> = new Map([
  [1, "N"],
  [2, "L"],
  [3, "R"],
  [4, "a"],
  [5, "V"],
  [6, "F"],
  [7, "J"],
  [8, "A"],
  [9, "S"],
  [10, "E"],
  [11, "j"],
  [12, "/"],
  [13, "Q"],
  [14, "~"],
  [16, "|"],
  [18, "s"],
  [19, "T"],
  [20, "*"],
  [21, "D"],
  [22, '"'],
  [23, "="],
  [24, "p"],
  [25, "B"],
  [26, "^"],
  [27, "t"],
  [28, "+"],
  [29, "u"],
  [30, "?"],
  [31, "!"],
  [32, "["],
  [33, "]"],
  [34, "e"],
  [35, "n"],
  [36, "@"],
  [37, "x"],
  [38, "f"],
  [39, "("],
  [40, ")"],
  [41, "r"],
]);

const CODES: ReadonlyMap<string, number> = new Map([...SYMBOLS].map(([code, symbol]) => [symbol, code]));

/** Mnemonic of a code, or `[<code>]` for one that has none (15, 17, 42 to 49). */
export function annotationSymbol(code: number): string {
  return SYMBOLS.get(code) ?? `[${code}]`;
}

/** Code of a mnemonic or of `[<code>]`; undefined for anything else. */
export function annotationCode(symbol: string): number | undefined {
  const bracketed = /^\[(\d+)\]$/.exec(symbol);
  return CODES.get(symbol) ?? (bracketed ? Number(bracketed[1]) : undefined);
}
