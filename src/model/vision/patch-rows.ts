// patchRows: pixel values cut into the rows that the vision encoder multiplies.
import { EcgError } from "../../shared/errors.ts";
import type { VisionConfig } from "../config/vision-config.ts";

/**
 * (images, channels, height, width) -> (images, patches, channels * patchSize * patchSize), patches in row-major order,
 * each as a kernel of a convolution lies in memory.
 * @throws EcgError SHAPE_MISMATCH when the pixels are not those of `images` whole images.
 */
export function patchRows(pixels: Float32Array, images: number, config: VisionConfig): Float32Array {
  const { channelCount: channels, imageSize: size, patchSize: patch } = config;
  const expected = images * channels * size * size;
  if (pixels.length !== expected) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `patchRows: expected ${expected} pixel values for ${images} images of ${channels} x ${size} x ${size}, got ${pixels.length}`,
    );
  }
  const side = Math.floor(size / patch);
  const rows = new Float32Array(images * side * side * channels * patch * patch);
  let at = 0;
  for (let image = 0; image < images; image++) {
    for (let index = 0; index < side * side; index++) {
      const top = Math.floor(index / side) * patch;
      const left = (index % side) * patch;
      for (let channel = 0; channel < channels; channel++) {
        const plane = (image * channels + channel) * size * size;
        for (let y = 0; y < patch; y++) {
          const from = plane + (top + y) * size + left;
          rows.set(pixels.subarray(from, from + patch), at);
          at += patch;
        }
      }
    }
  }
  return rows;
}
