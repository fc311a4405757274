// pdf.js and the canvas it draws on: loaded on first use, so that nothing else waits for them or needs them.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { EcgError, errorMessage } from "../../../shared/errors.ts";

export type Pdfjs = typeof import("pdfjs-dist/legacy/build/pdf.mjs");

export type LoadedPdfjs = {
  readonly pdfjs: Pdfjs;
  /** Where getDocument finds character maps, fonts, decoders and profiles: folders of the package, never a network. */
  readonly files: {
    readonly cMapUrl: string;
    readonly cMapPacked: true;
    readonly standardFontDataUrl: string;
    readonly wasmUrl: string;
    readonly iccUrl: string;
  };
};

/** @throws EcgError MISSING_DEPENDENCY when `pdfjs-dist` or the canvas that it asks for is absent. */
export async function loadPdfjs(): Promise<LoadedPdfjs> {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve("pdfjs-dist/package.json"));
    const entry = join(folder, "legacy", "build", "pdf.mjs");
    // As pdf.js itself will; it would only print that there is none, and then fail at the first line drawn.
    createRequire(entry)("@napi-rs/canvas");
    const pdfjs = (await import(pathToFileURL(entry).href)) as Pdfjs;
    const inside = (name: string): string => `${join(folder, name)}/`;
    return {
      pdfjs,
      files: {
        cMapUrl: inside("cmaps"),
        cMapPacked: true,
        standardFontDataUrl: inside("standard_fonts"),
        wasmUrl: inside("wasm"),
        iccUrl: inside("iccs"),
      },
    };
  } catch (cause) {
    throw new EcgError(
      "MISSING_DEPENDENCY",
      `pdfjs-dist: expected the package and its @napi-rs/canvas to be installed, found no usable copy (${errorMessage(cause).split("\n")[0]})`,
      { hint: "run `npm install --include=optional pdfjs-dist`, or export the page as PNG", cause },
    );
  }
}
