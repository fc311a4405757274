// readPage: the picture of an ECG page from a PNG file or a page of a PDF document. Node only.
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { openPdf, type PdfDocument } from "../../../images/node/pdf/open-pdf.ts";
import { readPdfWords } from "../../../images/node/pdf/read-pdf-words.ts";
import { pdfPageSize, renderPdfPage } from "../../../images/node/pdf/render-pdf-page.ts";
import type { SegmentHints } from "../../../images/segment/page-segmentation.ts";
import { pageText } from "../../../images/segment/page-text.ts";
import type { PagePicture } from "../../../images/segment/read-ink.ts";
import { segmentPage } from "../../../images/segment/segment-page.ts";
import { EcgError, errorMessage } from "../../../shared/errors.ts";
import { decodePng } from "../../vision/node/decode-png.ts";

/** A picture with what its file tells about it. */
export type FilePage = PagePicture & {
  /** What answers and errors call it: `page.png`, `report.pdf#page=2`. */
  readonly id: string;
  /** For `segmentPage`: lead names, paper speed and gain where the file holds them as text. */
  readonly hints: SegmentHints;
};

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
const PDF_PATH = /^(.*\.pdf)(?:#(.*))?$/is;
/** Most pages of a document that are searched for an ECG. */
const SEARCHED_PAGES = 20;
/** A page is drawn at so many pixels an inch (5.9 a millimetre), its longest side within the two bounds. */
const PAGE_DPI = 150;
const LONGEST_SIDE_PX = [1200, 2400] as const;
const MM_PER_INCH = 25.4;

/** Whether a path names a page by its ending, before any `#page=2`. */
export function isPagePath(path: string): boolean {
  return PAGE_ENDINGS.has(extname(filePath(path)).toLowerCase());
}

/** The path without the page of a document: `report.pdf` of `report.pdf#page=2`. */
export function filePath(path: string): string {
  return PDF_PATH.exec(path)?.[1] ?? path;
}

/**
 * Read a PNG, or a page of a PDF document: `report.pdf#page=2` is its second page, `report.pdf` the first one on which
 * there is an ECG.
 * @throws EcgError UNSUPPORTED_FORMAT for another kind of page and for a document with a password; NOT_FOUND;
 * INVALID_FILE for a broken file or a document without an ECG; INVALID_OPTION for a page beyond its end; USAGE for a
 * page that is no number; MISSING_DEPENDENCY as `loadPdfjs`.
 */
export async function readPage(path: string): Promise<FilePage> {
  const file = filePath(path);
  const ending = extname(file).toLowerCase();
  if (ending === ".pdf") return await readDocument(path, file);
  if (ending !== ".png") {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${path}: expected an ECG page as PNG or PDF, got a ${ending} file`,
      {
        hint: "export it as PNG, at 100 dpi or more",
      },
    );
  }
  const { width, height, channels, data } = decodePng(await readBytes(file), path);
  if (channels !== 3) {
    throw new EcgError("INVALID_FILE", `${path}: expected 3 channels, found ${channels}`);
  }
  const picture = { widthPx: width, heightPx: height, channels: 3, pixels: Uint8Array.from(data) } as const;
  return { ...picture, id: basename(path), hints: {} };
}

async function readBytes(path: string): Promise<Uint8Array> {
  return await readFile(path).catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected a picture of an ECG page, found nothing there`, {
      hint: "check the path",
      cause,
    });
  });
}

async function readDocument(path: string, file: string): Promise<FilePage> {
  const wanted = pageNumberOf(path);
  const pdf = await openPdf(await readBytes(file), file);
  try {
    if (wanted !== undefined) return await readPdfPage(pdf, wanted);
    return pdf.pageCount === 1 ? await readPdfPage(pdf, 1) : await findEcgPage(pdf);
  } finally {
    await pdf.close();
  }
}

function pageNumberOf(path: string): number | undefined {
  const fragment = PDF_PATH.exec(path)?.[2];
  if (fragment === undefined) return undefined;
  const digits = /^page=(\d{1,6})$/i.exec(fragment)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new EcgError("USAGE", `${path}: expected #page=<number> behind a PDF document, got #${fragment}`, {
    hint: `pages count from 1: ${filePath(path)}#page=1`,
  });
}

async function readPdfPage(pdf: PdfDocument, pageNumber: number): Promise<FilePage> {
  const { widthMm, heightMm } = await pdfPageSize(pdf, pageNumber);
  const longestInch = Math.max(widthMm, heightMm) / MM_PER_INCH;
  const [least, most] = LONGEST_SIDE_PX;
  const dpi = Math.min(most, Math.max(least, PAGE_DPI * longestInch)) / longestInch;
  const picture = await renderPdfPage(pdf, { pageNumber, dpi });
  const text = pageText(await readPdfWords(pdf, { pageNumber, dpi }));
  return { ...picture, id: `${basename(pdf.where)}#page=${pageNumber}`, hints: { text } };
}

async function findEcgPage(pdf: PdfDocument): Promise<FilePage> {
  const last = Math.min(pdf.pageCount, SEARCHED_PAGES);
  const found: string[] = [];
  for (let pageNumber = 1; pageNumber <= last; pageNumber++) {
    const page = await readPdfPage(pdf, pageNumber);
    try {
      segmentPage(page, page.hints);
      return page;
    } catch (error) {
      if (!EcgError.isInstance(error)) throw error;
      found.push(`page ${pageNumber}: ${errorMessage(error).replace(/^.* (?:found|got) /, "")}`);
    }
  }
  const pages =
    last < pdf.pageCount ? `the first ${last} of its ${pdf.pageCount} pages` : `its ${last} pages`;
  const some = found.length > 3 ? [...found.slice(0, 3), "..."] : found;
  throw new EcgError(
    "INVALID_FILE",
    `${pdf.where}: expected an ECG on one of ${pages}, found none (${some.join("; ")})`,
    { hint: `choose a page: ${basename(pdf.where)}#page=1`, details: { pageCount: pdf.pageCount } },
  );
}
