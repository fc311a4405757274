// pagePicture: the PNG that a question shows as the pixels that pages are read from.
import type { PagePicture } from "../images/segment/read-ink.ts";
import { decodePng } from "../model/vision/node/decode-png.ts";

/** @throws EcgError as `decodePng`. */
export function pagePicture(png: Uint8Array): PagePicture {
  const { width, height, data } = decodePng(png, "page");
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { widthPx: width, heightPx: height, channels: 3, pixels };
}
