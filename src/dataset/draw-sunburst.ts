// The sunburst of a dataset: subset, task, dimension from the inside out, as one SVG (paper Figure 6).
import type { ItemCount } from "./manifest.ts";

type Arc = {
  readonly label: string;
  readonly value: number;
  readonly color: string;
  readonly children: readonly Arc[];
};

const SIZE = 720;
const CENTER = SIZE / 2;
/** Inner and outer radius of each ring. */
const RINGS = [
  [92, 168],
  [170, 252],
  [254, 336],
] as const;
/** One hue a subset; tasks and dimensions are lighter steps of it. */
const HUES: Readonly<Record<string, number>> = { S: 214, I: 352, C: 158 };
const SUBSET_NAMES: Readonly<Record<string, string>> = { S: "Signal", I: "Image", C: "Cross" };

/** Draw counts as a sunburst. Slices keep the order of their names, so equal counts give equal bytes. */
export function drawSunburst(counts: readonly ItemCount[], title: string): string {
  const roots = buildArcs(counts);
  const total = counts.reduce((sum, cell) => sum + cell.count, 0);
  const parts: string[] = [];
  drawRing(roots, { ring: 0, startTurn: 0, endTurn: 1, total }, parts);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" font-family="Inter, 'Helvetica Neue', Arial, sans-serif" role="img" aria-label="${escapeXml(title)}">`,
    `<rect width="${SIZE}" height="${SIZE}" fill="#ffffff"/>`,
    ...parts,
    `<text x="${CENTER}" y="${CENTER - 2}" text-anchor="middle" font-size="30" font-weight="600" fill="#1c2733">${total.toLocaleString("en-US")}</text>`,
    `<text x="${CENTER}" y="${CENTER + 22}" text-anchor="middle" font-size="15" fill="#5b6875">${escapeXml(title)}</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function buildArcs(counts: readonly ItemCount[]): Arc[] {
  const group = (
    cells: readonly ItemCount[],
    pick: (cell: ItemCount) => string,
  ): Map<string, ItemCount[]> => {
    const groups = new Map<string, ItemCount[]>();
    for (const cell of cells) groups.set(pick(cell), [...(groups.get(pick(cell)) ?? []), cell]);
    return new Map([...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const sum = (cells: readonly ItemCount[]): number => cells.reduce((total, cell) => total + cell.count, 0);
  return [...group(counts, (cell) => cell.subset)].map(([subset, subsetCells]) => {
    const hue = HUES[subset] ?? 40;
    return {
      label: SUBSET_NAMES[subset] ?? subset,
      value: sum(subsetCells),
      color: `hsl(${hue} 52% 42%)`,
      children: [...group(subsetCells, (cell) => cell.task)].map(([task, taskCells], index) => ({
        label: task,
        value: sum(taskCells),
        color: `hsl(${hue} 50% ${56 + (index % 3) * 4}%)`,
        children: [...group(taskCells, (cell) => cell.dimension)].map(([dimension, cells], inner) => ({
          label: dimension,
          value: sum(cells),
          color: `hsl(${hue} 56% ${74 + (inner % 4) * 4}%)`,
          children: [],
        })),
      })),
    };
  });
}

type RingPlace = {
  readonly ring: number;
  readonly startTurn: number;
  readonly endTurn: number;
  readonly total: number;
};

function drawRing(arcs: readonly Arc[], place: RingPlace, parts: string[]): void {
  const radii = RINGS[place.ring];
  if (!radii || place.total === 0) return;
  let turn = place.startTurn;
  for (const arc of arcs) {
    const endTurn = turn + ((place.endTurn - place.startTurn) * arc.value) / place.total;
    parts.push(
      `<path d="${sectorPath(turn, endTurn, radii)}" fill="${arc.color}" stroke="#ffffff" stroke-width="1.2"><title>${escapeXml(arc.label)}: ${arc.value.toLocaleString("en-US")}</title></path>`,
    );
    const label = sectorLabel(arc, { startTurn: turn, endTurn, ring: place.ring });
    if (label) parts.push(label);
    drawRing(arc.children, { ring: place.ring + 1, startTurn: turn, endTurn, total: arc.value }, parts);
    turn = endTurn;
  }
}

function pointAt(turn: number, radius: number): [number, number] {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [CENTER + radius * Math.cos(angle), CENTER + radius * Math.sin(angle)];
}

function sectorPath(startTurn: number, endTurn: number, [inner, outer]: readonly [number, number]): string {
  // A full circle has no arc of its own in SVG; end it a hair early.
  const end = Math.min(endTurn, startTurn + 0.99999);
  const large = end - startTurn > 0.5 ? 1 : 0;
  const at = (turn: number, radius: number): string =>
    pointAt(turn, radius)
      .map((value) => value.toFixed(2))
      .join(" ");
  return `M${at(startTurn, outer)}A${outer} ${outer} 0 ${large} 1 ${at(end, outer)}L${at(end, inner)}A${inner} ${inner} 0 ${large} 0 ${at(startTurn, inner)}Z`;
}

function sectorLabel(
  arc: Arc,
  place: { startTurn: number; endTurn: number; ring: number },
): string | undefined {
  const [inner, outer] = RINGS[place.ring] ?? RINGS[0];
  const radius = (inner + outer) / 2;
  const middle = (place.startTurn + place.endTurn) / 2;
  const arcLength = 2 * Math.PI * radius * (place.endTurn - place.startTurn);
  const fontSize = place.ring === 0 ? 17 : 12;
  // A label is radial: the sector must be as wide as a line is high, and the ring as deep as the text is long.
  if (arcLength < fontSize + 3 || arc.label.length * fontSize * 0.56 > outer - inner) return undefined;
  const [x, y] = pointAt(middle, radius);
  const degrees = middle * 360 - 90;
  const upright = middle > 0.5 ? degrees + 180 : degrees;
  const ink = place.ring === 0 ? "#ffffff" : "#16202b";
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" transform="rotate(${upright.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)})" text-anchor="middle" dominant-baseline="central" font-size="${fontSize}" fill="${ink}">${escapeXml(arc.label)}</text>`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
