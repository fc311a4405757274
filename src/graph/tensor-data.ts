// Element types and the arrays that numbers of each type travel in.
import { floatToHalf } from "../shared/half-float.ts";

/** Element types. Gradients flow through float32 and float64 only. */
export type Dtype = "float32" | "float64" | "float16" | "int64" | "int32" | "uint8" | "bool";

/** The numbers of a constant, a parameter or a batch. float16 travels as its 16 bits, bool as 0/1 bytes. */
export type TensorData = Float32Array | Float64Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

/** Numbers as the array that a type travels in (always a copy). */
export function toTensorData(values: ArrayLike<number>, dtype: Dtype): TensorData {
  // slice copies whole blocks; from() goes number by number, which tells in weights of gigabytes
  if (dtype === "float32" && values instanceof Float32Array) return values.slice();
  if (dtype === "uint8" && values instanceof Uint8Array) return Uint8Array.prototype.slice.call(values);
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "float64":
      return Float64Array.from(values);
    case "float16":
      return Uint16Array.from(values, floatToHalf);
    case "int64":
      return BigInt64Array.from(Array.from(values), BigInt);
    case "int32":
      return Int32Array.from(values);
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
  }
}

/** An array of zeros of the kind that a type travels in. */
export function emptyTensorData(count: number, dtype: Dtype): TensorData {
  switch (dtype) {
    case "float32":
      return new Float32Array(count);
    case "float64":
      return new Float64Array(count);
    case "float16":
      return new Uint16Array(count);
    case "int64":
      return new BigInt64Array(count);
    case "int32":
      return new Int32Array(count);
    case "uint8":
    case "bool":
      return new Uint8Array(count);
  }
}

/** True when an array is of the kind that a type travels in. */
export function holdsDtype(data: TensorData, dtype: Dtype): boolean {
  return data.constructor === emptyTensorData(0, dtype).constructor;
}
