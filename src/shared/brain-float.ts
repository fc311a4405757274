// bfloat16: the upper half of a float32, for weights.

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The number that 16 bits mean. Exact. */
export function brainToFloat(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0] ?? 0;
}

/** The nearest 16 bits of a number (round half to even); NaN stays NaN, overflow gives infinity. */
export function floatToBrain(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0] ?? 0;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
