// Calibration pulses: a flat foot, a rise, a flat top, a fall, a foot; their height is 1 mV, their width 0.2 s.
import { PULSE_SECONDS } from "../page-geometry.ts";
import type { InkPiece, InkPieces } from "./find-components.ts";

export type Pulse = {
  readonly piece: InkPiece;
  /** y in pixels of the foot: 0 mV. */
  readonly zeroLinePx: number;
  /** One for each pulse side by side: limb before chest. */
  readonly heightsMm: readonly number[];
  readonly widthMm: number;
};

const LEAST_HEIGHT_MM = 2.2;
const MOST_HEIGHT_MM = 60;
const MOST_WIDTH_MM = 60;
/** An upright edge is at most this wide, ink included. */
const MOST_EDGE_MM = 1.2;

/** All pieces of ink with the shape of one or two calibration pulses. */
export function findPulses({ runs, pieces }: InkPieces, pxPerMm: number): Pulse[] {
  const wanted = new Map<number, Profile>();
  for (const piece of pieces) {
    const [widthMm, heightMm] = [(piece.toX - piece.fromX) / pxPerMm, (piece.toY - piece.fromY) / pxPerMm];
    if (heightMm < LEAST_HEIGHT_MM || heightMm > MOST_HEIGHT_MM) continue;
    if (widthMm < 2 || widthMm > MOST_WIDTH_MM) continue;
    wanted.set(piece.index, createProfile(piece));
  }
  for (let run = 0; run < runs.count; run++) {
    const profile = wanted.get(runs.piece[run]!);
    if (profile === undefined) continue;
    for (let x = runs.fromX[run]!; x < runs.toX[run]!; x++) {
      const at = x - profile.piece.fromX;
      profile.top[at] = Math.min(profile.top[at]!, runs.y[run]!);
      profile.bottom[at] = Math.max(profile.bottom[at]!, runs.y[run]! + 1);
    }
  }
  return [...wanted.values()].flatMap((profile) => readPulse(profile, pxPerMm) ?? []);
}

type Profile = { readonly piece: InkPiece; readonly top: Float64Array; readonly bottom: Float64Array };

function createProfile(piece: InkPiece): Profile {
  const width = piece.toX - piece.fromX;
  return {
    piece,
    top: new Float64Array(width).fill(Number.POSITIVE_INFINITY),
    bottom: new Float64Array(width).fill(-1),
  };
}

/** Stretches of columns that are foot, upright edge or flat top. */
type Part = { readonly kind: "foot" | "edge" | "top"; readonly from: number; to: number; y: number };

function readPulse(profile: Profile, pxPerMm: number): Pulse | undefined {
  const parts = splitParts(profile, pxPerMm);
  if (parts === undefined) return undefined;
  const kinds = parts.map(({ kind }) => kind).join(" ");
  if (!/^(foot )?edge top edge( foot edge top edge)?( foot)?$/.test(kinds) || !kinds.includes("foot"))
    return undefined;
  const edges = parts.filter(({ kind }) => kind === "edge");
  const tops = parts.filter(({ kind }) => kind === "top");
  const feet = parts.filter(({ kind }) => kind === "foot");
  if (edges.some(({ from, to }) => to - from > Math.max(3, MOST_EDGE_MM * pxPerMm))) return undefined;
  const zeroLinePx = feet.reduce((sum, { y }) => sum + y, 0) / feet.length;
  const middle = (part: Part | undefined): number => (part === undefined ? 0 : (part.from + part.to) / 2);
  const widthMm = (middle(edges[1]) - middle(edges[0])) / pxPerMm;
  const heightsMm = tops.map(({ y }) => (zeroLinePx - y) / pxPerMm);
  if (widthMm < 1.2 || heightsMm.some((height) => height < LEAST_HEIGHT_MM * 0.8)) return undefined;
  return { piece: profile.piece, zeroLinePx, heightsMm, widthMm };
}

function splitParts({ piece, top, bottom }: Profile, pxPerMm: number): Part[] | undefined {
  const thin = Math.max(3, 0.9 * pxPerMm);
  const parts: Part[] = [];
  for (let column = 0; column < top.length; column++) {
    const height = bottom[column]! - top[column]!;
    if (height <= 0) return undefined;
    const y = (top[column]! + bottom[column]!) / 2;
    const kind = height > thin ? "edge" : y > piece.toY - thin ? "foot" : "top";
    const last = parts.at(-1);
    if (last?.kind === kind && (kind === "edge" || Math.abs(last.y - y) <= 1)) {
      last.y = (last.y * (last.to - last.from) + y) / (last.to - last.from + 1);
      last.to = column + 1;
    } else parts.push({ kind, from: column, to: column + 1, y });
    if (parts.length > 9) return undefined;
  }
  return parts;
}

/** Paper speed that a pulse's width stands for, where it is one of the usual ones. */
export function speedOfPulse(widthMm: number): number | undefined {
  return [12.5, 25, 50, 100].find((speed) => Math.abs(widthMm / (speed * PULSE_SECONDS) - 1) < 0.15);
}

/** Gain that a pulse's height stands for: a usual one when near, else to half a mm. */
export function gainOfPulse(heightMm: number): number {
  const usual = [2.5, 5, 10, 20, 40].find((gain) => Math.abs(heightMm / gain - 1) < 0.07);
  return usual ?? Math.round(heightMm * 4) / 4;
}
