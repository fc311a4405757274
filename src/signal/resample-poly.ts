// Rational resampling by a polyphase FIR filter, as scipy.signal.resample_poly does it by default.
import { EcgError } from "../shared/errors.ts";

/** Signature placeholder until the kernel lands in the next commit. */
export function resamplePoly(x: Float64Array | Float32Array, up: number, down: number): Float64Array {
  throw new EcgError("INVALID_OPTION", `resamplePoly: not built yet, got ${x.length} samples ${up}/${down}`);
}
