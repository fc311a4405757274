// readPageTiles: the picture of a page to the tiles that a model looks at. What cannot be segmented is an error.
import type { LeadTile } from "../../images/lead-tiles.ts";
import type { HeartcareModel } from "../../model/dspa/heartcare-model.ts";
import { showPage } from "../../model/dspa/show-page.ts";
import { decodePng } from "../../model/vision/node/decode-png.ts";

/**
 * As `showPage` makes them: nothing but the pixels is known; layout, scale and names of the leads are read from them.
 * @throws EcgError INVALID_FILE for a page on which no lead is found, as `decodePng` and `showPage`.
 */
export function readPageTiles(
  png: Uint8Array,
  model: Pick<HeartcareModel, "id" | "config" | "vision">,
): readonly LeadTile[] {
  const { width, height, data } = decodePng(png, "page");
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const picture = { widthPx: width, heightPx: height, channels: 3 as const, pixels };
  return showPage(model, picture, { id: "page" }).shown.images?.[0] ?? [];
}
