// The bundled page font (Heartcare Sans, see fonts/OFL.txt) from the package's own files.
import { readFileSync } from "node:fs";
import { EcgError } from "../../shared/errors.ts";
import type { FontWeight } from "../display-list.ts";
import type { PageFonts } from "../rasterise-text.ts";
import { readTrueType } from "../read-true-type.ts";

let loaded: PageFonts | undefined;

/** Both weights, read once a process. @throws EcgError NOT_FOUND when the package lacks its font files. */
export function pageFonts(): PageFonts {
  loaded ??= { regular: readTrueType(fontBytes("regular")), bold: readTrueType(fontBytes("bold")) };
  return loaded;
}

/** Both weights as base64 TrueType, for `displayListToSvg(list, { fontBase64 })`. */
export function pageFontBase64(): Readonly<Record<FontWeight, string>> {
  return { regular: fontBytes("regular").toString("base64"), bold: fontBytes("bold").toString("base64") };
}

function fontBytes(weight: FontWeight): Buffer {
  const url = new URL(`./fonts/heartcare-sans-${weight}.ttf`, import.meta.url);
  try {
    return readFileSync(url);
  } catch (cause) {
    throw new EcgError("NOT_FOUND", `page font: expected ${url.pathname}, got ${(cause as Error).message}`, {
      hint: "the package is incomplete; install it again",
      cause,
    });
  }
}
