// Pages from PNG files and PDF documents: which page is taken, what it is called, and its leads by their names.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import { segmentPage } from "../../src/images/segment/segment-page.ts";
import { filePath, isPagePath, readPage } from "../../src/model/dspa/node/read-page.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { EcgError } from "../../src/shared/errors.ts";
import { buildPdf, pdfPageOf } from "../images/node/pdf/build-pdf.ts";

const HOSPITAL = fileURLToPath(new URL("../../../shared/data/hospital-pdf/", import.meta.url));
const BLANK = { widthPt: 595, heightPt: 842, content: "" };
const LETTER = {
  ...BLANK,
  content: Array.from(
    { length: 30 },
    (_, line) =>
      `BT /F1 12 Tf 60 ${780 - 20 * line} Td (Dear colleague, thank you for II and V1 of the recording.) Tj ET`,
  ).join("\n"),
};
const record = synthesizeEcg({ seed: 5, samplingRateHz: 500, durationSeconds: 10 });
const list = layoutPage(record, {});

let root = "";
const at = (name: string): string => join(root, name);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "heartcare-read-page-"));
  const ecg = pdfPageOf(list);
  writeFileSync(at("third.pdf"), buildPdf([BLANK, LETTER, ecg]));
  writeFileSync(at("ONE.PDF"), buildPdf([ecg]));
  writeFileSync(at("letters.pdf"), buildPdf([LETTER, BLANK]));
  writeFileSync(at("blank.pdf"), buildPdf([BLANK]));
  writeFileSync(at("named.pdf"), "no document");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function rejection(work: () => unknown): Promise<EcgError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof EcgError) return error;
    throw error;
  }
  throw new Error("expected an EcgError, nothing was thrown");
}

describe("paths of pages", () => {
  it.each([
    ["a/page.png", true, "a/page.png"],
    ["a/report.pdf#page=2", true, "a/report.pdf"],
    ["REPORT.PDF", true, "REPORT.PDF"],
    ["report.pdf#two", true, "report.pdf"],
    ["page.png#page=2", false, "page.png#page=2"],
    ["ludb/data/51", false, "ludb/data/51"],
  ])("%s", (path, isPage, file) => {
    expect([isPagePath(path), filePath(path)]).toEqual([isPage, file]);
  });
});

describe("readPage of a PDF document", () => {
  it("takes the first page with an ECG, at 150 dpi, and its twelve leads where they were drawn", async () => {
    const page = await readPage(at("third.pdf"));
    expect(page.id).toBe("third.pdf#page=3");
    const px = 150 / 25.4;
    expect([page.widthPx, page.heightPx]).toEqual([
      Math.round(list.widthMm * px),
      Math.round(list.heightMm * px),
    ]);
    const { strips, pxPerMm, sources } = segmentPage(page, page.hints);
    expect(pxPerMm).toBeCloseTo(px, 1);
    expect(sources).toEqual({ pxPerMm: "grid", speedMmPerSecond: "text", gainMmPerMv: "text" });
    for (const lead of STANDARD_LEADS) {
      const found = strips.find((strip) => strip.lead === lead && strip.kind === "lead");
      const drawn = list.strips.find((strip) => strip.lead === lead && strip.kind === "lead")!;
      expect(found).toMatchObject({ labelRead: true, missing: false, row: drawn.row, column: drawn.column });
      expect(Math.abs(found!.startPx - drawn.box.xMm * px)).toBeLessThan(3);
      expect(Math.abs(found!.zeroLinePx - drawn.zeroLineMm * px)).toBeLessThan(3);
    }
  });

  it("takes the page that is asked for", async () => {
    const page = await readPage(`${at("third.pdf")}#page=1`);
    expect([page.id, page.widthPx, page.heightPx]).toEqual(["third.pdf#page=1", 1240, 1754]);
    expect((await readPage(at("ONE.PDF"))).id).toBe("ONE.PDF#page=1");
  });

  it.each([
    ["#page=4", "third.pdf#page=4", "INVALID_OPTION", "third.pdf: expected a page from 1 to 3, got page 4"],
    ["#page=0", "third.pdf#page=0", "INVALID_OPTION", "third.pdf: expected a page from 1 to 3, got page 0"],
    [
      "#two",
      "third.pdf#two",
      "USAGE",
      "third.pdf#two: expected #page=<number> behind a PDF document, got #two",
    ],
    [
      "no ECG on any page",
      "letters.pdf",
      "INVALID_FILE",
      "letters.pdf: expected an ECG on one of its 2 pages, found none (page 1: no line that runs across it; page 2: no ink on the paper)",
    ],
    [
      "no document",
      "named.pdf",
      "INVALID_FILE",
      "named.pdf: expected a PDF document, found 11 bytes without %PDF- at their start",
    ],
    [
      "nothing there",
      "gone.pdf",
      "NOT_FOUND",
      "gone.pdf: expected a picture of an ECG page, found nothing there",
    ],
  ] as const)("%s", async (_name, name, code, message) => {
    const error = await rejection(() => readPage(at(name)));
    expect([error.code, error.message.replaceAll(`${root}/`, "")]).toEqual([code, message]);
    expect(error.hint).toMatch(/\w{4}/);
  });

  it("leaves a single page without an ECG to who looks at it", async () => {
    const page = await readPage(at("blank.pdf"));
    const error = await rejection(() => segmentPage(page, page.hints));
    expect(error.message).toBe("page picture: expected traces of an ECG on paper, found no ink on the paper");
  });
});

type Truth = { readonly leads: readonly { readonly lead: string; readonly rhythm_strip: boolean }[] };

describe.skipIf(readable(`${HOSPITAL}B01-en-3x4-helvetica.json`) === undefined)(
  "hospital documents (needs ../shared)",
  () => {
    it.each([
      ["A01-zh-6x2-table", 6, 2, 25, 10],
      ["B04-en-3x4-blue-cm", 4, 4, 25, 10],
      ["C03-de-12x1-nocal", 12, 1, 12.5, 10],
      ["D01-mpl-6x2-chest5", 6, 2, 25, 5],
      ["E01-rotate90", 6, 2, 25, 10],
      ["E02-two-pages", 6, 2, 25, 10],
    ] as const)("%s: rows, columns, scales, every lead", async (name, rows, columns, speed, chestGain) => {
      const truth = JSON.parse(readable(`${HOSPITAL}${name}.json`) ?? "") as Truth;
      const page = await readPage(`${HOSPITAL}${name}.pdf`);
      const found = segmentPage(page, page.hints);
      expect([found.rows, found.columns]).toEqual([rows, columns]);
      expect(found.speedMmPerSecond).toBe(speed);
      expect(found.gainMmPerMv).toEqual({ limb: 10, chest: chestGain });
      const wanted = truth.leads.map(({ lead, rhythm_strip }) => `${lead} ${rhythm_strip}`).sort();
      const named = found.strips.filter(({ labelRead, missing }) => labelRead && !missing);
      expect(named.map(({ lead, kind }) => `${lead} ${kind === "rhythm"}`).sort()).toEqual(wanted);
    });

    it.each([
      ["E05-truncated", "INVALID_FILE", /it ends without %%EOF: cut off/],
      ["E06-encrypted-password", "UNSUPPORTED_FORMAT", /got an encrypted one$/],
    ] as const)("%s", async (name, code, message) => {
      const error = await rejection(() => readPage(`${HOSPITAL}${name}.pdf`));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    });
  },
);

function readable(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
