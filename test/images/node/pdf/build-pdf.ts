// The smallest PDF documents that there are, byte by byte: what the tests of PDF pages read.
import type { Color, DisplayItem, DisplayList, GridItem } from "../../../../src/images/display-list.ts";

export type TestPage = {
  readonly widthPt: number;
  readonly heightPt: number;
  /** Operators of the page's content, in points from the lower left corner. Font: /F1, Helvetica. */
  readonly content: string;
  readonly rotate?: number;
};

const PT_PER_MM = 72 / 25.4;

/** A document of these pages; `encrypted` asks for a password that nobody knows. */
export function buildPdf(
  pages: readonly TestPage[],
  { encrypted = false }: { readonly encrypted?: boolean } = {},
): Buffer {
  const kids = pages.map((_page, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap(({ widthPt, heightPt, content, rotate = 0 }, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${widthPt} ${heightPt}] /Rotate ${rotate} /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
    ...(encrypted
      ? [`<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${"1f".repeat(32)}> /U <${"2e".repeat(32)}> >>`]
      : []),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const startXref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) text += `${String(offset).padStart(10, "0")} 00000 n \n`;
  const lock = encrypted ? ` /Encrypt ${objects.length} 0 R` : "";
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /ID [<${"0a".repeat(16)}> <${"0a".repeat(16)}>]${lock} >>\n`;
  return Buffer.from(`${text}startxref\n${startXref}\n%%EOF\n`, "latin1");
}

/** A display list as a page of vector paths and texts, as hospital systems write them. */
export function pdfPageOf(list: DisplayList): TestPage {
  const heightPt = list.heightMm * PT_PER_MM;
  const operators = [
    `${PT_PER_MM} 0 0 ${-PT_PER_MM} 0 ${heightPt} cm 1 J 1 j`, // mm from the upper left corner
    ...list.items.flatMap(drawItem),
  ];
  return { widthPt: list.widthMm * PT_PER_MM, heightPt, content: operators.join("\n") };
}

function drawItem(item: DisplayItem): string[] {
  if (item.kind === "rect") {
    const { xMm, yMm, widthMm, heightMm } = item.box;
    return [`${rgb(item.fill)} rg ${xMm} ${yMm} ${widthMm} ${heightMm} re f`];
  }
  if (item.kind === "grid") return drawGrid(item);
  if (item.kind === "text") {
    const words = item.text.replace(/([()\\])/g, "\\$1");
    return [
      `BT ${rgb(item.color)} rg /F1 ${item.sizeMm} Tf 1 0 0 -1 ${item.xMm} ${item.yMm} Tm (${words}) Tj ET`,
    ];
  }
  return item.runs.map((run) => {
    const points = Array.from(
      { length: run.length / 2 },
      (_, i) => `${run[2 * i]!.toFixed(3)} ${run[2 * i + 1]!.toFixed(3)} ${i === 0 ? "m" : "l"}`,
    );
    return `${rgb(item.color)} RG ${item.widthMm} w ${points.join(" ")} S`;
  });
}

function drawGrid({ box, ...grid }: GridItem): string[] {
  const { xMm, yMm, widthMm, heightMm } = box;
  const lines = (stepMm: number): string => {
    const across = Array.from(
      { length: Math.floor(widthMm / stepMm) + 1 },
      (_, i) => `${xMm + i * stepMm} ${yMm} m ${xMm + i * stepMm} ${yMm + heightMm} l`,
    );
    const down = Array.from(
      { length: Math.floor(heightMm / stepMm) + 1 },
      (_, i) => `${xMm} ${yMm + i * stepMm} m ${xMm + widthMm} ${yMm + i * stepMm} l`,
    );
    return [...across, ...down].join(" ");
  };
  return [
    `${rgb(grid.minorColor)} RG ${grid.minorWidthMm} w ${lines(grid.minorMm)} S`,
    `${rgb(grid.majorColor)} RG ${grid.majorWidthMm} w ${lines(grid.majorMm)} S`,
  ];
}

function rgb(color: Color): string {
  return [1, 3, 5].map((at) => (Number.parseInt(color.slice(at, at + 2), 16) / 255).toFixed(3)).join(" ");
}
