// drawTiles: the tiles of a recording as a page would give them, drawn anew each time with another line, place in time
// and wear, so that the encoder meets more than one printer. Twelve lead tiles, or the whole page as one.

import { amplitudeUnitOf } from "../../images/default-gain.ts";
import { type LeadTile, leadTiles } from "../../images/lead-tiles.ts";
import type { PageFonts } from "../../images/rasterise-text.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { sliceSamples } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import type { Rng } from "../../shared/rng.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import { drawPage } from "./draw-page.ts";
import { type HeartcareConfig, tileHeight } from "./heartcare-config.ts";
import { RHYTHM_LEAD, rhythmTile } from "./rhythm-tile.ts";

/** How a page shows time: columns follow each other (3x4: four, 6x2: two), or all leads show the same seconds. */
const COLUMNS = [4, 4, 2, 1] as const;

export type TileOptions = { readonly config: HeartcareConfig; readonly vision: VisionConfig };

/**
 * What the model's picture of a recording is made of: twelve lead tiles, or one tile with the whole page where the model
 * reads pages uncut. With a generator the printer varies; without, it is a 3x4 page with a thin line.
 *
 * `fonts` print the names of leads on whole pages; lead tiles have none.
 * @throws EcgError as `layoutPage` for a whole page.
 */
export function drawTiles(
  record: EcgRecord,
  options: TileOptions & { readonly fonts?: PageFonts | undefined },
  rng?: Rng,
): LeadTile[] {
  const { config, vision, fonts } = options;
  if (config.image.segmentation) return drawLeadTiles(record, { config, vision }, rng);
  const page = drawPage(record, { sizePx: vision.imageSize, fonts }, rng);
  return [rng ? wear(page, rng) : page];
}

/** How often a page of so many columns shows lead II for as long as it lasts; else no longer than its column. */
const RHYTHM_PART = { 4: 0.85, 2: 0.3, 1: 1 } as const;

/** Twelve tiles in canonical order, whatever the model reads, and its rhythm strip behind them. */
export function drawLeadTiles(record: EcgRecord, { config, vision }: TileOptions, rng?: Rng): LeadTile[] {
  const { tileSeconds, rhythmSeconds } = config.image;
  const seconds = record.signal.sampleCount / record.samplingRateHz;
  const columns = rng ? rng.pick(COLUMNS) : 4;
  const latest = Math.max(0, seconds - tileSeconds);
  const shift = rng ? rng.uniform(0, 0.3) : 0;
  const lineWidthPx = rng ? rng.uniform(0.9, 2.6) : 1.4;
  const gain = rng ? rng.uniform(0.97, 1.03) : 1;
  const look = {
    widthPx: vision.imageSize,
    heightPx: vision.imageSize,
    heightMv: tileHeight(config, amplitudeUnitOf(record)) * gain,
    lineWidthPx,
  };
  const drawn = Array.from({ length: columns }, (_, column) => {
    const startSeconds = Math.min(latest, (column * seconds) / columns + shift);
    const perColumn = STANDARD_LEADS.length / columns;
    const leads = STANDARD_LEADS.slice(column * perColumn, (column + 1) * perColumn);
    return leadTiles(record, { ...look, seconds: tileSeconds, startSeconds, leads });
  }).flat();
  if (rhythmSeconds !== undefined) {
    const share = rng && rng.next() > RHYTHM_PART[columns] ? 1 / columns : 1;
    const startSeconds = Math.min(latest, shift);
    const leads = [RHYTHM_LEAD];
    // only what a strip of its own or the lead's column shows
    const end = Math.round((startSeconds + share * seconds) * record.samplingRateHz);
    const shown = {
      ...record,
      signal: sliceSamples(record.signal, 0, Math.min(end, record.signal.sampleCount)),
    };
    drawn.push(...leadTiles(shown, { ...look, seconds: rhythmSeconds, startSeconds, leads }).map(rhythmTile));
  }
  if (!rng) return drawn;
  return drawn.map((tile) => wear(tile, rng));
}

/** A tile moved by a pixel or two, with specks and sometimes a printed corner. */
function wear(tile: LeadTile, rng: Rng): LeadTile {
  const { widthPx, heightPx } = tile;
  const pixels = new Uint8Array(tile.pixels.length).fill(255);
  const [dx, dy] = [rng.integer(5) - 2, rng.integer(9) - 4];
  for (let y = 0; y < heightPx; y++) {
    const from = y - dy;
    if (from < 0 || from >= heightPx) continue;
    for (let x = Math.max(0, dx); x < Math.min(widthPx, widthPx + dx); x++) {
      pixels[y * widthPx + x] = tile.pixels[from * widthPx + x - dx]!;
    }
  }
  const specks = rng.integer(4) === 0 ? rng.integer(40) : 0;
  for (let i = 0; i < specks; i++) pixels[rng.integer(pixels.length)] = rng.integer(200);
  return { ...tile, pixels };
}
