// checkFitsHalf: weights that 16 bits cannot hold are refused, not turned into infinity.
import { EcgError } from "../../shared/errors.ts";

/** The largest finite number of IEEE 754 binary16. */
const HALF_LIMIT = 65_504;

/** @throws EcgError INVALID_OPTION naming the weight and the number beyond fp16. */
export function checkFitsHalf(name: string, values: Float32Array): void {
  const beyond = values.find((value) => !(Math.abs(value) <= HALF_LIMIT));
  if (beyond === undefined) return;
  throw new EcgError(
    "INVALID_OPTION",
    `export ${name}: expected numbers up to ${HALF_LIMIT} for fp16, got ${beyond}`,
    { hint: "export with precision fp32" },
  );
}
