// Arrays for whole channels, whose length a header states: it may be wrong.
import { EcgError } from "../../shared/errors.ts";

/** The largest array that Node makes without writing zeros to it first. */
const UNSET_LIMIT_SAMPLES = 2 ** 28;

/**
 * An array for `sampleCount` samples of one channel. Its contents are arbitrary: every element has to be written.
 * (Zeros would cost a sixth of the time of reading a record.)
 * @throws EcgError INVALID_FILE when no array of that length can be had.
 */
export function allocateSamples(sampleCount: number, where: string): Float64Array {
  try {
    // Browsers have no Buffer.
    if (globalThis.Buffer === undefined || sampleCount > UNSET_LIMIT_SAMPLES) {
      return new Float64Array(sampleCount);
    }
    const { buffer, byteOffset } = Buffer.allocUnsafeSlow(sampleCount * Float64Array.BYTES_PER_ELEMENT);
    return new Float64Array(buffer, byteOffset, sampleCount);
  } catch (cause) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected a length that fits memory, found ${sampleCount} samples`,
      {
        hint: "the header's length is wrong, or a part of the record has to be read instead",
        details: { sampleCount },
        cause,
      },
    );
  }
}
