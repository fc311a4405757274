// maxPool, averagePool: the largest or mean value of sliding windows.
import { constant, int64Vector } from "../constant.ts";
import { emit, emitOne, recordGradient } from "../emit.ts";
import type { Attribute, Tensor } from "../graph.ts";
import { elementCount, formatShape, shapeError } from "../shape.ts";
import { reshape } from "./reshape.ts";
import { zeros } from "./zeros.ts";

export type PoolOptions = {
  /** Window sizes, one for each axis after (batch, channels). */
  readonly kernel: readonly number[];
  /** Steps between windows. Default: the kernel, windows side by side. */
  readonly stride?: readonly number[];
  /** Border at both ends: never the maximum, and counted as 0 in the mean. Default 0. */
  readonly padding?: readonly number[];
};

/**
 * (batch, channels, …sizes) -> (batch, channels, …floor((size + 2 padding - kernel) / stride) + 1).
 * The gradient goes to the first of equal maxima.
 * @throws EcgError SHAPE_MISMATCH when the window does not fit.
 */
export function maxPool(x: Tensor, options: PoolOptions): Tensor {
  const { shape, attributes } = resolvePool("maxPool", x, options);
  const [output, chosen] = emit("MaxPool", [x], [{ shape }, { shape, dtype: "int64" }], {
    attributes,
  }) as [Tensor, Tensor];
  return recordGradient(output, [x], (gradient) => {
    const count = elementCount(shape);
    const indices = emitOne("Reshape", [chosen, int64Vector(x.graph, [count])], { shape: [count] });
    // windows may overlap and choose the same value, so gradients are added; indices count all of x
    const flat = emitOne(
      "ScatterElements",
      [zeros(x, [elementCount(x.shape)]), indices, reshape(gradient, [count])],
      { shape: [elementCount(x.shape)] },
      { attributes: { axis: { int: 0 }, reduction: { string: "add" } } },
    );
    return [reshape(flat, x.shape)];
  });
}

/** As {@link maxPool} with the mean. ONNX Runtime's CPU kernels are float32 only. @throws as maxPool. */
export function averagePool(x: Tensor, options: PoolOptions): Tensor {
  const { shape, attributes } = resolvePool("averagePool", x, options);
  const output = emitOne(
    "AveragePool",
    [x],
    { shape },
    { attributes: { ...attributes, count_include_pad: { int: 1 } } },
  );
  return recordGradient(output, [x], (gradient) => {
    const channels = x.shape[1]!;
    const window = elementCount(options.kernel);
    const share = constant(
      x.graph,
      new Float64Array(channels * window).fill(1 / window),
      [channels, 1, ...options.kernel],
      x.dtype,
    );
    const { kernel_shape: _, strides, pads } = attributes;
    const uncovered = options.kernel.map((size, axis) => {
      const { stride = options.kernel, padding } = options;
      const covered = (shape[axis + 2]! - 1) * stride[axis]! + size;
      return x.shape[axis + 2]! + 2 * (padding?.[axis] ?? 0) - covered;
    });
    const spread = {
      strides: strides!,
      pads: pads!,
      group: { int: channels },
      output_padding: { ints: uncovered },
    };
    return [emitOne("ConvTranspose", [gradient, share], { shape: x.shape }, { attributes: spread })];
  });
}

function resolvePool(
  where: string,
  x: Tensor,
  options: PoolOptions,
): { shape: number[]; attributes: Record<string, Attribute> } {
  const { kernel, stride = kernel } = options;
  const padding = options.padding ?? kernel.map(() => 0);
  const sizes = x.shape.slice(2).map((size, axis) => {
    return Math.floor((size + 2 * (padding[axis] ?? 0) - (kernel[axis] ?? 0)) / (stride[axis] ?? 1)) + 1;
  });
  const lengths = [kernel.length, stride.length, padding.length];
  const fits =
    x.shape.length >= 3 &&
    lengths.every((length) => length === x.shape.length - 2) &&
    [...kernel, ...stride].every((size) => Number.isInteger(size) && size >= 1) &&
    padding.every((amount, axis) => Number.isInteger(amount) && amount >= 0 && amount < kernel[axis]!) &&
    sizes.every((size) => size >= 1);
  if (!fits) {
    throw shapeError(
      where,
      `windows that fit (batch, channels, …) with padding below the kernel`,
      `kernel [${kernel.join(", ")}], stride [${stride.join(", ")}], padding [${padding.join(", ")}] for ${formatShape(x.shape)}`,
    );
  }
  return {
    shape: [...x.shape.slice(0, 2), ...sizes],
    attributes: {
      kernel_shape: { ints: kernel },
      strides: { ints: stride },
      pads: { ints: [...padding, ...padding] },
    },
  };
}
