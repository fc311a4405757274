// matmulFourBit: x W' with W stored in blocks of 4-bit numbers (com.microsoft.MatMulNBits). For inference only.
import { constant } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";

/** A weight (outputs, inputs) in 4 bits: value = (nibble - 8) * scale of its block. */
export type FourBitWeight = {
  readonly outputs: number;
  readonly inputs: number;
  /** Inputs that share a scale: 16, 32, 64, 128 or 256. */
  readonly blockSize: number;
  /** (outputs, blocks, blockSize / 2): two values a byte, the first in the lower half. */
  readonly packed: Uint8Array;
  /** (outputs, blocks). */
  readonly scales: Float32Array;
};

export type FourBitOptions = {
  /** 4 rounds x to 8 bits per block as well, which is much the fastest; 0 multiplies in float32. Default 4. */
  readonly accuracyLevel?: 0 | 1 | 4;
};

/**
 * (…, inputs) -> (…, outputs). The weight is stored in the model: ONNX Runtime arranges it once, when a session is made.
 * @throws EcgError SHAPE_MISMATCH when sizes do not fit.
 */
export function matmulFourBit(x: Tensor, weight: FourBitWeight, options: FourBitOptions = {}): Tensor {
  const { outputs, inputs, blockSize, packed, scales } = weight;
  const blocks = Math.ceil(inputs / blockSize);
  if (x.shape.at(-1) !== inputs || packed.length !== (outputs * blocks * blockSize) / 2) {
    throw shapeError(
      "matmulFourBit",
      `(…, ${inputs}) and ${(outputs * blocks * blockSize) / 2} bytes`,
      `${formatShape(x.shape)} and ${packed.length} bytes`,
    );
  }
  const attributes = {
    K: { int: inputs },
    N: { int: outputs },
    bits: { int: 4 },
    block_size: { int: blockSize },
    accuracy_level: { int: options.accuracyLevel ?? 4 },
  };
  return emitOne(
    "MatMulNBits",
    [
      x,
      constant(x.graph, packed, [outputs, blocks, blockSize / 2], "uint8"),
      constant(x.graph, scales, [outputs * blocks]),
    ],
    { shape: [...x.shape.slice(0, -1), outputs] },
    { attributes, domain: "com.microsoft" },
  );
}
