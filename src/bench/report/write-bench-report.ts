// One HTML file with the scores of several runs, rewritten from their logs.
import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { EcgError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { HEARTCARE_GPT_38B } from "../reference-scores.ts";
import { type ScoredRun, scoreItems } from "../score-items.ts";
import { type RunScores, summariseRun } from "../score-run.ts";
import { taskNamed } from "../tasks/index.ts";
import { escapeHtml, type ReportSection, renderReportPage, renderTable } from "./html-page.ts";
import { renderDifferences } from "./render-differences.ts";
import { renderExamples } from "./render-examples.ts";
import { renderScoreTables } from "./render-score-tables.ts";

/**
 * Score every run again and write them side by side. Returns what was written.
 * @throws EcgError INVALID_OPTION for no run, or runs of different splits; as `scoreItems` does for a broken run.
 */
export async function writeBenchReport(
  runFolders: readonly string[],
  path: string,
  dataset?: string,
): Promise<{ path: string; runs: number; bytes: number }> {
  const scored: ScoredRun[] = [];
  for (const folder of runFolders) scored.push(await scoreItems(folder, dataset));
  const [first] = scored;
  if (!first) throw new EcgError("INVALID_OPTION", "report: expected at least one run, got none");
  const folder = dataset ?? first.run.dataset;
  const runs = scored.map(summariseRun);
  const items = new Set(scored.flatMap(({ answers }) => answers.map(({ item }) => item.id)));
  const patients = new Set(
    scored.flatMap(({ answers }) =>
      answers.flatMap(({ item }) => item.records.map((entry) => entry.patientId)),
    ),
  );
  const html = renderReportPage({
    title: "Heartcare-Bench",
    subtitle: `${basename(folder)}, split ${[...new Set(scored.map(({ run }) => run.split))].join(" and ")}`,
    figures: [
      { value: String(scored.length), label: "models" },
      { value: items.size.toLocaleString("en-US"), label: "questions" },
      { value: patients.size.toLocaleString("en-US"), label: "patients" },
      { value: String(first.run.seed), label: "seed" },
    ],
    sections: [
      scoreSection(runs),
      differenceSection(scored),
      {
        title: "Examples",
        lead: "One question a task, its recordings drawn on paper.",
        html: await renderExamples(scored, folder),
      },
      runSection(scored),
      ruleSection(scored),
    ].filter((section) => section.html !== ""),
    footer: `Made by heartcare-suite. Items ${[...new Set(scored.map(({ run }) => run.items.hash))].join(", ")}.`,
  });
  await writeFileAtomic(path, html);
  return { path, runs: scored.length, bytes: Buffer.byteLength(html) };
}

function scoreSection(runs: readonly RunScores[]): ReportSection {
  return {
    title: "Scores",
    lead: `Dots and whiskers: mean and 95% interval over patients; grey where there are fewer than 30 patients or 100 items, which supports no claim. Unparsed and failed answers count as wrong. Rows in italics: ${HEARTCARE_GPT_38B.name}, ${HEARTCARE_GPT_38B.caution} (${HEARTCARE_GPT_38B.source}); not to be compared with.`,
    html: renderScoreTables(runs, { references: true }),
  };
}

function differenceSection(scored: readonly ScoredRun[]): ReportSection {
  return {
    title: "Differences on the same questions",
    lead: "First model minus second, paired by question, 95% interval over patients. Highlighted: the interval excludes 0. Of twenty pairs that do not differ one is expected to look as if it did.",
    html: renderDifferences(scored),
  };
}

function runSection(scored: readonly ScoredRun[]): ReportSection {
  const rows = scored.map(({ run, answers, unanswered }) => {
    const seconds = answers.map(({ answer }) => answer.seconds).sort((a, b) => a - b);
    const median = seconds[Math.floor(seconds.length / 2)];
    return [
      escapeHtml(run.model.id),
      escapeHtml(run.model.version),
      escapeHtml(run.tasks.join(", ")),
      run.modalities.join(", "),
      String(answers.length),
      String(unanswered),
      String(answers.filter(({ score }) => score.unparsed !== undefined).length),
      String(answers.filter(({ answer }) => answer.error !== undefined).length),
      median === undefined ? "-" : (median * 1000).toFixed(1),
    ];
  });
  return {
    title: "Runs",
    html: renderTable(
      ["model", "version", "tasks", "looks at", "answered", "not yet", "unparsed", "failed", "median ms"],
      rows,
    ),
  };
}

function ruleSection(scored: readonly ScoredRun[]): ReportSection {
  const names = [...new Set(scored.flatMap(({ run }) => run.tasks))];
  const rows = names.flatMap((name) => {
    const task = taskNamed(name);
    return (task?.metrics ?? []).map((metric) => [
      escapeHtml(task?.title ?? name),
      String(task?.version ?? ""),
      escapeHtml(metric.name),
      escapeHtml(metric.formula),
    ]);
  });
  return {
    title: "How it is scored",
    lead: "Images are pages rendered from the signals (25 mm/s, 10 mm/mV, no paper noise); no photographed or scanned page is among them.",
    html: renderTable(["task", "version", "metric", "formula"], rows),
  };
}
