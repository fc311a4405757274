// What of images/ needs Node: PNG files, PDF documents and the bundled font.
export { encodePng } from "./encode-png.ts";
export { pageFontBase64, pageFonts } from "./page-fonts.ts";
export { openPdf, type PdfDocument } from "./pdf/open-pdf.ts";
export { readPdfWords } from "./pdf/read-pdf-words.ts";
export { type PdfPageOptions, pdfPageSize, renderPdfPage } from "./pdf/render-pdf-page.ts";
export { type PngOptions, renderPng } from "./render-png.ts";
