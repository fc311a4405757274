// tilePatches: lead tiles as rows of patches for the vision encoder. Tiles of the encoder's size need no resizing.
import type { LeadTile } from "../../images/lead-tiles.ts";
import type { ImagePreparation, VisionConfig } from "../config/vision-config.ts";
import { patchRows } from "./patch-rows.ts";
import { prepareImage } from "./prepare-image.ts";

/** -> (tiles, patches, channels * patchSize * patchSize). */
export function tilePatches(
  tiles: readonly LeadTile[],
  vision: VisionConfig,
  preparation: ImagePreparation,
): Float32Array {
  const { channelCount, imageSize } = vision;
  const plane = imageSize * imageSize;
  const values = new Float32Array(tiles.length * channelCount * plane);
  for (const [index, tile] of tiles.entries()) {
    values.set(tileValues(tile, vision, preparation), index * channelCount * plane);
  }
  return patchRows(values, tiles.length, vision);
}

function tileValues(tile: LeadTile, vision: VisionConfig, preparation: ImagePreparation): Float32Array {
  const { channelCount, imageSize } = vision;
  const { widthPx, heightPx, pixels } = tile;
  if (widthPx !== imageSize || heightPx !== imageSize || preparation.width !== imageSize) {
    const data = new Uint8Array(pixels.length * channelCount);
    for (let i = 0; i < data.length; i++) data[i] = pixels[Math.floor(i / channelCount)]!;
    return prepareImage({ width: widthPx, height: heightPx, channels: channelCount, data }, preparation);
  }
  const values = new Float32Array(channelCount * pixels.length);
  for (let channel = 0; channel < channelCount; channel++) {
    const [mean, deviation] = [preparation.mean[channel]!, preparation.deviation[channel]!];
    for (let i = 0; i < pixels.length; i++) {
      values[channel * pixels.length + i] = (pixels[i]! * preparation.rescaleFactor - mean) / deviation;
    }
  }
  return values;
}
