// Numbers of element types in ONNX files. Source: onnx.proto, TensorProto.DataType.
import type { Dtype } from "../tensor-data.ts";

/** TensorProto.DataType of each type. */
export const DTYPE_CODES: Readonly<Record<Dtype, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** The type of a TensorProto.DataType number; undefined for types that the suite does not use. */
export function dtypeOfCode(code: number): Dtype | undefined {
  return (Object.keys(DTYPE_CODES) as Dtype[]).find((dtype) => DTYPE_CODES[dtype] === code);
}
