// A forest plot as an HTML table: one row an estimate, dot and whisker beside the numbers, readable without colours.
import { escapeHtml } from "./html-page.ts";

/** One estimate on the axis; markup-free text. */
export type ForestRow = {
  readonly label: string;
  /** Small remark under the label. */
  readonly remark?: string | undefined;
  readonly mean: number;
  /** 95% interval; absent for a number without one. */
  readonly interval?: readonly [low: number, high: number] | undefined;
  /** `best`, `worse`: stand out; `muted`: too small for a claim; `reference`: somebody else's number. */
  readonly tone: "plain" | "best" | "worse" | "muted" | "reference";
  readonly value: string;
  /** Behind the value, e.g. the interval or "n too small". */
  readonly detail: string;
  /** Small, under the value, e.g. the number of items. */
  readonly size: string;
};

export type ForestGroup = {
  /** "" for rows without a heading. */
  readonly title: string;
  readonly rows: readonly ForestRow[];
  /** Where a dashed line stands, e.g. chance. */
  readonly line?: number | undefined;
};

export type ForestAxis = {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** What the axis measures, e.g. "accuracy, %". */
  readonly title: string;
};

/** Room left and right of the axis for dots that sit on its ends, in percent of the plot's width. */
const MARGIN_PERCENT = 4;
const ROW_HEIGHT = 34;
const DOT_RADIUS = 4.5;

/** The table; plots stretch with the page, so nothing is cut at 400 px. Values beyond the axis end at its edge. */
export function renderForestTable(groups: readonly ForestGroup[], axis: ForestAxis): string {
  const body = groups.map((group) => renderGroup(group, axis)).join("\n");
  return `<table class="forest"><thead><tr><th scope="col">model</th><th scope="col" class="plot">${axisLabels(axis)}</th><th scope="col" class="num">${escapeHtml(axis.title)}</th></tr></thead>
${body}</table>`;
}

function renderGroup(group: ForestGroup, axis: ForestAxis): string {
  const rows = group.rows.map((row) => renderRow(row, group, axis)).join("\n");
  const heading = `<tr class="group"><th scope="rowgroup" colspan="3">${escapeHtml(group.title)}</th></tr>`;
  return `<tbody>${group.title === "" ? "" : heading}\n${rows}\n</tbody>`;
}

function renderRow(row: ForestRow, group: ForestGroup, axis: ForestAxis): string {
  const remark = row.remark ? `<small>${escapeHtml(row.remark)}</small>` : "";
  return `<tr class="${row.tone}"><th scope="row">${escapeHtml(row.label)}${remark}</th><td class="plot">${plot(row, group, axis)}</td><td class="num"><span class="value">${escapeHtml(row.value)}</span> ${escapeHtml(row.detail)}<small>${escapeHtml(row.size)}</small></td></tr>`;
}

function plot(row: ForestRow, group: ForestGroup, axis: ForestAxis): string {
  const middle = ROW_HEIGHT / 2;
  const x = (value: number): string => `${place(value, axis)}%`;
  const upright = (name: string, value: number): string =>
    `<line class="${name}" x1="${x(value)}" x2="${x(value)}" y1="0" y2="${ROW_HEIGHT}"/>`;
  const parts = axis.ticks.map(({ at }) => upright("grid", at));
  if (group.line !== undefined) parts.push(upright("chance", group.line));
  if (row.interval) {
    const [low, high] = row.interval;
    parts.push(`<line class="whisker" x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}"/>`);
    for (const end of [low, high])
      parts.push(
        `<line class="whisker" x1="${x(end)}" x2="${x(end)}" y1="${middle - 4}" y2="${middle + 4}"/>`,
      );
  }
  if (Number.isFinite(row.mean))
    parts.push(`<circle class="dot" cx="${x(row.mean)}" cy="${middle}" r="${DOT_RADIUS}"/>`);
  return `<svg width="100%" height="${ROW_HEIGHT}" aria-hidden="true">${parts.join("")}</svg>`;
}

function axisLabels(axis: ForestAxis): string {
  const labels = axis.ticks.map(
    ({ at, label }) =>
      `<text x="${place(at, axis)}%" y="12" text-anchor="middle">${escapeHtml(label)}</text>`,
  );
  return `<svg width="100%" height="16" aria-hidden="true">${labels.join("")}</svg>`;
}

/** Percent of the plot's width. */
function place(value: number, { low, high }: ForestAxis): string {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return (MARGIN_PERCENT + share * (100 - 2 * MARGIN_PERCENT)).toFixed(2);
}
