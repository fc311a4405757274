// showPng: the picture of a page to what a model looks at. What cannot be segmented is an error.
import type { HeartcareModel, ShownEcg } from "../../model/dspa/heartcare-model.ts";
import { showPage } from "../../model/dspa/show-page.ts";
import { decodePng } from "../../model/vision/node/decode-png.ts";

/**
 * As `showPage` makes it: nothing but the pixels is known; layout, scale, names of the leads and measured values are read
 * from them.
 * @throws EcgError INVALID_FILE for a page on which no lead is found, as `decodePng` and `showPage`.
 */
export function showPng(
  png: Uint8Array,
  model: Pick<HeartcareModel, "id" | "config" | "vision">,
): Pick<ShownEcg, "images" | "measurements"> {
  const { width, height, data } = decodePng(png, "page");
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const picture = { widthPx: width, heightPx: height, channels: 3 as const, pixels };
  const { images, measurements } = showPage(model, picture, { id: "page" }).shown;
  return { images, measurements };
}
