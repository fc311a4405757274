// Calibrated ECG paper: a recording as a display list in millimetres, as SVG, as pixels, as lead tiles.
export { layoutPage } from "./build-page.ts";
export {
  type Comparison,
  type ComparisonOptions,
  comparisonSvg,
  layoutComparison,
} from "./comparison-svg.ts";
export {
  type BoxMm,
  type Color,
  type DisplayItem,
  type DisplayList,
  type GridItem,
  type PathItem,
  type RectItem,
  type Strip,
  stripX,
  stripY,
  type TextItem,
} from "./display-list.ts";
export { GRID_STYLES, type GridStyle, type GridStyleName } from "./grid-styles.ts";
export { type LayoutName, type LeadRows, type LimbOrder, leadPlaces } from "./lead-layouts.ts";
export { type LeadTile, type LeadTileOptions, leadTiles, tilesToFloat32 } from "./lead-tiles.ts";
export { headerFromRecord, type PageHeader, type PageMeasurements } from "./page-header.ts";
export type { PageOptions, PageSize } from "./page-options.ts";
export { greyPixels, type IndexedImage } from "./palette-painter.ts";
export { type RasterOptions, rasterisePage } from "./rasterise-page.ts";
export type { PageFonts } from "./rasterise-text.ts";
export { type CoverageMask, createMask, rasterisePolyline } from "./rasterise-trace.ts";
export { type OutlineFont, readTrueType } from "./read-true-type.ts";
export { type DigitisePageOptions, digitisePage, recordOfPage } from "./segment/digitise-page.ts";
export { measurePage } from "./segment/measure-page.ts";
export type { PageSegmentation, SegmentHints } from "./segment/page-segmentation.ts";
export { type PageText, type PageWord, pageText } from "./segment/page-text.ts";
export type { PagePicture } from "./segment/read-ink.ts";
export { segmentPage } from "./segment/segment-page.ts";
export { type PageTileOptions, tilesOfPage } from "./segment/tiles-of-page.ts";
export { layoutStrips, type StripOptions, stripSvg } from "./strip-svg.ts";
export { cutTile, type GreyImage, type PageTile, tilesFromPage } from "./tiles-from-page.ts";
export { displayListToSvg, type SvgOptions } from "./to-svg.ts";
