// Decodes annotation files in MIT format. Format: WFDB Applications Guide, annot(5).
import { EcgError } from "../../shared/errors.ts";
import { AUX, annotationSymbol, CHN, NOTE_CODE, NUM, SKIP, SUB } from "./annotation-codes.ts";
import type { WfdbAnnotation } from "./wfdb-annotation.ts";

/** The annotations of a file and what it says of itself. */
export type WfdbAnnotations = {
  readonly annotations: WfdbAnnotation[];
  /** Rate that `sample` counts at, when the file states one; else it counts at the record's rate. */
  readonly timeResolutionHz?: number;
};

/**
 * Decode the bytes of an annotation file.
 *
 * Two bytes are one word: code in the upper 6 bits, time since the annotation before in the lower 10. SKIP adds a
 * signed 32-bit interval (PDP-11 word order); SUB, CHN, NUM and AUX complete the annotation before them. Zero
 * words are no annotations, nor are notes at sample 0 that state the time resolution or define codes. Mnemonics
 * that a file defines between `## annotation type definitions` and `## end of definitions` are used; bare
 * definitions of old files are left out, but not applied (as in wfdb-python).
 * @param where what error messages name.
 * @throws EcgError INVALID_FILE when the bytes end inside an annotation.
 * Source: annot(5). Golden: wfdb-python.
 */
export function parseWfdbAnnotations(bytes: Uint8Array, where: string): WfdbAnnotations {
  if (bytes.length % 2 !== 0) {
    throw new EcgError("INVALID_FILE", `${where}: expected an even number of bytes, found ${bytes.length}`, {
      hint: "the annotation file looks truncated, or is in another format than MIT",
    });
  }
  const all = readWords(bytes, where);
  const definitions = all.filter((annotation) => isDefinition(annotation)).map(({ text }) => text);
  const symbols = readSymbols(definitions);
  const annotations = all
    .filter((annotation) => !isDefinition(annotation))
    .map((annotation) => ({ ...annotation, symbol: symbols.get(annotation.code) ?? annotation.symbol }));
  const resolution = definitions
    .map((text) => /^## time resolution: (\d+(?:\.\d*)?)/.exec(text)?.[1])
    .find((rate) => rate !== undefined);
  return { annotations, ...(resolution === undefined ? {} : { timeResolutionHz: Number(resolution) }) };
}

type Draft = { -readonly [Key in keyof WfdbAnnotation]: WfdbAnnotation[Key] };

function readWords(bytes: Uint8Array, where: string): WfdbAnnotation[] {
  const found: WfdbAnnotation[] = [];
  let sample = 0;
  let current: Draft = { sample, code: 0, symbol: "", subtype: 0, channel: 0, number: 0, text: "" };
  // The fields of the annotation before, which the next one takes over unless it states its own.
  let channel = 0;
  let number = 0;
  let at = 0;
  // At the start and after a SKIP a word is an annotation whatever its code: a field has nothing to belong to.
  let belongs = false;
  const need = (count: number): void => {
    if (at + count <= bytes.length) return;
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected ${count} more bytes of an annotation at byte ${at}, found ${bytes.length - at}`,
      { hint: "the annotation file looks truncated; fetch it again", details: { byte: at } },
    );
  };
  while (at < bytes.length) {
    const low = bytes[at]!;
    const code = bytes[at + 1]! >> 2;
    const interval = low | ((bytes[at + 1]! & 3) << 8);
    at += 2;
    if (code === SKIP) {
      need(4);
      sample += (bytes[at]! << 16) | (bytes[at + 1]! << 24) | bytes[at + 2]! | (bytes[at + 3]! << 8);
      at += 4;
      belongs = false;
    } else if (code < SKIP || !belongs) {
      sample += interval;
      current = { sample, code, symbol: annotationSymbol(code), subtype: 0, channel, number, text: "" };
      belongs = true;
      if (code !== 0) found.push(current);
    } else if (code === AUX) {
      need(low + (low & 1));
      current.text = decodeText(bytes.subarray(at, at + low));
      at += low + (low & 1);
    } else if (code === SUB) {
      current.subtype = (low << 24) >> 24;
    } else if (code === CHN) {
      channel = low;
      current.channel = channel;
    } else if (code === NUM) {
      number = (low << 24) >> 24;
      current.number = number;
    }
  }
  return found;
}

function isDefinition({ code, sample, text }: WfdbAnnotation): boolean {
  return code === NOTE_CODE && sample === 0 && (text.startsWith("## ") || DEFINED_CODE.test(text));
}

/** `<code> <mnemonic> <description>`: framed by two `##` notes, or bare as in old files. */
const DEFINED_CODE = /^([1-4]?\d) (\S+) (\S.*)\s*$/;

function readSymbols(definitions: readonly string[]): ReadonlyMap<number, string> {
  const from = definitions.indexOf("## annotation type definitions");
  const to = definitions.indexOf("## end of definitions");
  const lines = from < 0 ? [] : definitions.slice(from + 1, to < 0 ? undefined : to);
  return new Map(
    lines.flatMap((line): [number, string][] => {
      const match = DEFINED_CODE.exec(line);
      return match?.[2] === undefined ? [] : [[Number(match[1]), match[2]]];
    }),
  );
}

/** UTF-8, or Latin-1 where it is none; without the NUL characters that the WFDB library writes at the end. */
function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  return text.replace(/\0+$/, "");
}
