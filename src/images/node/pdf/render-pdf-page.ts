// renderPdfPage: one page of a PDF document as pixels.
import { EcgError, errorMessage } from "../../../shared/errors.ts";
import type { PagePicture } from "../../segment/read-ink.ts";
import { damaged, type PdfDocument, pdfPage } from "./open-pdf.ts";

export type PdfPageOptions = {
  /** From 1. */
  readonly pageNumber: number;
  /** Pixels per inch of the page as displayed, 20 to 2400. */
  readonly dpi: number;
};

/** Points an inch. */
export const PDF_POINTS = 72;
const MM_PER_INCH = 25.4;
/** Larger pictures are a mistake. */
const MOST_PIXELS = 2 ** 27;
const MOST_SIDE_PX = 32_767;

/** What pdf.js's canvas factory makes in Node. */
type NodeCanvas = {
  readonly canvas: never;
  readonly context: {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
};
type CanvasFactory = {
  create(width: number, height: number): NodeCanvas;
  destroy(canvas: NodeCanvas): void;
};

/** Size of a page as displayed, in mm. @throws EcgError as `pdfPage`. */
export async function pdfPageSize(
  pdf: PdfDocument,
  pageNumber: number,
): Promise<{ readonly widthMm: number; readonly heightMm: number }> {
  const { width, height } = (await pdfPage(pdf, pageNumber)).getViewport({ scale: MM_PER_INCH / PDF_POINTS });
  return { widthMm: width, heightMm: height };
}

/**
 * Draw a page on white, upright as displayed, as RGB of round(width * dpi) x round(height * dpi) pixels.
 * @throws EcgError INVALID_OPTION for a page beyond the end or too large a picture; INVALID_FILE for a broken page.
 */
export async function renderPdfPage(
  pdf: PdfDocument,
  { pageNumber, dpi }: PdfPageOptions,
): Promise<PagePicture> {
  if (!(dpi >= 20 && dpi <= 2400))
    throw new EcgError("INVALID_OPTION", `dpi: expected 20 to 2400, got ${dpi}`);
  const page = await pdfPage(pdf, pageNumber);
  const viewport = page.getViewport({ scale: dpi / PDF_POINTS });
  const [widthPx, heightPx] = [Math.round(viewport.width), Math.round(viewport.height)];
  if (
    Math.max(widthPx, heightPx) > MOST_SIDE_PX ||
    widthPx * heightPx > MOST_PIXELS ||
    widthPx * heightPx < 1
  ) {
    throw new EcgError(
      "INVALID_OPTION",
      `${pdf.where}: expected page ${pageNumber} to have 1 to ${MOST_PIXELS} pixels, got ${widthPx} x ${heightPx} at ${dpi} dpi`,
      { hint: "draw it at another resolution", details: { widthPx, heightPx, dpi } },
    );
  }
  const factory = pdf.proxy.canvasFactory as CanvasFactory;
  const drawn = factory.create(widthPx, heightPx);
  try {
    await page.render({ canvas: drawn.canvas, viewport, background: "#ffffff" }).promise;
    const { data } = drawn.context.getImageData(0, 0, widthPx, heightPx);
    return { widthPx, heightPx, channels: 3, pixels: withoutAlpha(data) };
  } catch (cause) {
    throw damaged(pdf.where, `page ${pageNumber}: ${errorMessage(cause)}`, cause);
  } finally {
    factory.destroy(drawn);
    page.cleanup();
  }
}

/** The page was white before anything was drawn: nothing shows through. */
function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const pixels = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    pixels[to] = rgba[from]!;
    pixels[to + 1] = rgba[from + 1]!;
    pixels[to + 2] = rgba[from + 2]!;
  }
  return pixels;
}
