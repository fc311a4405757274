// rotaryEmbedding: turns pairs of features by angles that grow with the position (Su et al. 2021),
// pairing feature i with i + size / 2 as Llama, Qwen2 and Phi-3 do.
import { recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { broadcastShapes, formatShape, sameShape, shapeError } from "../shape.ts";
import { add } from "./add.ts";
import { concat } from "./concat.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";
import { split } from "./split.ts";
import { subtract } from "./subtract.ts";

/**
 * x (…, tokens, size) with cosines and sines that broadcast to (…, tokens, size / 2), e.g. from
 * `rotaryTable`. The tables get no gradient.
 * @throws EcgError SHAPE_MISMATCH when the size is odd or the tables do not fit.
 */
export function rotaryEmbedding(x: Tensor, cosines: Tensor, sines: Tensor): Tensor {
  const half = (x.shape.at(-1) ?? 1) / 2;
  const halfShape = [...x.shape.slice(0, -1), half];
  for (const table of [cosines, sines]) {
    const fits =
      Number.isInteger(half) &&
      sameShape(broadcastShapes("rotaryEmbedding", halfShape, table.shape), halfShape);
    if (!fits) {
      throw shapeError(
        "rotaryEmbedding",
        "(…, tokens, size) of even size and tables (tokens, size / 2)",
        `${formatShape(x.shape)} and ${formatShape(table.shape)}`,
      );
    }
  }
  const output = withoutRecording(x.graph, () => rotate(x, cosines, sines));
  // the transpose of a rotation is the rotation back
  return recordGradient(output, [x], (gradient) => [rotate(gradient, cosines, negate(sines))]);
}

function rotate(x: Tensor, cosines: Tensor, sines: Tensor): Tensor {
  const half = x.shape.at(-1)! / 2;
  const [first, second] = split(x, -1, [half, half]) as [Tensor, Tensor];
  return concat(
    [
      subtract(multiply(first, cosines), multiply(second, sines)),
      add(multiply(second, cosines), multiply(first, sines)),
    ],
    -1,
  );
}
