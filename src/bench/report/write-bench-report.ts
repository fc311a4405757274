// One HTML file with the scores of several runs, rewritten from their logs.
import { Buffer } from "node:buffer";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { scoreRun } from "../score-run.ts";
import { renderReportPage } from "./html-page.ts";
import { renderScoreTables } from "./render-score-tables.ts";

/** Score every run again and write them side by side. Returns what was written. */
export async function writeBenchReport(
  runFolders: readonly string[],
  path: string,
  dataset?: string,
): Promise<{ path: string; runs: number; bytes: number }> {
  const runs = await Promise.all(runFolders.map((folder) => scoreRun(folder, dataset)));
  const [first] = runs;
  const items = Math.max(
    0,
    ...runs.map((run) =>
      run.cells.filter((cell) => cell.cell === "average").reduce((sum, cell) => sum + cell.estimate.items, 0),
    ),
  );
  const html = renderReportPage({
    title: "Heartcare-Bench",
    subtitle: `${first?.run.dataset ?? ""}, split ${first?.run.split ?? ""}`,
    figures: [
      { value: String(runs.length), label: "models" },
      { value: items.toLocaleString("en-US"), label: "answers of the busiest model" },
      { value: String(first?.run.seed ?? ""), label: "seed" },
    ],
    sections: [
      {
        title: "Scores",
        lead: "Unparsed and failed answers count as wrong. A cell under 30 patients or 100 items supports no claim.",
        html: renderScoreTables(runs),
      },
    ],
    footer: "Made by heartcare-suite.",
  });
  await writeFileAtomic(path, html);
  return { path, runs: runs.length, bytes: Buffer.byteLength(html) };
}
