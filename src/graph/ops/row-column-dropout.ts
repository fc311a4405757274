// rowColumnDropout: dropout whose mask the graph makes itself from one number a row and one a column. A mask fed
// as an input would be as large as the values; drawn by the engine it would not repeat.
import { emitOne, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, sameShape, shapeError } from "../shape.ts";
import { cast } from "./cast.ts";
import { greaterOrEqual } from "./compare.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";

/** Where row numbers are drawn from: large, so that the fraction of row times column is as good as random. */
export const ROW_DRAW_LIMIT = 4096;

/**
 * x (…rows, columns) with every value zeroed with probability `dropProbability` and the kept ones scaled up.
 *
 * A value is kept when the fraction of row number times column number is at least `dropProbability`; fresh row
 * numbers uniform in [0, {@link ROW_DRAW_LIMIT}) and column numbers uniform in [0, 1) make a fresh mask.
 * @throws EcgError SHAPE_MISMATCH when `rows` is not (…rows, 1) or `columns` not (columns).
 */
export function rowColumnDropout(
  x: Tensor,
  rows: Tensor,
  columns: Tensor,
  { dropProbability }: { readonly dropProbability: number },
): Tensor {
  const size = x.shape.at(-1) ?? 0;
  if (!sameShape(rows.shape, [...x.shape.slice(0, -1), 1]) || !sameShape(columns.shape, [size])) {
    throw shapeError(
      "rowColumnDropout",
      `rows (…, 1) and columns (${size}) for ${formatShape(x.shape)}`,
      `${formatShape(rows.shape)} and ${formatShape(columns.shape)}`,
    );
  }
  const factor = withoutRecording(x.graph, () => {
    const product = multiply(rows, columns);
    const fraction = subtract(product, emitOne("Floor", [product], { shape: product.shape }));
    return multiply(cast(greaterOrEqual(fraction, dropProbability), x.dtype), 1 / (1 - dropProbability));
  });
  return multiply(x, factor);
}
