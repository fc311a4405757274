// readPage: the picture of an ECG page from a file. Node only.
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { PagePicture } from "../../../images/segment/read-ink.ts";
import { EcgError } from "../../../shared/errors.ts";
import { decodePng } from "../../vision/node/decode-png.ts";

/** Endings of pictures and documents: paths that hold a page, not a recording. */
const PAGE_ENDINGS: ReadonlySet<string> = new Set([
  ".png",
  ".pdf",
  ".jpg",
  ".jpeg",
  ".gif",
  ".bmp",
  ".tif",
  ".tiff",
  ".webp",
  ".heic",
  ".svg",
]);

/** Whether a path names a page by its ending. */
export function isPagePath(path: string): boolean {
  return PAGE_ENDINGS.has(extname(path).toLowerCase());
}

/**
 * Read a PNG.
 * @throws EcgError UNSUPPORTED_FORMAT for another kind of page, PDF included; NOT_FOUND; INVALID_FILE for a broken PNG.
 */
export async function readPage(path: string): Promise<PagePicture> {
  const ending = extname(path).toLowerCase();
  if (ending !== ".png") {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${path}: expected an ECG page as PNG, got ${ending === ".pdf" ? "a PDF document" : `a ${ending} file`}`,
      { hint: `export ${ending === ".pdf" ? "its page" : "it"} as PNG, at 100 dpi or more` },
    );
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a picture of an ECG page, found nothing there`, {
      hint: "check the path",
      cause,
    });
  });
  const { width, height, channels, data } = decodePng(bytes, path);
  if (channels !== 3) {
    throw new EcgError("INVALID_FILE", `${path}: expected 3 channels, found ${channels}`);
  }
  return { widthPx: width, heightPx: height, channels: 3, pixels: Uint8Array.from(data) };
}
