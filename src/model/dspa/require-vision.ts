// requireVision: the vision encoder of a model that is about to see a picture.
import { EcgError } from "../../shared/errors.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import type { InputReader } from "./ecg-input.ts";

/**
 * @param drawn `tiles`: lead tiles are drawn from a signal, which only models with lead tiles can read.
 * @throws EcgError UNSUPPORTED_FORMAT where the model cannot see it.
 */
export function requireVision(model: InputReader, shown: string, drawn?: "tiles"): VisionConfig {
  if (!model.vision) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${shown}: expected a model with a vision encoder to show a picture to, got ${model.id} without one`,
      { hint: "show the recording as a signal" },
    );
  }
  if (drawn === "tiles" && !model.config.image.segmentation) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${shown}: expected a model that reads lead tiles, got ${model.id} that reads whole pages`,
      { hint: "draw the page with: heartcare image render <path> --out page.png" },
    );
  }
  return model.vision;
}
