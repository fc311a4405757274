// A display list as a PNG file: own rasteriser and writer, no native code, the same pixels on every machine.
import type { DisplayList } from "../display-list.ts";
import { rasterisePage } from "../rasterise-page.ts";
import { encodePng } from "./encode-png.ts";
import { pageFonts } from "./page-fonts.ts";

export type PngOptions = {
  /** Pixels per inch, 20 to 2400. Screens and models 100 to 200, print 300. */
  readonly dpi: number;
};

/**
 * Draw a display list as PNG (8-bit palette, physical size set).
 *
 * The pixels depend on the display list and `dpi` alone; the bytes also on Node's zlib.
 * @throws EcgError INVALID_OPTION as {@link rasterisePage}.
 */
export async function renderPng(list: DisplayList, { dpi }: PngOptions): Promise<Uint8Array> {
  return encodePng(rasterisePage(list, { dpi, fonts: pageFonts() }), dpi);
}
