// Loss curves of a run as SVG: one panel a quantity, training in grey, validation in colour.
import type { LogLine } from "./training-log.ts";

type Point = readonly [step: number, value: number];
type Panel = { readonly name: string; readonly train: readonly Point[]; readonly val: readonly Point[] };

const WIDTH = 360;
const HEIGHT = 220;
const PAD = { left: 52, right: 14, top: 30, bottom: 30 };
const COLUMNS = 2;

/** One SVG of all quantities in a log. An empty log gives an empty drawing that says so. */
export function drawLossCurves(log: readonly LogLine[]): string {
  const panels = toPanels(log);
  const rows = Math.max(1, Math.ceil(panels.length / COLUMNS));
  const body =
    panels.length === 0
      ? `<text x="20" y="40">no steps logged yet</text>`
      : panels.map((panel, index) => drawPanel(panel, index)).join("");
  const width = WIDTH * COLUMNS;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${rows * HEIGHT}" width="${width}" height="${rows * HEIGHT}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>${body}</svg>\n`;
}

function toPanels(log: readonly LogLine[]): Panel[] {
  const names: string[] = [];
  const series = new Map<string, { train: Point[]; val: Point[] }>();
  for (const line of log) {
    const isStep = line.kind === "step";
    const values = isStep ? { ...line.losses, "learning rate": line.learningRate } : line.scores;
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue;
      if (!series.has(name)) names.push(name);
      const entry = series.get(name) ?? { train: [], val: [] };
      series.set(name, entry);
      entry[isStep ? "train" : "val"].push([line.step, value]);
    }
  }
  return names.map((name) => ({ name, ...series.get(name)! }));
}

function drawPanel({ name, train, val }: Panel, index: number): string {
  const [x0, y0] = [(index % COLUMNS) * WIDTH, Math.floor(index / COLUMNS) * HEIGHT];
  const all = [...train, ...val];
  const lastStep = Math.max(...all.map(([step]) => step), 1);
  const low = Math.min(...all.map(([, value]) => value));
  const high = Math.max(...all.map(([, value]) => value));
  const span = high > low ? high - low : Math.max(Math.abs(high), 1e-9);
  const x = (step: number): number => x0 + PAD.left + ((WIDTH - PAD.left - PAD.right) * step) / lastStep;
  const y = (value: number): number =>
    y0 + HEIGHT - PAD.bottom - ((HEIGHT - PAD.top - PAD.bottom) * (value - low)) / span;
  const line = (points: readonly Point[], color: string): string =>
    points.length === 0
      ? ""
      : `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}"/>`;
  const dots = val
    .map(
      ([step, value]) =>
        `<circle cx="${x(step).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2" fill="#c02030"/>`,
    )
    .join("");
  const end = all.at(-1)?.[1] ?? 0;
  return [
    `<text x="${x0 + PAD.left}" y="${y0 + 18}" font-weight="bold">${escapeText(name)} <tspan font-weight="normal" fill="#555">${formatValue(end)}</tspan></text>`,
    `<path d="M${x(0)} ${y(low + span)}V${y(low)}H${x(lastStep)}" fill="none" stroke="#888"/>`,
    `<text x="${x0 + PAD.left - 6}" y="${y(low + span) + 4}" text-anchor="end">${formatValue(low + span)}</text>`,
    `<text x="${x0 + PAD.left - 6}" y="${y(low) + 4}" text-anchor="end">${formatValue(low)}</text>`,
    `<text x="${x(lastStep)}" y="${y0 + HEIGHT - 12}" text-anchor="end">${lastStep} steps</text>`,
    line(train, "#8a8f98"),
    line(val, "#c02030"),
    dots,
  ].join("");
}

function formatValue(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 0.01 && Math.abs(value) < 1e4
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(1);
}

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
