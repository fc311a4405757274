// showPng: the picture of a page to what a model looks at. What cannot be segmented is an error.
import type { HeartcareModel, ShownEcg } from "../../model/dspa/heartcare-model.ts";
import { showPage } from "../../model/dspa/show-page.ts";
import { pagePicture } from "../page-picture.ts";

/**
 * As `showPage` makes it: nothing but the pixels is known; layout, scale, names of the leads and measured values are read
 * from them.
 * @throws EcgError INVALID_FILE for a page on which no lead is found, as `pagePicture` and `showPage`.
 */
export function showPng(
  png: Uint8Array,
  model: Pick<HeartcareModel, "id" | "config" | "vision">,
): Pick<ShownEcg, "images" | "measurements"> {
  const { images, measurements } = showPage(model, pagePicture(png), { id: "page" }).shown;
  return { images, measurements };
}
