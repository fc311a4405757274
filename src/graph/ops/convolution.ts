// convolution: sliding dot products over one or more axes (1-D for signals, 2-D for images), as in PyTorch
// (cross-correlation, no flipping). Both gradients are convolutions again.
import { emitOne, recordGradient } from "../emit.ts";
import type { Attribute, Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { sum } from "./sum.ts";
import { transpose } from "./transpose.ts";

export type ConvolutionOptions = {
  /** Steps between windows, one number for all axes or one each. Default 1. */
  readonly stride?: number | readonly number[];
  /** Zeros added at both ends of each axis. Default 0. */
  readonly padding?: number | readonly number[];
  /** Distance between the taps of the kernel. Default 1. */
  readonly dilation?: number | readonly number[];
  /** Channels are split into this many groups that do not mix. Default 1. */
  readonly groups?: number;
};

/** Options with one number for each spatial axis. */
type Geometry = {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
};

/**
 * (batch, channels, …sizes) with weight (outputs, channels / groups, …kernel) and bias (outputs)
 * -> (batch, outputs, …floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1).
 * ONNX Runtime's CPU kernels are float32 only.
 * @throws EcgError SHAPE_MISMATCH when sizes do not fit or the kernel is larger than the padded input.
 */
export function convolution(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  const geometry = resolveGeometry(x, options);
  checkShapes(x, weight, bias, geometry);
  const sizes = outputSizes(x.shape.slice(2), weight.shape.slice(2), geometry);
  if (!sizes.every((size) => size >= 1)) {
    throw shapeError(
      "convolution",
      "a kernel no larger than the padded input",
      `kernel ${formatShape(weight.shape.slice(2))} for ${formatShape(x.shape)}, padding [${geometry.padding.join(", ")}]`,
    );
  }
  const shape = [x.shape[0]!, weight.shape[0]!, ...sizes];
  const inputs = bias ? [x, weight, bias] : [x, weight];
  const output = emitOne("Conv", inputs, { shape }, { attributes: attributesOf(geometry) });
  return recordGradient(output, inputs, (gradient) => {
    const gradients = [
      inputGradient(gradient, x, weight, geometry),
      weightGradient(gradient, x, weight, geometry),
    ];
    if (!bias) return gradients;
    const flat = reshape(gradient, [shape[0]!, shape[1]!, -1]);
    return [...gradients, unbroadcast(sum(flat, { axes: [2] }), bias)];
  });
}

/** Spread each output's gradient back over its window. */
function inputGradient(gradient: Tensor, x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { stride, padding, dilation } = geometry;
  const leftover = stride.map((step, axis) => {
    const covered =
      (gradient.shape[axis + 2]! - 1) * step + dilation[axis]! * (weight.shape[axis + 2]! - 1) + 1;
    return x.shape[axis + 2]! + 2 * padding[axis]! - covered;
  });
  const attributes = { ...attributesOf(geometry), output_padding: { ints: leftover } };
  return emitOne("ConvTranspose", [gradient, weight], { shape: x.shape }, { attributes });
}

/**
 * Correlate input and gradient: batch becomes the summed channel, stride and dilation change places.
 * With groups, (batch, groups, channels) is reordered so that each group keeps to itself.
 */
function weightGradient(gradient: Tensor, x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { groups } = geometry;
  const batch = x.shape[0]!;
  const [outputs, channels, ...kernel] = weight.shape as [number, number, ...number[]];
  const spatial = kernel.map((_, axis) => axis + 3);
  // (batch, groups x channels, …) -> (channels, groups x batch, …)
  const left = reshape(
    transpose(reshape(x, [batch, groups, channels, ...x.shape.slice(2)]), [2, 1, 0, ...spatial]),
    [channels, groups * batch, ...x.shape.slice(2)],
  );
  // (batch, groups x outputs, …) -> (groups x outputs, batch, …)
  const right = transpose(gradient, [1, 0, ...kernel.map((_, axis) => axis + 2)]);
  const swapped = { ...geometry, stride: geometry.dilation, dilation: geometry.stride };
  const sizes = outputSizes(x.shape.slice(2), gradient.shape.slice(2), swapped);
  let correlated = emitOne(
    "Conv",
    [left, right],
    { shape: [channels, outputs, ...sizes] },
    { attributes: attributesOf(swapped) },
  );
  // positions that the last window does not reach give extra taps
  for (const [axis, size] of kernel.entries())
    correlated = slice(correlated, axis + 2, { from: 0, to: size });
  return transpose(correlated, [1, 0, ...kernel.map((_, axis) => axis + 2)]);
}

function outputSizes(sizes: readonly number[], kernel: readonly number[], geometry: Geometry): number[] {
  return sizes.map((size, axis) => {
    const reach = geometry.dilation[axis]! * (kernel[axis]! - 1) + 1;
    return Math.floor((size + 2 * geometry.padding[axis]! - reach) / geometry.stride[axis]!) + 1;
  });
}

function resolveGeometry(x: Tensor, options: ConvolutionOptions): Geometry {
  const axes = Math.max(0, x.shape.length - 2);
  const each = (name: string, value: number | readonly number[], lowest: number): readonly number[] => {
    const list = typeof value === "number" ? Array.from({ length: axes }, () => value) : value;
    if (list.length !== axes || !list.every((number) => Number.isInteger(number) && number >= lowest)) {
      throw shapeError(
        `convolution ${name}`,
        `${axes} whole numbers of at least ${lowest}`,
        `[${list.join(", ")}]`,
      );
    }
    return list;
  };
  return {
    stride: each("stride", options.stride ?? 1, 1),
    padding: each("padding", options.padding ?? 0, 0),
    dilation: each("dilation", options.dilation ?? 1, 1),
    groups: options.groups ?? 1,
  };
}

function checkShapes(x: Tensor, weight: Tensor, bias: Tensor | undefined, { groups }: Geometry): void {
  const channels = x.shape[1] ?? 0;
  const outputs = weight.shape[0] ?? 0;
  const fits =
    x.shape.length >= 3 &&
    weight.shape.length === x.shape.length &&
    weight.shape[1] === channels / groups &&
    outputs % groups === 0;
  if (!fits) {
    throw shapeError(
      "convolution",
      `(batch, channels, …) and a weight (outputs, channels / ${groups}, …kernel)`,
      `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
    );
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw shapeError("convolution", `a bias (${outputs})`, formatShape(bias.shape));
  }
}

function attributesOf({ stride, padding, dilation, groups }: Geometry): Record<string, Attribute> {
  return {
    strides: { ints: stride },
    pads: { ints: [...padding, ...padding] },
    dilations: { ints: dilation },
    group: { int: groups },
  };
}
