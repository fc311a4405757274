// quantiseBlocks: a weight matrix in 4 bits a number with one scale a block (the layout of MatMulNBits).
import type { FourBitWeight } from "../../graph/ops/matmul-four-bit.ts";
import { EcgError } from "../../shared/errors.ts";

const BLOCK_SIZES = [16, 32, 64, 128, 256];

export type QuantiseOptions = {
  readonly outputs: number;
  readonly inputs: number;
  /** Inputs that share a scale. Default 32: 5 bits a weight in all; larger blocks are smaller and coarser. */
  readonly blockSize?: number;
};

/**
 * Quantise (outputs, inputs). Each block's number of largest magnitude becomes -8 scales exactly (whatever its sign), the
 * others the nearest of the 16 steps, so that no error exceeds one scale, and only at the far end half of one.
 * @throws EcgError INVALID_OPTION for another block size; SHAPE_MISMATCH when the numbers are not outputs * inputs.
 */
export function quantiseBlocks(values: Float32Array, options: QuantiseOptions): FourBitWeight {
  const { outputs, inputs, blockSize = 32 } = options;
  if (!BLOCK_SIZES.includes(blockSize)) {
    throw new EcgError(
      "INVALID_OPTION",
      `quantiseBlocks: expected blocks of ${BLOCK_SIZES.join(", ")}, got ${blockSize}`,
    );
  }
  if (values.length !== outputs * inputs) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `quantiseBlocks: expected ${outputs} x ${inputs} numbers, got ${values.length}`,
    );
  }
  const blocks = Math.ceil(inputs / blockSize);
  const packed = new Uint8Array((outputs * blocks * blockSize) / 2).fill(0x88);
  const scales = new Float32Array(outputs * blocks);
  for (let row = 0; row < outputs; row++) {
    for (let block = 0; block < blocks; block++) {
      const from = row * inputs + block * blockSize;
      const to = Math.min(from + blockSize, (row + 1) * inputs);
      const index = row * blocks + block;
      const scale = extremeOf(values, from, to) / -8;
      scales[index] = scale;
      if (scale !== 0) packBlock(values, from, to, { scale, packed, at: (index * blockSize) / 2 });
    }
  }
  return { outputs, inputs, blockSize, packed, scales };
}

/** The numbers that a quantised matrix stands for: (outputs, inputs). */
export function restoreBlocks(weight: FourBitWeight): Float32Array {
  const { outputs, inputs, blockSize, packed, scales } = weight;
  const blocks = Math.ceil(inputs / blockSize);
  const values = new Float32Array(outputs * inputs);
  for (let row = 0; row < outputs; row++) {
    for (let column = 0; column < inputs; column++) {
      const index = row * blocks + Math.floor(column / blockSize);
      const within = column % blockSize;
      const byte = packed[(index * blockSize) / 2 + (within >> 1)]!;
      const nibble = within % 2 === 0 ? byte & 15 : byte >> 4;
      values[row * inputs + column] = (nibble - 8) * scales[index]!;
    }
  }
  return values;
}

/** The number of largest magnitude, with its sign. */
function extremeOf(values: Float32Array, from: number, to: number): number {
  let extreme = 0;
  for (let i = from; i < to; i++) if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!;
  return extreme;
}

type Target = { readonly scale: number; readonly packed: Uint8Array; readonly at: number };

function packBlock(values: Float32Array, from: number, to: number, { scale, packed, at }: Target): void {
  for (let i = from; i < to; i++) {
    const step = Math.max(0, Math.min(15, Math.round(values[i]! / scale) + 8));
    const byte = at + ((i - from) >> 1);
    packed[byte] =
      (i - from) % 2 === 0 ? (packed[byte]! & 0xf0) | step : (packed[byte]! & 0x0f) | (step << 4);
  }
}
