// The matrix product as ONNX nodes: transposed factors without copying them where ONNX Runtime can.

import { constant } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { broadcastShapes } from "../shape.ts";

export type MatmulFlags = {
  /** Use the first factor with its last two axes swapped. */
  readonly transposeA?: boolean;
  /** Use the second factor with its last two axes swapped. */
  readonly transposeB?: boolean;
  /** Multiply the product by this number. */
  readonly scale?: number;
};

/** scale * a' b' over broadcast leading axes; no gradient, shapes already checked. */
export function emitMatmul(a: Tensor, b: Tensor, flags: MatmulFlags): Tensor {
  const { transposeA = false, transposeB = false, scale = 1 } = flags;
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  const plain = !transposeA && !transposeB && scale === 1;
  if (!plain && !a.graph.standardOperators && a.dtype === "float32") {
    const attributes = {
      transA: { int: Number(transposeA) },
      transB: { int: Number(transposeB) },
      alpha: { float: scale },
    };
    return emitOne("FusedMatMul", [a, b], { shape }, { attributes, domain: "com.microsoft" });
  }
  const left = transposeA ? swapLastAxes(a) : a;
  const right = transposeB ? swapLastAxes(b) : b;
  const product = emitOne("MatMul", [left, right], { shape });
  return scale === 1 ? product : emitOne("Mul", [product, constant(a.graph, scale, [], a.dtype)], { shape });
}

function swapLastAxes(x: Tensor): Tensor {
  const rank = x.shape.length;
  const order = [...x.shape.keys()].map((axis) =>
    axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis,
  );
  const shape = order.map((axis) => x.shape[axis]!);
  return emitOne("Transpose", [x], { shape }, { attributes: { perm: { ints: order } } });
}
