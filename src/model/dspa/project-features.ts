// The two projectors of DSPA: quantised Beat vectors through one layer, vision features through two (paper Table 5).
import type { Tensor } from "../../graph/graph.ts";
import { concat } from "../../graph/ops/concat.ts";
import { geluTanh } from "../../graph/ops/gelu-tanh.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import type { Dense } from "../layers/dense.ts";

/** Log SD and presence of each lead: inputs of the scale vector. */
export const SCALE_INPUTS_PER_LEAD = 2;

/** True for parameters of the projectors. */
export function isProjectorName(name: string): boolean {
  return /^(signal|scale|image)_projector\./.test(name);
}

/**
 * Vectors (segments, queries, dimension) and scales (segments, 2 leads) -> rows (segments * vectorsPerSegment, hidden),
 * the scale vector behind the queries of its segment.
 */
export function projectSignal(
  vectors: Tensor,
  scales: Tensor | undefined,
  parts: { readonly dense: Dense; readonly hiddenSize: number },
): Tensor {
  const { dense, hiddenSize } = parts;
  const [segments = 0, queries = 0, dimension = 0] = vectors.shape;
  const rows = dense(reshape(vectors, [segments * queries, dimension]), {
    name: "signal_projector",
    inputs: dimension,
    outputs: hiddenSize,
    bias: true,
  });
  if (!scales) return rows;
  const scaled = dense(scales, {
    name: "scale_projector",
    inputs: scales.shape[1]!,
    outputs: hiddenSize,
    bias: true,
  });
  const joined = concat(
    [reshape(rows, [segments, queries, hiddenSize]), reshape(scaled, [segments, 1, hiddenSize])],
    1,
  );
  return reshape(joined, [segments * (queries + 1), hiddenSize]);
}

/** Vision features (tiles, width) -> rows (tiles, hidden): linear, GELU, linear. */
export function projectImage(
  features: Tensor,
  parts: { readonly dense: Dense; readonly hiddenSize: number },
): Tensor {
  const { dense, hiddenSize } = parts;
  const inner = dense(features, {
    name: "image_projector.linear_1",
    inputs: features.shape[1]!,
    outputs: hiddenSize,
    bias: true,
  });
  return dense(geluTanh(inner), {
    name: "image_projector.linear_2",
    inputs: hiddenSize,
    outputs: hiddenSize,
    bias: true,
  });
}

/**
 * The inputs of a scale vector from a segment's SDs in mV: log(SD / 0.2 mV) and 1 for each lead that has one, zeros where
 * voltages are unknown or a lead is flat or missing. 0.2 mV is a typical SD of a lead.
 */
export function scaleInputs(leadSdMv: readonly number[] | undefined, leadCount: number): Float32Array {
  const inputs = new Float32Array(SCALE_INPUTS_PER_LEAD * leadCount);
  for (let lead = 0; lead < leadCount; lead++) {
    const sd = leadSdMv?.[lead] ?? 0;
    if (!(sd >= 1e-4)) continue;
    inputs[lead] = Math.max(-4, Math.min(4, Math.log(sd / 0.2)));
    inputs[leadCount + lead] = 1;
  }
  return inputs;
}
