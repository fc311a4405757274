// measurePage: what can be measured on the traces of a page, put together from all that it shows of each lead.
import { correctQt } from "../../signal/measure/correct-qt.ts";
import { type Measurements, measureIntervals } from "../../signal/measure/measure-intervals.ts";
import { medianOf } from "../fit-zero-line.ts";
import { digitisePage } from "./digitise-page.ts";
import type { PageSegmentation } from "./page-segmentation.ts";

/**
 * Rate, rhythm and beats from the longest stretch (a rhythm strip, or all leads of a 12x1 page); intervals as medians over
 * the stretches that show them; axes and the shape of each lead from the stretch that shows it. Null where no stretch has
 * beats to measure a rate. The stroke is taken off QRS and QT: a steep wave is drawn half a stroke too early and ends
 * half a stroke too late.
 */
export function measurePage(segmentation: PageSegmentation): Measurements | null {
  const found = digitisePage(segmentation, { id: "page" }).map(measureIntervals);
  const longest = found.find(({ heartRateBpm }) => heartRateBpm !== null);
  if (longest === undefined) return null;
  const intervalOf = (name: "pDurationMs" | "prMs" | "qrsMs" | "qtMs"): number | null =>
    middle(found.flatMap((each) => each[name] ?? []));
  const strokeMs = (1000 * segmentation.strokePx) / segmentation.pxPerMm / segmentation.speedMmPerSecond;
  const withoutStroke = (ms: number | null): number | null => ms && ms - strokeMs;
  const qtMs = withoutStroke(intervalOf("qtMs"));
  const most = (name: "usableLeadCount" | "leadCount"): number =>
    Math.max(...found.map(({ quality }) => quality[name]));
  return {
    ...longest,
    pDurationMs: intervalOf("pDurationMs"),
    // a column of two beats sees P waves where the longest stretch knows that none belong to the beats
    prMs: longest.prMs === null ? null : intervalOf("prMs"),
    qrsMs: withoutStroke(intervalOf("qrsMs")),
    qtMs,
    qtc: qtMs && longest.rr ? correctQt(qtMs, longest.rr.meanMs) : null,
    axisDegrees:
      found.find(({ axisDegrees }) => axisDegrees.qrs !== null)?.axisDegrees ?? longest.axisDegrees,
    leads: Object.assign({}, ...[...found].reverse().map(({ leads }) => leads)),
    quality: { ...longest.quality, usableLeadCount: most("usableLeadCount"), leadCount: most("leadCount") },
    notes: [...new Set(found.flatMap(({ notes }) => notes))],
  };
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianOf(values);
}
