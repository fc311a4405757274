// The demo's HTML report: one recording as a page, the dataset, the audit, the scores, questions with answers.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildResult } from "../../agent/build-dataset.ts";
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import { readAnswerLog } from "../../bench/answer-log.ts";
import type { RunComparison } from "../../bench/compare-runs.ts";
import { parseChoice } from "../../bench/metrics/parse-choice.ts";
import {
  escapeHtml,
  type ReportSection,
  renderReportPage,
  renderTable,
} from "../../bench/report/html-page.ts";
import { renderScoreTables } from "../../bench/report/render-score-tables.ts";
import type { RunScores } from "../../bench/score-run.ts";
import type { DatasetRecord } from "../../dataset/dataset-record.ts";
import { readDatasetRecords, readItems, readSignal } from "../../dataset/read-dataset.ts";
import { rightOption } from "../../dataset/train-text-choice.ts";
import { layoutPage } from "../../images/build-page.ts";
import { headerFromRecord } from "../../images/page-header.ts";
import { displayListToSvg } from "../../images/to-svg.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { pageMeasurements } from "../page-measurements.ts";
import type { ModelDemo } from "./ask-shipped-model.ts";
import { drawBeatFigure } from "./draw-beat-figure.ts";
import { renderModelSection } from "./render-model-section.ts";
import type { DemoOptions } from "./run-demo.ts";

export type DemoFacts = {
  readonly dataset: string;
  readonly built: BuildResult;
  readonly runs: readonly RunScores[];
  readonly comparison: RunComparison;
  readonly options: DemoOptions;
  readonly tokenizer: BeatTokenizer;
  /** Left out where no model ships. */
  readonly model: ModelDemo | undefined;
  readonly embedded: boolean;
};

/** Questions shown with the answer of the rule-based baseline. */
const SHOWN_QUESTIONS = 8;

/** Write the report. Returns its size in bytes. */
export async function writeDemoReport(path: string, facts: DemoFacts): Promise<number> {
  const { manifest, audit } = facts.built;
  const records = await readRecords(facts.dataset);
  const html = renderReportPage({
    title: "From recordings to a benchmark",
    subtitle: facts.embedded
      ? "Seeded synthetic recordings that are part of the package; give folders of real ones to see yours."
      : manifest.sources.map((source) => `${source.name} (${source.records})`).join(", "),
    figures: [
      { value: manifest.records.total.toLocaleString("en-US"), label: "recordings" },
      { value: manifest.records.patients.toLocaleString("en-US"), label: "patients" },
      { value: manifest.itemCount.toLocaleString("en-US"), label: "questions" },
      { value: manifest.distinctFactsPerRecord.toFixed(1), label: "distinct facts a recording" },
      { value: String(audit?.leaks.length ?? 0), label: "leaks found" },
    ],
    sections: [
      await recordingSection(facts, records),
      await datasetSection(facts),
      auditSection(facts),
      await beatSection(facts, records),
      facts.model ? renderModelSection(facts.model) : undefined,
      {
        title: "Baselines on recordings not seen in training",
        lead: "Split by patient. Whoever knows only the text should be near chance; whoever measures the signal should not.",
        html: renderScoreTables(facts.runs),
      },
      await questionsSection(facts),
      skippedSection(facts),
    ].filter((section) => section !== undefined),
    footer: `heartcare-suite, seed ${manifest.seed}. ${manifest.splitRule}.`,
  });
  await writeFileAtomic(path, html);
  return Buffer.byteLength(html);
}

async function readRecords(dataset: string): Promise<DatasetRecord[]> {
  const records: DatasetRecord[] = [];
  for await (const record of readDatasetRecords(dataset)) records.push(record);
  return records;
}

/** A test recording with findings, so that the page shows something worth reading. */
async function recordingSection(
  facts: DemoFacts,
  records: readonly DatasetRecord[],
): Promise<ReportSection | undefined> {
  const full = records.filter((record) => record.leads.length === 12 && record.amplitudeUnit === "mV");
  const findings = (record: DatasetRecord): number =>
    record.statements.filter(
      (statement) => statement.dimensions.includes("diagnosis") && statement.code.value !== "NORM",
    ).length;
  const chosen = full.filter((record) => record.split === "test" && findings(record) > 0)[0] ?? full[0];
  if (!chosen) return undefined;
  const signal = await readSignal(facts.dataset, chosen);
  const record: EcgRecord = {
    id: chosen.identity.recordingId,
    samplingRateHz: chosen.samplingRateHz,
    leads: chosen.leads,
    signal,
    patient: {
      ...(chosen.patient.ageYears === undefined ? {} : { ageYears: chosen.patient.ageYears }),
      ...(chosen.patient.sex ? { sex: chosen.patient.sex } : {}),
    },
    statements: chosen.statements,
    sourceLabels: [],
    labelScope: chosen.labelScope,
    identity: chosen.identity,
    provenance: { format: chosen.source, path: "", sha256: chosen.original.sha256 },
  };
  const measured = chosen.measurements ? pageMeasurements(chosen.measurements) : undefined;
  const page = layoutPage(record, {
    layout: "3x4",
    header: { ...headerFromRecord(record, measured), id: record.id },
  });
  return {
    title: "One recording",
    lead: `${chosen.identity.recordingId}: resampled to 250 Hz, cleaned, measured, drawn to scale.`,
    html: `<div class="plate">${displayListToSvg(page, { inline: true })}</div>`,
  };
}

async function datasetSection(facts: DemoFacts): Promise<ReportSection> {
  const { manifest } = facts.built;
  const sunburst = await readFile(join(facts.dataset, "sunburst.svg"), "utf8");
  const totals = new Map<string, number>();
  for (const cell of manifest.counts) {
    const key = `${cell.task}|${cell.subset}`;
    totals.set(key, (totals.get(key) ?? 0) + cell.count);
  }
  const rows = [...totals].map(([key, count]) => [...key.split("|"), count.toLocaleString("en-US")]);
  const { bySplit } = manifest.records;
  return {
    title: "The dataset",
    lead: `Train ${bySplit.train}, val ${bySplit.val}, test ${bySplit.test} recordings; no patient stands in two splits.`,
    html: `<div class="columns"><div>${sunburst.replace(/width="\d+" height="\d+"/, 'width="100%"')}</div><div>${renderTable(["task", "subset", "items"], rows)}</div></div>`,
  };
}

/** The first test recording that is long enough, so that Beat shows nothing that it has learned by heart. */
async function beatSection(
  facts: DemoFacts,
  records: readonly DatasetRecord[],
): Promise<ReportSection | undefined> {
  for (const record of records.filter(
    (candidate) => candidate.split === "test" && candidate.amplitudeUnit === "mV",
  )) {
    const figure = await drawBeatFigure(facts.tokenizer, record, await readSignal(facts.dataset, record));
    if (!figure) continue;
    return {
      title: "Beat: the recording as tokens",
      lead: `4 s of ${figure.recordingId} as ${figure.tokens.length} pairs of codes, decoded again, and the next 2 s as they foretell them.`,
      html: `<div class="plate">${figure.svg}</div><p><code>${figure.tokens.join(" ")}</code></p>`,
    };
  }
  return undefined;
}

function auditSection(facts: DemoFacts): ReportSection | undefined {
  const { audit } = facts.built;
  if (!audit) return undefined;
  const { fingerprints } = audit;
  return {
    title: "The leakage audit",
    lead: "The same ECG would be found if it were renamed, resampled, rescaled, shifted, cropped or noisy.",
    html: renderTable(
      ["check", "result"],
      [
        ["identities, patients, examinations, pictures, items in two splits", String(audit.leaks.length)],
        ["the same recording twice inside a split", String(audit.copies.length)],
        ["pairs of different patients compared by waveform", fingerprints.pairs.toLocaleString("en-US")],
        [`of these above ${fingerprints.threshold}`, String(fingerprints.above)],
        ["highest correlation below it", String(fingerprints.highestBelow)],
      ],
    ),
  };
}

async function questionsSection(facts: DemoFacts): Promise<ReportSection> {
  const answers = await readAnswerLog(join(facts.options.out, "runs", "measured", "answers.jsonl"));
  const shown: QaItem[] = [];
  const seen = new Set<string>();
  for await (const { item } of readItems(facts.dataset, "test")) {
    const kind = `${item.task}/${item.subset}/${item.dimension ?? ""}`;
    if (
      !answers.has(item.id) ||
      seen.has(kind) ||
      shown.length >= SHOWN_QUESTIONS ||
      item.task === "prediction"
    )
      continue;
    seen.add(kind);
    shown.push(item);
  }
  return {
    title: "Questions, answered by rules on measured intervals",
    lead: "The rule-based baseline knows the signal, not the label. Its answers are graded, not prompted.",
    html: shown.map((item) => questionCard(item, answers.get(item.id)?.text ?? "")).join("\n"),
  };
}

function questionCard(item: QaItem, answer: string): string {
  const options = item.options ?? [];
  const right = options.length > 0 ? parseChoice(answer, options).index === rightOption(item) : undefined;
  const verdict =
    right === undefined
      ? ""
      : ` <span class="${right ? "right" : "wrong"}">${right ? "right" : "wrong"}</span>`;
  const text = (value: string): string => escapeHtml(value).replace(/\n/g, "<br>");
  return `<div class="card"><h3>${escapeHtml([item.task, item.dimension ?? item.pair?.relation ?? "", item.records.map((record) => record.modality).join(" and ")].filter(Boolean).join(", "))}</h3>
<p>${text([item.context, item.instruction].filter(Boolean).join(" "))}</p>
<p><small class="muted">reference</small><br>${text(item.answer)}</p>
<p><small class="muted">measured</small>${verdict}<br>${text(answer)}</p></div>`;
}

function skippedSection(facts: DemoFacts): ReportSection | undefined {
  const { skipped } = facts.built;
  if (skipped.length === 0) return undefined;
  return {
    title: "Left out",
    lead: `${skipped.length} recordings could not be used; the first of them:`,
    html: renderTable(
      ["source", "recording", "reason"],
      skipped.slice(0, 10).map((entry) => [entry.source, entry.id, entry.reason].map(escapeHtml)),
    ),
  };
}
