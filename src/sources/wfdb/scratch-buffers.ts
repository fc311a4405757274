// Buffers for the bytes of signal files that one read after the other uses: touching new memory takes longer than
// reading a file into it.

/** Files up to this size are worth a buffer that is kept. */
export const SCRATCH_LIMIT_BYTES: number = 4 * 1024 * 1024;
/** What all buffers at rest take together at most; the oldest go first. */
const KEPT_BYTES = 8 * 1024 * 1024;
const SMALLEST_BYTES = 64 * 1024;

let atRest: Uint8Array[] = [];

/**
 * A buffer of at least `byteCount` bytes with arbitrary contents. It belongs to the caller alone until
 * {@link returnScratch}, so reads that run at the same time have different ones.
 */
export function takeScratch(byteCount: number): Uint8Array {
  const found = atRest.find((buffer) => buffer.length >= byteCount);
  if (!found) return new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(byteCount, SMALLEST_BYTES))));
  atRest = atRest.filter((buffer) => buffer !== found);
  return found;
}

/** Give a buffer back of which no view is in use any more. A buffer that is not given back is simply collected. */
export function returnScratch(buffer: Uint8Array): void {
  atRest.push(buffer);
  let bytes = atRest.reduce((sum, { length }) => sum + length, 0);
  while (bytes > KEPT_BYTES) bytes -= atRest.shift()?.length ?? bytes;
}
