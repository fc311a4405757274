// What of images/ needs Node: PNG files and the bundled font.
export { encodePng } from "./encode-png.ts";
export { pageFontBase64, pageFonts } from "./page-fonts.ts";
export { type PngOptions, renderPng } from "./render-png.ts";
