// requireVision: the vision encoder of a model that is about to see a picture.
import { EcgError } from "../../shared/errors.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import type { InputReader } from "./ecg-input.ts";

/** @throws EcgError UNSUPPORTED_FORMAT where the model cannot see it. */
export function requireVision(model: InputReader, shown: string): VisionConfig {
  if (!model.vision) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${shown}: expected a model with a vision encoder to show a picture to, got ${model.id} without one`,
      { hint: "show the recording as a signal" },
    );
  }
  return model.vision;
}
