// The section of the demo's report about HeartcareGPT: a question with its shares, and a report.
import { escapeHtml, type ReportSection, renderTable } from "../../bench/report/html-page.ts";
import { describeRecording } from "../../model/dspa/render-report.ts";
import type { ModelDemo } from "./ask-shipped-model.ts";

/** Markup of what the model said. */
export function renderModelSection({ answer, right, report }: ModelDemo): ReportSection {
  const offered = (answer.options ?? []).map((text, index) => [
    escapeHtml(`${"ABCDEFGH"[index]}: ${text}`),
    `${(100 * (answer.shares?.[index] ?? 0)).toFixed(1)}%`,
  ]);
  const question = answer.question.split(/ A: /)[0] ?? "";
  const measured = (report.measured ?? []).map(({ name, value, unit }) => [
    escapeHtml(name),
    value === null ? "-" : `${value} ${unit}`,
  ]);
  const findings = report.findings.map(({ heading, text }) => `${heading}: ${text}`);
  const rules = report.rules.map(({ text, because }) => `${text}: ${because}`);
  const wentIn = answer.evidence.recordings.flatMap(describeRecording);
  return {
    title: "HeartcareGPT reads a recording",
    lead: `${report.model} on ${report.id}, a recording of the test split. Values are measured on the signal, never written by the model. Not a medical device.`,
    html: `<div class="columns"><div class="card"><h3>A closed question</h3><p>${escapeHtml(question)}</p>${renderTable(["option", "share"], offered)}<p>${escapeHtml(answer.answer)} <span class="${right ? "right" : "wrong"}">${right ? "right" : "wrong"}</span></p><p><small class="muted">went in</small><br>${wentIn.map(escapeHtml).join("<br>")}</p></div>
<div class="card"><h3>A report: ${escapeHtml(report.id)}</h3><p>${escapeHtml(report.patient)}; ${escapeHtml(report.recording)}</p>${renderTable(["measured", "value"], measured)}
<p><small class="muted">findings by the model</small><br>${lines(findings)}</p>
<p><small class="muted">rules on measured values</small><br>${lines(rules)}</p>
<p><small class="muted">impression</small><br>${escapeHtml(report.impression ?? "none")}</p></div></div>`,
  };
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.map(escapeHtml).join("<br>");
}
