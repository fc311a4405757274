// readPdfWords: the upright texts of a PDF page and where they stand on its picture.
import { errorMessage } from "../../../shared/errors.ts";
import type { PageWord } from "../../segment/page-text.ts";
import { damaged, type PdfDocument, pdfPage } from "./open-pdf.ts";
import { PDF_POINTS, type PdfPageOptions } from "./render-pdf-page.ts";

/** Height of capital letters over the size of their font. */
const CAPITAL_HEIGHT = 0.72;

/**
 * Texts of a page in pixels of `renderPdfPage` at the same dpi: from the baseline up to the height of capitals.
 * Texts that are drawn as curves or pixels are not found.
 * @throws EcgError INVALID_OPTION for a page beyond the end; INVALID_FILE for a broken page.
 */
export async function readPdfWords(
  pdf: PdfDocument,
  { pageNumber, dpi }: PdfPageOptions,
): Promise<PageWord[]> {
  const page = await pdfPage(pdf, pageNumber);
  const scale = dpi / PDF_POINTS;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = page.getViewport({ scale }).transform as number[];
  const { items } = await page.getTextContent().catch((cause: unknown) => {
    throw damaged(pdf.where, `text of page ${pageNumber}: ${errorMessage(cause)}`, cause);
  });
  return items.flatMap((item) => {
    if (!("str" in item) || item.str.trim() === "") return [];
    const [alongX = 0, alongY = 0, upX = 0, upY = 0, x = 0, y = 0] = item.transform as number[];
    // The direction of the text on the picture: rightwards, or it is no label.
    const rightX = a * alongX + c * alongY;
    const rightY = b * alongX + d * alongY;
    if (!(rightX > 0) || Math.abs(rightY) > 0.01 * rightX) return [];
    const sizePx = Math.hypot(a * upX + c * upY, b * upX + d * upY);
    const fromX = a * x + c * y + e;
    const toY = b * x + d * y + f;
    return [
      { text: item.str, fromX, toX: fromX + item.width * scale, fromY: toY - CAPITAL_HEIGHT * sizePx, toY },
    ];
  });
}
