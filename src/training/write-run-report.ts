// report.json and report.html of a run: how it ended, its last scores, its curves, its settings. Node only.
import { join } from "node:path";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { drawLossCurves } from "./draw-loss-curves.ts";
import type { TrainingSummary } from "./training-event.ts";
import { readLog } from "./training-log.ts";

export type RunReport = {
  readonly title: string;
  readonly config: unknown;
  readonly data: unknown;
  readonly summary: TrainingSummary;
};

/** Write both. The page is self-contained. */
export async function writeRunReport(folder: string, report: RunReport): Promise<void> {
  const log = await readLog(folder);
  const evaluations = log.filter((line) => line.kind === "evaluation");
  const best = evaluations.findLast((line) => line.best) ?? evaluations.at(-1);
  const { config, data, summary } = report;
  const json = { ...summary, scores: best?.scores ?? null, config, data };
  await writeFileAtomic(join(folder, "report.json"), `${JSON.stringify(json, null, 2)}\n`);
  const rows = Object.entries(best?.scores ?? {}).map(
    ([name, value]) => `<tr><td>${escapeText(name)}</td><td>${value.toFixed(4)}</td></tr>`,
  );
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeText(report.title)}</title>
<style>body{font:14px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td{padding:.1rem .8rem .1rem 0}pre{background:#f4f4f6;padding:1rem;overflow:auto}</style></head>
<body><h1>${escapeText(report.title)}</h1>
<p>${summary.outcome} after ${summary.step} steps, ${Math.round(summary.seconds)} s. Best validation score ${summary.best ? `${summary.best.score.toFixed(4)} after step ${summary.best.step}` : "none yet"}.</p>
<table>${rows.join("")}</table>
${drawLossCurves(log)}
<h2>Settings</h2><pre>${escapeText(JSON.stringify(config, null, 2))}</pre>
<h2>Data</h2><pre>${escapeText(JSON.stringify(data, null, 2))}</pre>
<p>Not a medical device.</p></body></html>
`;
  await writeFileAtomic(join(folder, "report.html"), page);
}

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
