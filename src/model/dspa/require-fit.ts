// requireFit: that a model's config and its vision encoder belong together.
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { EcgError } from "../../shared/errors.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import type { HeartcareConfig } from "./heartcare-config.ts";

/**
 * @param where What errors call the model, e.g. its folder.
 * @throws EcgError SHAPE_MISMATCH for lead tiles of another number of leads; UNSUPPORTED_FORMAT for pages read uncut
 * without a vision encoder, and for an encoder that does not pool a tile to one vector.
 */
export function requireFit(
  { signal, image }: HeartcareConfig,
  vision: VisionConfig | undefined,
  where: string,
): void {
  const leads = STANDARD_LEADS.length;
  if (vision && image.segmentation && signal.leadCount !== leads) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `${where}: signal.leadCount: expected ${leads}, one for each lead tile, found ${signal.leadCount}`,
      { hint: "image.segmentation false reads pages uncut" },
    );
  }
  if (!vision && !image.segmentation) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: image.segmentation: expected true in a model without a vision encoder, found false`,
      { hint: "pages are read uncut by an encoder in vision/; give it with --vision when training" },
    );
  }
  if (vision && !vision.hasHead) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected a vision encoder that pools a tile to one vector, found vision_use_head false`,
      { hint: "a SigLIP checkpoint with its attention pooling head" },
    );
  }
}
