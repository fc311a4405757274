// Arrays for whole channels, whose length a header states: it may be wrong.
import { EcgError } from "../../shared/errors.ts";

/**
 * An array for `sampleCount` samples of one channel, filled with 0.
 * @throws EcgError INVALID_FILE when no array of that length can be had.
 */
export function allocateSamples(sampleCount: number, where: string): Float64Array {
  try {
    return new Float64Array(sampleCount);
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
