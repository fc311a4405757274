// openPdf: a PDF document from its bytes, with its number of pages. Nothing of it is drawn yet.
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";
import { EcgError, errorMessage } from "../../../shared/errors.ts";
import { loadPdfjs } from "./load-pdfjs.ts";

export type PdfDocument = {
  /** What errors call it, e.g. its path. */
  readonly where: string;
  readonly pageCount: number;
  /** The document and its pages as pdf.js knows them. */
  readonly proxy: PDFDocumentProxy;
  close(): Promise<void>;
};

/** Readers look for the signature in the first, and for the end mark in the last bytes of a file. */
const HEAD_BYTES = 1024;
const TAIL_BYTES = 4096;

/**
 * Open a document; `close` it after use. `bytes` stay as they are.
 *
 * Half a file is refused, also where some of its pages could be read: an ECG may lack traces without a trace.
 * @throws EcgError INVALID_FILE for bytes that are no PDF, cut off, damaged or without pages; UNSUPPORTED_FORMAT for
 * a document that needs a password; MISSING_DEPENDENCY as `loadPdfjs`.
 */
export async function openPdf(bytes: Uint8Array, where = "pdf"): Promise<PdfDocument> {
  requireWhole(bytes, where);
  const { pdfjs, files } = await loadPdfjs();
  const task = pdfjs.getDocument({
    data: Uint8Array.from(bytes), // pdf.js keeps what it is given
    ...files,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    stopAtErrors: true,
    useSystemFonts: false, // the same pixels on every machine
    disableFontFace: true,
    enableXfa: false,
  });
  const proxy = await task.promise.catch(async (cause: unknown) => {
    await task.destroy().catch(() => undefined);
    throw openError(cause, where);
  });
  const pageCount = proxy.numPages;
  if (!(pageCount >= 1)) {
    await task.destroy();
    throw new EcgError("INVALID_FILE", `${where}: expected a PDF document with pages, found none in it`, {
      hint: "export the report again",
    });
  }
  return { where, pageCount, proxy, close: () => task.destroy() };
}

/** A page from 1. @throws EcgError INVALID_OPTION for a number beyond the document, INVALID_FILE for a broken page. */
export async function pdfPage(
  { where, pageCount, proxy }: PdfDocument,
  pageNumber: number,
): Promise<PDFPageProxy> {
  if (!Number.isInteger(pageNumber) || pageNumber < 1 || pageNumber > pageCount) {
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected a page from 1 to ${pageCount}, got page ${pageNumber}`,
      {
        hint: pageCount === 1 ? "it has one page" : `it has ${pageCount} pages`,
        details: { pageNumber, pageCount },
      },
    );
  }
  return await proxy.getPage(pageNumber).catch((cause: unknown) => {
    throw damaged(where, `page ${pageNumber}: ${errorMessage(cause)}`, cause);
  });
}

/** The error of a document that breaks a rule of the format. */
export function damaged(where: string, found: string, cause?: unknown): EcgError {
  return new EcgError(
    "INVALID_FILE",
    `${where}: expected a whole PDF document, found it damaged (${oneLine(found)})`,
    {
      hint: "fetch or export it again",
      cause,
    },
  );
}

function requireWhole(bytes: Uint8Array, where: string): void {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (!text(0, HEAD_BYTES).includes("%PDF-")) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected a PDF document, found ${bytes.length === 0 ? "an empty file" : `${bytes.length} bytes without %PDF- at their start`}`,
      { hint: "check what the file is, or export the page as PNG" },
    );
  }
  if (!text(Math.max(0, bytes.length - TAIL_BYTES), bytes.length).includes("%%EOF")) {
    throw damaged(where, "it ends without %%EOF: cut off");
  }
}

function openError(cause: unknown, where: string): EcgError {
  if (cause instanceof Error && cause.name === "PasswordException") {
    return new EcgError(
      "UNSUPPORTED_FORMAT",
      `${where}: expected a PDF document that opens without a password, got an encrypted one`,
      { hint: "save a copy without a password, e.g. with qpdf --decrypt, or export the page as PNG", cause },
    );
  }
  return damaged(where, errorMessage(cause), cause);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}
