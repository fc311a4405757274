// drawPage: a recording as the page of a clinic in one tile, drawn anew each time in another arrangement, line and size.
import { layoutPage } from "../../images/build-page.ts";
import { defaultGainMm } from "../../images/default-gain.ts";
import type { LeadTile } from "../../images/lead-tiles.ts";
import type { PageOptions } from "../../images/page-options.ts";
import { greyPixels } from "../../images/palette-painter.ts";
import { rasterisePage } from "../../images/rasterise-page.ts";
import type { PageFonts } from "../../images/rasterise-text.ts";
import type { OutlineFont } from "../../images/read-true-type.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import type { Rng } from "../../shared/rng.ts";
import { pageTile } from "./page-tile.ts";

/** As often as datasets draw them. */
const LAYOUTS = ["3x4", "3x4", "6x2", "12x1"] as const;
/** Pages that are shrunk to a tile need no more. */
const DPI = 72;

const BLANK: OutlineFont = {
  unitsPerEm: 1000,
  has: () => false,
  glyph: () => ({ advanceUnits: 0, contours: [] }),
  codePoints: () => [],
};
const BLANK_FONTS: PageFonts = { regular: BLANK, bold: BLANK };

export type DrawPageOptions = {
  readonly sizePx: number;
  /** Names of leads and the scale are printed with these; left out: the page has no letters. */
  readonly fonts?: PageFonts | undefined;
};

/**
 * The page in a square tile, as {@link pageTile} shrinks it. With a generator arrangement, gain, line and resolution
 * vary; without, it is a 3x4 page with a rhythm strip.
 * @throws EcgError as `layoutPage`.
 */
export function drawPage(record: EcgRecord, { sizePx, fonts }: DrawPageOptions, rng?: Rng): LeadTile {
  const { page, dpi } = rng ? drawnPage(record, rng) : { page: {}, dpi: DPI };
  const list = layoutPage(record, { grid: "none", ...page });
  const image = rasterisePage(list, { dpi, fonts: fonts ?? BLANK_FONTS });
  const { widthPx, heightPx } = image;
  return pageTile({ widthPx, heightPx, channels: 1, pixels: greyPixels(image) }, sizePx);
}

function drawnPage(record: EcgRecord, rng: Rng): { page: PageOptions; dpi: number } {
  const seconds = record.signal.sampleCount / record.samplingRateHz;
  return {
    page: {
      layout: rng.pick(LAYOUTS),
      startSeconds: rng.uniform(0, Math.min(0.3, seconds / 4)),
      gainMmPerMv: defaultGainMm(record) * rng.uniform(0.97, 1.03),
      traceWidthMm: rng.uniform(0.2, 0.45),
      footer: rng.next() < 0.7,
    },
    dpi: rng.uniform(55, 100),
  };
}
