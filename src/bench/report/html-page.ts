// The shell of every HTML report: one self-contained file, no script, no fetch, readable in light and dark.

/** A titled part of a report; `html` is trusted markup made by our own functions. */
export type ReportSection = { readonly title: string; readonly lead?: string; readonly html: string };

export type ReportPage = {
  readonly title: string;
  readonly subtitle: string;
  /** Three to six numbers on top. */
  readonly figures: readonly { readonly value: string; readonly label: string }[];
  readonly sections: readonly ReportSection[];
  /** Last line, e.g. seed and version. */
  readonly footer: string;
};

const STYLE = `
:root{--ink:#16202b;--muted:#5d6b79;--line:#e2e7ec;--paper:#fff;--soft:#f6f8fa;--accent:#0a6c74;--accent-soft:#d7ecec;--warn:#9a3412}
@media (prefers-color-scheme:dark){:root{--ink:#e7edf3;--muted:#9aa8b5;--line:#2b3641;--paper:#11181f;--soft:#18212a;--accent:#5cc5c9;--accent-soft:#173f42;--warn:#fdba74}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 "Inter","Segoe UI","Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:40px 28px 64px}
h1{font-size:32px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:21px;margin:48px 0 6px;letter-spacing:-.005em}
h3{font-size:16.5px;margin:34px 0 2px}
p{margin:0 0 14px;max-width:74ch}
.muted,.lead{color:var(--muted)}
.notice{border-left:4px solid var(--accent);background:var(--soft);padding:10px 16px;margin:20px 0 28px;color:var(--muted);max-width:none}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:24px 0}
.figure{background:var(--soft);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.figure b{display:block;font-size:25px;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.25}
.figure span{color:var(--muted);font-size:13.5px}
.scroll{overflow-x:auto;margin:12px 0 20px}
table{border-collapse:collapse;width:100%;font-size:14.5px;font-variant-numeric:tabular-nums}
th{font-weight:600;color:var(--muted);font-size:13px;border-bottom:1px solid var(--line);padding:7px 12px 7px 0;vertical-align:bottom}
th,td{text-align:left}td{border-bottom:1px solid var(--line);padding:7px 12px 7px 0;vertical-align:top}
th.num,td.num{text-align:right;white-space:nowrap}
td small{color:var(--muted)}
.plate{border:1px solid var(--line);border-radius:10px;overflow:hidden;background:#fff;margin:14px 0 6px}
.plate svg,.plate img{display:block;width:100%;height:auto}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:28px;align-items:start}
.card{border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 14px}
.card h3{font-size:13px;text-transform:none;color:var(--accent);margin:0 0 6px;font-weight:600}
.card p{margin:0 0 8px}
.forest{table-layout:fixed;margin:6px 0 8px}.forest+.forest{margin-top:32px}
.forest th,.forest td{border:0;padding:0 8px 0 0;vertical-align:middle}
.forest thead th{border-bottom:1px solid var(--line);padding-bottom:3px}
.forest th:first-child{width:25%}.forest th.num{width:31%}
.forest tbody th{color:var(--ink);font-weight:500;font-size:14.5px;overflow-wrap:anywhere}
.forest .group th{color:var(--muted);font-weight:600;font-size:13px;padding:12px 0 2px}
.forest th.num,.forest td.num{text-align:left;white-space:normal;line-height:1.25;padding:0 0 0 14px}
.forest small{display:block;color:var(--muted);font-size:12px;font-weight:400;line-height:1.3}
.forest .value{font-weight:650}
.forest svg{display:block;overflow:visible}
.forest svg text{fill:var(--muted);font-size:11.5px;font-weight:400}
.forest .grid{stroke:var(--line)}.forest .chance{stroke:var(--muted);stroke-dasharray:3 3}
.forest .whisker{stroke:var(--accent);stroke-width:1.8}.forest .dot{fill:var(--accent)}
.forest .best .value{color:var(--accent)}.forest .worse .value{color:var(--warn)}.forest .worse .whisker{stroke:var(--warn)}.forest .worse .dot{fill:var(--warn)}
.forest .muted th,.forest .muted td{color:var(--muted)}.forest .muted .value{font-weight:500}
.forest .muted .whisker{stroke:var(--muted);opacity:.6}.forest .muted .dot{fill:var(--muted)}
.forest .reference th{font-style:italic;color:var(--muted)}.forest .reference .value{color:var(--muted);font-weight:500}
.forest .reference .dot{fill:var(--paper);stroke:var(--muted);stroke-width:1.6}
@media (max-width:620px){main{padding:24px 16px 48px}h1{font-size:26px}.forest th:first-child{width:29%}.forest th.num{width:39%}.forest tbody th,.forest td.num{font-size:13px}.forest small{font-size:11px}.plate.wide{overflow-x:auto}.plate.wide svg{min-width:680px}}
.right{color:var(--accent);font-weight:600}.wrong{color:var(--warn)}
code{font:13.5px/1.5 ui-monospace,"SF Mono",Menlo,monospace;background:var(--soft);padding:1px 5px;border-radius:4px}
footer{margin-top:56px;padding-top:16px;border-top:1px solid var(--line);color:var(--muted);font-size:13.5px}
@media print{.notice,.figure{break-inside:avoid}h2{break-after:avoid}}
`;

/** The whole document. */
export function renderReportPage(page: ReportPage): string {
  const figures = page.figures
    .map(
      ({ value, label }) =>
        `<div class="figure"><b>${escapeHtml(value)}</b><span>${escapeHtml(label)}</span></div>`,
    )
    .join("");
  const sections = page.sections
    .map(
      ({ title, lead, html }) =>
        `<section><h2>${escapeHtml(title)}</h2>${lead ? `<p class="lead">${escapeHtml(lead)}</p>` : ""}${html}</section>`,
    )
    .join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(page.title)}</h1>
<p class="muted">${escapeHtml(page.subtitle)}</p>
<p class="notice">Not a medical device. For research and education; nothing here may be used for diagnosis or treatment.</p>
<div class="figures">${figures}</div>
${sections}
<footer>${escapeHtml(page.footer)}</footer>
</main>
</body>
</html>
`;
}

/** A table; a cell that starts with a digit, sign or dash is a number and stands right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-–+\d.]/.test(stripTags(row[column] ?? "-"))),
  );
  const cell = (tag: "th" | "td", text: string, column: number): string =>
    `<${tag}${numeric[column] ? ' class="num"' : ""}>${text}</${tag}>`;
  const head = header.map((text, column) => cell("th", escapeHtml(text), column)).join("");
  const body = rows
    .map((row) => `<tr>${row.map((text, column) => cell("td", text, column)).join("")}</tr>`)
    .join("\n");
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Text made safe for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function stripTags(html: string): string {
  return html.replace(/<[^>]*>/g, "").trim();
}
