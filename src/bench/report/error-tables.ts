// renderErrorTables: an error analysis as Markdown; numbers alone, no recording.
import { findStatement } from "../../labels/find-statement.ts";
import type { Estimate } from "../../shared/patient-bootstrap.ts";
import type { ErrorAnalysis, ErrorGroup } from "../error-analysis.ts";

/** Confusions that are listed. */
const LISTED = 20;

/** Cells under 30 patients or 100 items are marked: they support no claim. */
export function renderErrorTables({ model, items, ...analysis }: ErrorAnalysis): string {
  const confusions = analysis.confusions
    .slice(0, LISTED)
    .map(({ right, chosen, count }) => `| ${nameOf(right)} | ${nameOf(chosen)} | ${count} |`);
  return `${[
    `# Closed questions that ${model} gets wrong`,
    `${items} questions, ${analysis.wrong.length} answered wrongly. Intervals: 95%, over patients; * marks fewer than 30 patients or 100 questions, which supports no claim.`,
    section("By source", analysis.sources),
    section("By modality", analysis.modalities),
    section("By kind of question", analysis.kinds),
    section("By statement asked", analysis.statements),
    ["## Confusions", "", "| right | chosen | times |", "| --- | --- | ---: |", ...confusions].join("\n"),
  ].join("\n\n")}\n`;
}

function section(title: string, groups: readonly ErrorGroup[]): string {
  return [
    `## ${title}`,
    "",
    "| | accuracy | interval | questions | patients |",
    "| --- | ---: | --- | ---: | ---: |",
    ...groups.map(
      ({ name, accuracy }) =>
        `| ${nameOf(name)} | ${percent(accuracy.mean)}${accuracy.tooSmall ? "*" : ""} | ${interval(accuracy)} | ${accuracy.items} | ${accuracy.patients} |`,
    ),
  ].join("\n");
}

function nameOf(key: string): string {
  if (key === "none:waveform") return "normal waveform";
  return findStatement(key)?.name ?? key;
}

function interval({ low, high }: Estimate): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
