// A few asked questions with their recordings drawn, the reference and what each model answered.
import type { DatasetRecord } from "../../dataset/dataset-record.ts";
import { readDatasetRecords, readSignal } from "../../dataset/read-dataset.ts";
import { layoutPage } from "../../images/build-page.ts";
import { displayListToSvg } from "../../images/to-svg.ts";
import type { QaItem, QaItemRecord } from "../../qa/qa-item.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { sliceSamples } from "../../record/lead-matrix.ts";
import { hashText } from "../../shared/rng.ts";
import type { ScoredAnswer, ScoredRun } from "../score-items.ts";
import { BENCH_TASKS } from "../tasks/index.ts";
import { escapeHtml } from "./html-page.ts";

/** Longest stretch of a page; longer windows are cut. */
const PAGE_SECONDS = 10;

/**
 * One card a task: the item that most runs answered, of equals one by hash, with pages of its recordings.
 * Predictions are left out: their log keeps the error, not the forecast.
 */
export async function renderExamples(runs: readonly ScoredRun[], dataset: string): Promise<string> {
  const chosen = BENCH_TASKS.filter(({ name }) => name !== "prediction").flatMap(
    ({ name }) => mostAnswered(runs, name) ?? [],
  );
  const wanted = new Set(chosen.flatMap((item) => item.records.map(({ recordId }) => recordId)));
  const records = new Map<string, DatasetRecord>();
  for await (const record of readDatasetRecords(dataset)) {
    if (wanted.has(record.identity.recordingId)) records.set(record.identity.recordingId, record);
  }
  const cards = chosen.map((item) => renderCard(item, runs, { dataset, records }));
  return (await Promise.all(cards)).join("\n");
}

function mostAnswered(runs: readonly ScoredRun[], task: string): QaItem | undefined {
  const counts = new Map<string, { readonly item: QaItem; count: number }>();
  for (const { answers } of runs) {
    for (const { item } of answers) {
      if (item.task !== task) continue;
      const entry = counts.get(item.id) ?? { item, count: 0 };
      counts.set(item.id, entry);
      entry.count++;
    }
  }
  return [...counts.values()].sort(
    (a, b) => b.count - a.count || hashText(a.item.id) - hashText(b.item.id),
  )[0]?.item;
}

type Drawn = { readonly dataset: string; readonly records: ReadonlyMap<string, DatasetRecord> };

async function renderCard(item: QaItem, runs: readonly ScoredRun[], drawn: Drawn): Promise<string> {
  const pages = await Promise.all(item.records.map((entry) => drawPage(entry, drawn)));
  const answers = runs.flatMap(({ run, answers: all }) => {
    const answer = all.find((candidate) => candidate.item.id === item.id);
    return answer ? [renderAnswer(run.model.id, answer)] : [];
  });
  const kind = [
    item.task,
    item.dimension,
    item.pair?.relation,
    item.records.map(({ modality }) => modality).join(" and "),
  ];
  return `<div class="card"><h3>${escapeHtml(kind.filter(Boolean).join(", "))}</h3>
<p>${lines([item.context, item.instruction].filter(Boolean).join(" "))}</p>
${pages.join("\n")}
<p><small class="muted">reference</small><br>${lines(item.answer)}</p>
${answers.join("\n")}</div>`;
}

function renderAnswer(model: string, { answer, score, task }: ScoredAnswer): string {
  const [metric] = task.metrics;
  const value = metric ? (score.values[metric.name] ?? 0) : 0;
  const choice = metric?.name === "accuracy";
  const verdict =
    answer.error !== undefined
      ? "failed"
      : (score.unparsed ??
        (choice ? (value === 1 ? "right" : "wrong") : `${metric?.name} ${(value * 100).toFixed(1)}`));
  const tone = choice && value === 1 ? "right" : choice ? "wrong" : "muted";
  return `<p><small class="muted">${escapeHtml(model)}</small> <span class="${tone}">${escapeHtml(verdict)}</span><br>${lines(answer.error ?? answer.text)}</p>`;
}

/** Signal and image alike are drawn as a page: the reader of a report looks at paper. */
async function drawPage(entry: QaItemRecord, { dataset, records }: Drawn): Promise<string> {
  const record = records.get(entry.recordId);
  if (!record) return "";
  const { startSample } = entry.window;
  const end = Math.min(entry.window.endSample, startSample + PAGE_SECONDS * record.samplingRateHz);
  const shown: EcgRecord = {
    id: record.identity.recordingId,
    samplingRateHz: record.samplingRateHz,
    leads: record.leads,
    signal: sliceSamples(await readSignal(dataset, record), startSample, end),
    patient: record.patient,
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: record.identity,
    provenance: { format: record.source, path: "", sha256: record.original.sha256 },
  };
  const layout = record.leads.length === 12 ? "3x4" : "12x1";
  return `<div class="plate wide">${displayListToSvg(layoutPage(shown, { layout }), { inline: true })}</div>`;
}

function lines(text: string): string {
  return escapeHtml(text).replace(/\n/g, "<br>");
}
