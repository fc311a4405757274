// Turns the bytes of a WFDB signal file into digital samples. Format: WFDB Applications Guide, signal(5).
import { EcgError } from "../../shared/errors.ts";

/** True on nearly every machine: words of memory are those of the files. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Digital samples in file order (interleaved over the signals of the file). */
export type DigitalSamples = Int16Array | Int32Array;

/**
 * Decode samples [0, sampleCount) of `bytes`, which begin with a whole group of the format.
 *
 * Format 8 yields the stored differences: {@link accumulateDifferences} makes values of them. Format 16 on a
 * 2-byte boundary is a view of `bytes`, not a copy: do not write to it. Bytes behind the end count as 0, so
 * that a last group may be cut.
 * @throws EcgError UNSUPPORTED_FORMAT for a code that is no uncompressed format.
 * Source: signal(5) of the WFDB Applications Guide; cross-checked with rdsamp's output of every format.
 */
export function decodeSamples(code: number, bytes: Uint8Array, sampleCount: number): DigitalSamples {
  switch (code) {
    case 8:
      return new Int16Array(new Int8Array(bytes.buffer, bytes.byteOffset, sampleCount));
    case 16:
      return decode16(bytes, sampleCount);
    case 24:
      return decode24(bytes, sampleCount);
    case 32:
      return decode32(bytes, sampleCount);
    case 61:
      return decode61(bytes, sampleCount);
    case 80:
      return decode80(bytes, sampleCount);
    case 160:
      return decode160(bytes, sampleCount);
    case 212:
      return decode212(bytes, sampleCount);
    case 310:
      return decode310(bytes, sampleCount);
    case 311:
      return decode311(bytes, sampleCount);
    default:
      throw new EcgError(
        "UNSUPPORTED_FORMAT",
        `decodeSamples: expected a WFDB format of samples, got ${code}`,
      );
  }
}

/**
 * Running sums of format 8's differences, signal by signal: sample = the one before + difference.
 * @param frame which signal each sample of a frame belongs to, e.g. [0, 0, 1] for 2 + 1 samples.
 * @param initial value before the first sample, by signal.
 */
export function accumulateDifferences(
  differences: DigitalSamples,
  frame: readonly number[],
  initial: readonly number[],
): Int32Array {
  const samples = new Int32Array(differences.length);
  const last = Int32Array.from(initial);
  const width = frame.length;
  for (let i = 0, slot = 0; i < samples.length; i++) {
    const signal = frame[slot]!;
    last[signal] = last[signal]! + differences[i]!;
    samples[i] = last[signal]!;
    slot = slot + 1 === width ? 0 : slot + 1;
  }
  return samples;
}

function decode16(bytes: Uint8Array, sampleCount: number): Int16Array {
  if (LITTLE_ENDIAN && bytes.byteOffset % 2 === 0) {
    return new Int16Array(bytes.buffer, bytes.byteOffset, sampleCount);
  }
  const samples = new Int16Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i++, b += 2) samples[i] = bytes[b]! | (bytes[b + 1]! << 8);
  return samples;
}

function decode24(bytes: Uint8Array, sampleCount: number): Int32Array {
  const samples = new Int32Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i++, b += 3) {
    samples[i] = ((bytes[b]! << 8) | (bytes[b + 1]! << 16) | (bytes[b + 2]! << 24)) >> 8;
  }
  return samples;
}

function decode32(bytes: Uint8Array, sampleCount: number): Int32Array {
  const samples = new Int32Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i++, b += 4) {
    samples[i] = bytes[b]! | (bytes[b + 1]! << 8) | (bytes[b + 2]! << 16) | (bytes[b + 3]! << 24);
  }
  return samples;
}

function decode61(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i++, b += 2) samples[i] = (bytes[b]! << 8) | bytes[b + 1]!;
  return samples;
}

function decode80(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  for (let i = 0; i < sampleCount; i++) samples[i] = bytes[i]! - 128;
  return samples;
}

function decode160(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i++, b += 2) {
    samples[i] = (bytes[b]! | (bytes[b + 1]! << 8)) - 32768;
  }
  return samples;
}

/** Two 12-bit samples in 3 bytes: low 8 bits, both high nibbles, low 8 bits. */
function decode212(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  const inWords = LITTLE_ENDIAN && bytes.byteOffset % 4 === 0 ? decode212Words(bytes, samples) : 0;
  for (let i = inWords, b = (inWords / 2) * 3; i < sampleCount; i += 2, b += 3) {
    const middle = bytes[b + 1] ?? 0;
    samples[i] = ((bytes[b]! << 20) | (middle << 28)) >> 20;
    if (i + 1 < sampleCount) samples[i + 1] = ((bytes[b + 2]! << 20) | ((middle & 0xf0) << 24)) >> 20;
  }
  return samples;
}

/** Eight samples from three 32-bit words at a time, as far as whole ones go; returns how many samples. */
function decode212Words(bytes: Uint8Array, samples: Int16Array): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const groups = Math.min(Math.floor(words.length / 3), samples.length >> 3);
  for (let group = 0, i = 0, w = 0; group < groups; group++, i += 8, w += 3) {
    const a = words[w]!;
    const b = words[w + 1]!;
    const c = words[w + 2]!;
    samples[i] = (a << 20) >> 20;
    samples[i + 1] = ((((a >>> 16) & 0xff) | ((a >>> 4) & 0xf00)) << 20) >> 20;
    samples[i + 2] = (((a >>> 24) | ((b & 0x0f) << 8)) << 20) >> 20;
    samples[i + 3] = ((((b >>> 8) & 0xff) | ((b << 4) & 0xf00)) << 20) >> 20;
    samples[i + 4] = ((b >>> 16) << 20) >> 20;
    samples[i + 5] = (((c & 0xff) | ((b >>> 20) & 0xf00)) << 20) >> 20;
    samples[i + 6] = ((c >>> 8) << 20) >> 20;
    samples[i + 7] = (((c >>> 24) | ((c >>> 12) & 0xf00)) << 20) >> 20;
  }
  return groups * 8;
}

/** Three 10-bit samples in 4 bytes: bits 1-10 of two little-endian words, then 5 high bits of each. */
function decode310(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i += 3, b += 4) {
    const low = bytes[b]! | ((bytes[b + 1] ?? 0) << 8);
    const high = (bytes[b + 2] ?? 0) | ((bytes[b + 3] ?? 0) << 8);
    samples[i] = (low << 21) >> 22;
    if (i + 1 < sampleCount) samples[i + 1] = (high << 21) >> 22;
    if (i + 2 < sampleCount) samples[i + 2] = (((low >> 11) | ((high >> 11) << 5)) << 22) >> 22;
  }
  return samples;
}

/** Three 10-bit samples in 4 bytes, one after the other from the low end; 2 bits unused. */
function decode311(bytes: Uint8Array, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  for (let i = 0, b = 0; i < sampleCount; i += 3, b += 4) {
    const word =
      bytes[b]! | ((bytes[b + 1] ?? 0) << 8) | ((bytes[b + 2] ?? 0) << 16) | ((bytes[b + 3] ?? 0) << 24);
    samples[i] = (word << 22) >> 22;
    if (i + 1 < sampleCount) samples[i + 1] = (word << 12) >> 22;
    if (i + 2 < sampleCount) samples[i + 2] = (word << 2) >> 22;
  }
  return samples;
}
