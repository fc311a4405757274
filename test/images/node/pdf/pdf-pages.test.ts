// PDF documents: opened, counted, drawn to pixels, their texts placed; and what is no document, or no whole one.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPdf, type PdfDocument } from "../../../../src/images/node/pdf/open-pdf.ts";
import { readPdfWords } from "../../../../src/images/node/pdf/read-pdf-words.ts";
import { pdfPageSize, renderPdfPage } from "../../../../src/images/node/pdf/render-pdf-page.ts";
import type { PagePicture } from "../../../../src/images/segment/read-ink.ts";
import { EcgError } from "../../../../src/shared/errors.ts";
import { buildPdf } from "./build-pdf.ts";

/** 200 x 100 points: a red bar from x 50 to 52 and from 10 to 30 below the upper edge; a word above the base line y 60. */
const DRAWN = {
  widthPt: 200,
  heightPt: 100,
  content: "1 0 0 rg 50 70 2 20 re f BT 0 g /F1 10 Tf 120 40 Td (aVR) Tj ET",
};

async function rejection(work: () => unknown): Promise<EcgError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof EcgError) return error;
    throw error;
  }
  throw new Error("expected an EcgError, nothing was thrown");
}

/** x, y, width and height in pixels of what is red. */
function redBox({ widthPx, pixels }: PagePicture): number[] {
  const at: [number, number][] = [];
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] === 255 && pixels[i + 1] === 0) at.push([(i / 3) % widthPx, Math.floor(i / 3 / widthPx)]);
  }
  const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
  return [
    Math.min(...xs),
    Math.min(...ys),
    Math.max(...xs) - Math.min(...xs) + 1,
    Math.max(...ys) - Math.min(...ys) + 1,
  ];
}

describe("a document of two pages", () => {
  let pdf: PdfDocument;
  beforeAll(async () => {
    pdf = await openPdf(buildPdf([DRAWN, { ...DRAWN, rotate: 90 }]), "two.pdf");
  });
  afterAll(() => pdf.close());

  it("has two pages of 200 x 100 points, the second one turned", async () => {
    expect(pdf.pageCount).toBe(2);
    const { widthMm, heightMm } = await pdfPageSize(pdf, 1);
    expect([widthMm, heightMm]).toEqual([expect.closeTo(70.556, 3), expect.closeTo(35.278, 3)]);
    expect((await pdfPageSize(pdf, 2)).widthMm).toBeCloseTo(35.278, 3);
  });

  it.each([
    [1, 72, 200, 100, [50, 10, 2, 20]],
    [1, 144, 400, 200, [100, 20, 4, 40]],
    // turned clockwise: what was 10 from the top is 10 from the right
    [2, 72, 100, 200, [70, 50, 20, 2]],
  ] as const)("draws page %i at %i dpi to the pixel", async (pageNumber, dpi, widthPx, heightPx, box) => {
    const picture = await renderPdfPage(pdf, { pageNumber, dpi });
    expect([picture.widthPx, picture.heightPx, picture.channels]).toEqual([widthPx, heightPx, 3]);
    expect(picture.pixels).toHaveLength(widthPx * heightPx * 3);
    expect(redBox(picture)).toEqual(box);
    expect([...picture.pixels.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it("places upright texts in pixels, and leaves out turned ones", async () => {
    const [word, ...others] = await readPdfWords(pdf, { pageNumber: 1, dpi: 144 });
    expect(others).toEqual([]);
    expect(word?.text).toBe("aVR");
    // 0.556 + 0.667 + 0.722 em of 10 points
    expect([word?.fromX, word?.toX]).toEqual([expect.closeTo(240, 3), expect.closeTo(278.9, 1)]);
    expect([word?.fromY, word?.toY]).toEqual([expect.closeTo(105.6, 1), expect.closeTo(120, 3)]);
    expect(await readPdfWords(pdf, { pageNumber: 2, dpi: 144 })).toEqual([]);
  });

  it.each([
    ["page 3", { pageNumber: 3, dpi: 72 }, "two.pdf: expected a page from 1 to 2, got page 3"],
    ["page 0", { pageNumber: 0, dpi: 72 }, "two.pdf: expected a page from 1 to 2, got page 0"],
    ["0 dpi", { pageNumber: 1, dpi: 0 }, "dpi: expected 20 to 2400, got 0"],
  ] as const)("has no %s", async (_name, options, message) => {
    const error = await rejection(() => renderPdfPage(pdf, options));
    expect([error.code, error.message]).toEqual(["INVALID_OPTION", message]);
  });
});

describe("what cannot be opened", () => {
  const whole = buildPdf([DRAWN]);
  it.each([
    [
      "another file",
      Buffer.from("name,age\n"),
      "INVALID_FILE",
      "x.pdf: expected a PDF document, found 9 bytes without %PDF- at their start",
    ],
    ["an empty file", Buffer.alloc(0), "INVALID_FILE", "x.pdf: expected a PDF document, found an empty file"],
    [
      "half a document",
      whole.subarray(0, whole.length >> 1),
      "INVALID_FILE",
      "x.pdf: expected a whole PDF document, found it damaged (it ends without %%EOF: cut off)",
    ],
    [
      "a document of nothing",
      Buffer.from("%PDF-1.4\nnothing\n%%EOF\n"),
      "INVALID_FILE",
      "x.pdf: expected a whole PDF document, found it damaged (Invalid PDF structure)",
    ],
    ["no pages", buildPdf([]), "INVALID_FILE", "x.pdf: expected a PDF document with pages, found none in it"],
    [
      "a password",
      buildPdf([DRAWN], { encrypted: true }),
      "UNSUPPORTED_FORMAT",
      "x.pdf: expected a PDF document that opens without a password, got an encrypted one",
    ],
  ] as const)("%s", async (_name, bytes, code, message) => {
    const error = await rejection(() => openPdf(bytes, "x.pdf"));
    expect([error.code, error.message]).toEqual([code, message]);
    expect(error.hint).toMatch(/\w{4}/);
  });
});
