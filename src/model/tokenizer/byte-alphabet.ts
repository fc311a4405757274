// The 256 characters that stand for bytes in byte-level BPE (GPT-2's table, which Qwen2 and others keep).

/** Printable Latin-1 bytes stand for themselves, in this order; the other bytes follow as U+0100 and up. */
function listAlphabet(): { bytes: number[]; characters: string[] } {
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const printable = [...range(0x21, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff)];
  const others = range(0, 255).filter((byte) => !printable.includes(byte));
  return {
    bytes: [...printable, ...others],
    characters: [
      ...printable.map((byte) => String.fromCharCode(byte)),
      ...others.map((_, index) => String.fromCharCode(256 + index)),
    ],
  };
}

const { bytes, characters } = listAlphabet();

/** All 256 characters in the order of a vocabulary's first ids. */
export const BYTE_ALPHABET: readonly string[] = characters;

const characterOfByte: readonly string[] = bytes.reduce<string[]>((table, byte, index) => {
  table[byte] = characters[index]!;
  return table;
}, []);

/** A text's UTF-8 bytes, each as its character. */
export function textToByteCharacters(text: string): string[] {
  return Array.from(new TextEncoder().encode(text), (byte) => characterOfByte[byte]!);
}
