// Twelve small pictures of the twelve leads, at one scale, for a vision encoder; no page, no text, no identity.
import { durationSeconds, type EcgRecord } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../record/lead-names.ts";
import { EcgError } from "../shared/errors.ts";
import type { Strip } from "./display-list.ts";
import { medianOf } from "./fit-zero-line.ts";
import { requireWithin } from "./page-options.ts";
import { planStrip } from "./plan-strip.ts";
import { createMask, rasterisePolyline } from "./rasterise-trace.ts";
import { traceRuns, windowSamples } from "./trace-runs.ts";

export type LeadTileOptions = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Seconds that the width of a tile stands for. */
  readonly seconds: number;
  /** Default 0. */
  readonly startSeconds?: number;
  /** mV that the height of a tile stands for, 0 mV in its middle. Default 4 (-2 mV to 2 mV). */
  readonly heightMv?: number;
  /** Default: the twelve standard leads in canonical order. */
  readonly leads?: readonly string[];
  /** Default 1.5. */
  readonly lineWidthPx?: number;
  /** `median` (default) puts the median of the drawn samples on the middle; `keep` leaves 0 mV there. */
  readonly offset?: "keep" | "median";
};

/** One lead as a grey picture: 255 is paper, 0 is ink. */
export type LeadTile = {
  readonly lead: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row-major, (heightPx, widthPx). */
  readonly pixels: Uint8Array;
  readonly pxPerSecond: number;
  readonly pxPerMv: number;
  /** y in pixels of `offsetMv`. */
  readonly zeroLinePx: number;
  readonly offsetMv: number;
  /** No finite sample of this lead in the window: the tile is blank paper. */
  readonly missing: boolean;
};

/**
 * Draw each lead on a tile of its own, all at the same scale.
 *
 * Samples beyond the tile's height are cut off at its edge, a part of the window beyond the record stays blank.
 * @throws EcgError INVALID_OPTION for sizes, seconds or a scale out of range, or a start outside the record.
 */
export function leadTiles(record: EcgRecord, options: LeadTileOptions): LeadTile[] {
  const { widthPx, heightPx, seconds, startSeconds = 0, heightMv = 4, lineWidthPx = 1.5 } = options;
  requireWithin("widthPx", widthPx, 1, 16_384);
  requireWithin("heightPx", heightPx, 1, 16_384);
  requireWithin("seconds", seconds, 0.01, 86_400);
  requireWithin("heightMv", heightMv, 0.001, 1000);
  requireWithin("lineWidthPx", lineWidthPx, 0.1, 100);
  if (!(startSeconds >= 0 && startSeconds < durationSeconds(record))) {
    throw new EcgError(
      "INVALID_OPTION",
      `startSeconds: expected 0 to below the record's ${durationSeconds(record)} s, got ${startSeconds}`,
    );
  }
  return (options.leads ?? STANDARD_LEADS).map((lead) => {
    const index = record.leads.indexOf(lead);
    const samples = index < 0 ? new Float32Array(0) : leadSamples(record.signal, index);
    const window = { startSeconds, durationSeconds: seconds };
    // A strip in pixels instead of mm: the thinning tolerance of a page is then a hundredth of a pixel.
    const box = { xMm: 0, yMm: 0, widthMm: widthPx, heightMm: heightPx };
    const strip = planStrip({
      place: { lead, label: lead, inverted: false },
      row: 0,
      column: 0,
      ...window,
      box,
      clip: { ...box, yMm: -lineWidthPx, heightMm: heightPx + 2 * lineWidthPx },
      zeroLineMm: heightPx / 2,
      gainMmPerMv: heightPx / heightMv,
      speedMmPerSecond: widthPx / seconds,
      offsetMv:
        options.offset === "keep" ? 0 : medianOf(windowSamples(samples, window, record.samplingRateHz)),
    });
    return drawTile(samples, strip, record.samplingRateHz, { widthPx, heightPx, lineWidthPx });
  });
}

/** Pixels of tiles as numbers from 0 (ink) to 1 (paper). Shape: (tiles, heightPx, widthPx). */
export function tilesToFloat32(tiles: readonly LeadTile[]): Float32Array {
  const size = tiles[0]?.pixels.length ?? 0;
  const values = new Float32Array(tiles.length * size);
  for (const [index, tile] of tiles.entries()) {
    if (tile.pixels.length !== size) {
      throw new EcgError(
        "SHAPE_MISMATCH",
        `tilesToFloat32: expected ${size} pixels in every tile, tile ${index} has ${tile.pixels.length}`,
      );
    }
    for (let i = 0; i < size; i++) values[index * size + i] = tile.pixels[i]! / 255;
  }
  return values;
}

function drawTile(
  samples: Float32Array,
  strip: Strip,
  samplingRateHz: number,
  size: { readonly widthPx: number; readonly heightPx: number; readonly lineWidthPx: number },
): LeadTile {
  const mask = createMask(size.widthPx, size.heightPx);
  const { runs, clipped } = traceRuns(samples, strip, samplingRateHz);
  for (const run of runs) rasterisePolyline(mask, run, size.lineWidthPx);
  return {
    lead: strip.lead,
    widthPx: size.widthPx,
    heightPx: size.heightPx,
    pixels: mask.coverage.map((covered) => 255 - covered),
    pxPerSecond: strip.speedMmPerSecond,
    pxPerMv: strip.gainMmPerMv,
    zeroLinePx: strip.zeroLineMm,
    offsetMv: strip.offsetMv,
    missing: runs.length === 0 && !clipped,
  };
}
