// Colours and weights of the paper: pink as on thermal rolls, grey as on laser prints, or none.
import type { BoxMm, Color, GridItem } from "./display-list.ts";

export type GridStyleName = "pink" | "grey" | "none";

/** Colours and line widths of 1 mm and 5 mm lines. */
export type GridStyle = {
  readonly paper: Color;
  readonly minorColor: Color;
  readonly majorColor: Color;
  readonly minorWidthMm: number;
  readonly majorWidthMm: number;
};

export const GRID_STYLES: Readonly<Record<Exclude<GridStyleName, "none">, GridStyle>> = {
  pink: {
    paper: "#ffffff",
    minorColor: "#f9d5d3",
    majorColor: "#eda6a4",
    minorWidthMm: 0.1,
    majorWidthMm: 0.18,
  },
  grey: {
    paper: "#ffffff",
    minorColor: "#dddddd",
    majorColor: "#b4b4b4",
    minorWidthMm: 0.1,
    majorWidthMm: 0.18,
  },
};

/** Small square: 1 mm = 40 ms = 0.1 mV at 25 mm/s and 10 mm/mV. */
export const MINOR_MM = 1;
/** Large square: 5 mm = 200 ms = 0.5 mV at 25 mm/s and 10 mm/mV. */
export const MAJOR_MM = 5;

/** The grid of a page or figure, none for `none`. */
export function drawGrid(box: BoxMm, style: GridStyleName | GridStyle): GridItem[] {
  if (style === "none") return [];
  const { minorColor, majorColor, minorWidthMm, majorWidthMm } =
    typeof style === "string" ? GRID_STYLES[style] : style;
  return [
    {
      kind: "grid",
      box,
      minorMm: MINOR_MM,
      majorMm: MAJOR_MM,
      minorColor,
      majorColor,
      minorWidthMm,
      majorWidthMm,
    },
  ];
}

/** Colour of the sheet under a grid. */
export function paperColor(style: GridStyleName | GridStyle): Color {
  if (style === "none") return "#ffffff";
  return typeof style === "string" ? GRID_STYLES[style].paper : style.paper;
}

/** The least multiple of a large square that is no shorter than `lengthMm`. */
export function wholeSquares(lengthMm: number): number {
  return Math.ceil(lengthMm / MAJOR_MM - 1e-9) * MAJOR_MM;
}

/** Distances of grid lines from the grid's edge, both edges included. */
export function gridOffsets(lengthMm: number, stepMm: number, exceptMm?: number): number[] {
  const offsets: number[] = [];
  const every = exceptMm === undefined ? 0 : Math.round(exceptMm / stepMm);
  for (let index = 0; index * stepMm <= lengthMm + 1e-9; index++) {
    if (every === 0 || index % every !== 0) offsets.push(index * stepMm);
  }
  return offsets;
}
