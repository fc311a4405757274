// cutPage: the leads of a segmented page as the tiles that a model looks at, and its rhythm strip behind them.
import type { LeadTile } from "../../images/lead-tiles.ts";
import type { PageSegmentation } from "../../images/segment/page-segmentation.ts";
import type { PagePicture } from "../../images/segment/read-ink.ts";
import { tilesOfPage } from "../../images/segment/tiles-of-page.ts";
import type { TileOptions } from "./draw-tiles.ts";
import { tileHeight } from "./heartcare-config.ts";
import { RHYTHM_LEAD, rhythmTile } from "./rhythm-tile.ts";

/**
 * Twelve tiles in canonical order, drawn as `drawLeadTiles` draws them from a recording. The rhythm strip is the longest
 * strip of lead II, else that of the lead which the page prints as one.
 * @throws EcgError as `tilesOfPage`.
 */
export function cutPage(
  picture: PagePicture,
  segmentation: PageSegmentation,
  { config, vision }: TileOptions,
): LeadTile[] {
  const { tileSeconds, rhythmSeconds } = config.image;
  const look = {
    widthPx: vision.imageSize,
    heightPx: vision.imageSize,
    heightMv: tileHeight(config, segmentation.amplitudeUnit),
  };
  const tiles = tilesOfPage(picture, segmentation, { ...look, seconds: tileSeconds });
  if (rhythmSeconds === undefined) return tiles;
  const leads = [rhythmLead(segmentation)];
  const strips = tilesOfPage(picture, segmentation, {
    ...look,
    seconds: rhythmSeconds,
    strip: "longest",
    leads,
  });
  return [...tiles, ...strips.map(rhythmTile)];
}

function rhythmLead({ strips }: PageSegmentation): string {
  const found = strips.filter(({ missing }) => !missing);
  if (found.some(({ lead }) => lead === RHYTHM_LEAD)) return RHYTHM_LEAD;
  return found.find(({ kind }) => kind === "rhythm")?.lead ?? RHYTHM_LEAD;
}
