// prepareImage: 8-bit RGB pixels to the numbers that a vision encoder reads. Source: transformers SiglipImageProcessor.
import { EcgError } from "../../shared/errors.ts";
import type { ImagePreparation } from "../config/vision-config.ts";
import { type PixelImage, resizeBicubic } from "./resize-bicubic.ts";

/**
 * Resize, scale and normalise. -> (channels, height, width), float32.
 * @throws EcgError SHAPE_MISMATCH when the image has other channels than the encoder, or fewer pixels than it says.
 */
export function prepareImage(image: PixelImage, preparation: ImagePreparation): Float32Array {
  const { width, height, rescaleFactor, mean, deviation } = preparation;
  const { channels } = image;
  if (channels !== mean.length || image.data.length !== image.width * image.height * channels) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `prepareImage: expected ${image.width} x ${image.height} pixels of ${mean.length} channels, ` +
        `got ${image.data.length} numbers of ${channels}`,
    );
  }
  const { data } = resizeBicubic(image, width, height);
  const values = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    for (let pixel = 0; pixel < height * width; pixel++) {
      const scaled = Math.fround(data[pixel * channels + channel]! * rescaleFactor);
      values[plane + pixel] = (scaled - mean[channel]!) / deviation[channel]!;
    }
  }
  return values;
}
