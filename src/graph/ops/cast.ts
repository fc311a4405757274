// cast: the same values as another element type.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { DTYPE_CODES } from "../onnx/dtype-codes.ts";
import type { Dtype } from "../tensor-data.ts";

const isFloat = (dtype: Dtype): boolean => dtype.startsWith("float");

/** Floats to integers truncate toward zero; gradients pass between float types only. */
export function cast(x: Tensor, dtype: Dtype): Tensor {
  if (x.dtype === dtype) return x;
  const output = emitOne(
    "Cast",
    [x],
    { shape: x.shape, dtype },
    { attributes: { to: { int: DTYPE_CODES[dtype] } } },
  );
  if (!isFloat(x.dtype) || !isFloat(dtype)) return output;
  return recordGradient(output, [x], (gradient) => [cast(gradient, x.dtype)]);
}
