// showPage: the picture of an ECG page as a model reads it: cut into its leads and drawn again as tiles, or the whole of it
// shrunk to one tile.
import { measurePage } from "../../images/segment/measure-page.ts";
import type { PageSegmentation, SegmentHints } from "../../images/segment/page-segmentation.ts";
import type { PagePicture } from "../../images/segment/read-ink.ts";
import { segmentNamedPage } from "../../images/segment/segment-named-page.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { EcgError } from "../../shared/errors.ts";
import { cutPage } from "./cut-page.ts";
import { type EcgInput, type InputReader, inputContext, type KnownPatient } from "./ecg-input.ts";
import { pageTile } from "./page-tile.ts";
import { requireVision } from "./require-vision.ts";

export type ShowPageOptions = {
  /** What answers and errors call the page, e.g. its file name. */
  readonly id: string;
  readonly patient?: KnownPatient;
  readonly hints?: SegmentHints;
  /** False withholds what was measured on the traces from the prompt. Default true. */
  readonly measured?: boolean;
};

/**
 * A page that a model reads uncut is searched for leads all the same: what holds none is refused, and the context says how
 * many there are.
 * @throws EcgError INVALID_FILE for a picture that holds no ECG, UNSUPPORTED_FORMAT for a model without a vision
 * encoder; as `segmentPage` else. Every sentence begins with the page's id.
 */
export function showPage(model: InputReader, picture: PagePicture, options: ShowPageOptions): EcgInput {
  const { id, patient = {}, hints, measured = true } = options;
  const vision = requireVision(model, id);
  const segmentation = segmentNamedPage(picture, { id, hints });
  const inTiles = model.config.image.segmentation;
  const tiles = cutPage(picture, segmentation, { config: model.config, vision });
  const leads = STANDARD_LEADS.filter((name) => tiles.some(({ lead, missing }) => lead === name && !missing));
  if (leads.length === 0) {
    throw new EcgError(
      "INVALID_FILE",
      `${id}: expected at least one of the leads ${STANDARD_LEADS.join(" ")} on the page, found none`,
      { hint: "give an upright rendering, screenshot or scan with named leads" },
    );
  }
  const seconds = pageSeconds(segmentation);
  const measurements = measurePage(segmentation);
  const context = inputContext("image", { leadCount: leads.length, seconds, patient });
  return {
    id,
    shownAs: "image",
    shown: {
      images: [inTiles ? tiles : [pageTile(picture, vision.imageSize)]],
      context,
      measurements: measured ? measurements : null,
      patient,
    },
    context,
    patient,
    measurements,
    leads,
    seconds,
    page: {
      widthPx: segmentation.widthPx,
      heightPx: segmentation.heightPx,
      rows: segmentation.rows,
      columns: segmentation.columns,
      pxPerMm: segmentation.pxPerMm,
      speedMmPerSecond: segmentation.speedMmPerSecond,
      gainMmPerMv: segmentation.gainMmPerMv,
      amplitudeUnit: segmentation.amplitudeUnit,
      sources: segmentation.sources,
    },
  };
}

/** Seconds from the first column to the end of the last. */
function pageSeconds({ strips, columns }: PageSegmentation): number {
  const strip = strips.find(({ kind, missing }) => kind === "lead" && !missing) ?? strips[0]!;
  return ((strip.kind === "lead" ? columns : 1) * strip.widthPx) / strip.pxPerSecond;
}
