// Encodes annotations in MIT format. Format: WFDB Applications Guide, annot(5).
import { EcgError } from "../../shared/errors.ts";
import { AUX, annotationCode, CHN, NOTE_CODE, NUM, SKIP, SUB } from "./annotation-codes.ts";
import type { WfdbAnnotation } from "./wfdb-annotation.ts";

/** An annotation to write; one that was read is one. The code follows from the symbol when it is absent. */
export type AnnotationToWrite = Pick<WfdbAnnotation, "sample" | "symbol"> & Partial<WfdbAnnotation>;

export type WriteAnnotationsOptions = {
  /** Rate in Hz that `sample` counts at, written as a note; the record's rate is meant without it. */
  readonly timeResolutionHz?: number;
};

const LONGEST_INTERVAL = 1023;
const LONGEST_TEXT_BYTES = 255;

/**
 * The bytes of an annotation file, sorted by sample (stable). Reading them back gives the same annotations.
 * Nothing touches a disk.
 * @throws EcgError INVALID_OPTION for a symbol without a code, or a field that the format cannot hold.
 */
export function writeWfdbAnnotations(
  annotations: readonly AnnotationToWrite[],
  options: WriteAnnotationsOptions = {},
): Uint8Array {
  const bytes: number[] = [];
  if (options.timeResolutionHz !== undefined) {
    pushWord(bytes, NOTE_CODE, 0);
    pushText(bytes, `## time resolution: ${options.timeResolutionHz}`);
  }
  let before = { sample: 0, channel: 0, number: 0 };
  for (const annotation of [...annotations].sort((a, b) => a.sample - b.sample)) {
    const { sample, subtype = 0, channel = 0, number = 0, text = "" } = annotation;
    const code = codeOf(annotation);
    checkInteger("sample", sample, -(2 ** 31), 2 ** 31 - 1);
    checkInteger("subtype", subtype, -128, 127);
    checkInteger("channel", channel, 0, 255);
    checkInteger("number", number, -128, 127);
    pushTime(bytes, code, sample - before.sample);
    if (subtype !== 0) pushWord(bytes, SUB, subtype & 0xff);
    if (channel !== before.channel) pushWord(bytes, CHN, channel);
    if (number !== before.number) pushWord(bytes, NUM, number & 0xff);
    if (text !== "") pushText(bytes, text);
    before = { sample, channel, number };
  }
  pushWord(bytes, 0, 0);
  return Uint8Array.from(bytes);
}

function codeOf({ code, symbol }: AnnotationToWrite): number {
  const found = code ?? annotationCode(symbol);
  if (found !== undefined && Number.isInteger(found) && found > 0 && found < SKIP) return found;
  throw new EcgError(
    "INVALID_OPTION",
    `writeWfdbAnnotations: expected a mnemonic of the MIT format or a code from 1 to ${SKIP - 1}, got ${
      code === undefined ? JSON.stringify(symbol) : code
    }`,
  );
}

/** A word of 6 bits of code and 10 bits of value, low byte first. */
function pushWord(bytes: number[], code: number, value: number): void {
  bytes.push(value & 0xff, (code << 2) | (value >> 8));
}

/** The annotation word; intervals that do not fit its 10 bits go into a SKIP before it (PDP-11 word order). */
function pushTime(bytes: number[], code: number, interval: number): void {
  if (interval >= 0 && interval <= LONGEST_INTERVAL) {
    pushWord(bytes, code, interval);
    return;
  }
  checkInteger("interval between two annotations", interval, -(2 ** 31), 2 ** 31 - 1);
  pushWord(bytes, SKIP, 0);
  bytes.push((interval >> 16) & 0xff, (interval >> 24) & 0xff, interval & 0xff, (interval >> 8) & 0xff);
  pushWord(bytes, code, 0);
}

function pushText(bytes: number[], text: string): void {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length > LONGEST_TEXT_BYTES) {
    throw new EcgError(
      "INVALID_OPTION",
      `writeWfdbAnnotations: expected a text of at most ${LONGEST_TEXT_BYTES} bytes, got ${encoded.length}`,
    );
  }
  pushWord(bytes, AUX, encoded.length);
  bytes.push(...encoded);
  if (encoded.length % 2 === 1) bytes.push(0);
}

function checkInteger(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new EcgError(
    "INVALID_OPTION",
    `writeWfdbAnnotations: expected a ${what} from ${least} to ${most}, got ${value}`,
  );
}
