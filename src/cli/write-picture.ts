// A drawing as SVG or PNG, by the file's ending.
import type { DisplayList } from "../images/display-list.ts";
import { renderPng } from "../images/node/render-png.ts";
import { displayListToSvg } from "../images/to-svg.ts";
import { EcgError } from "../shared/errors.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";

/** Write a drawing; PNG at 150 dpi. @throws EcgError USAGE for another ending. */
export async function writePicture(path: string, drawing: DisplayList): Promise<void> {
  if (path.endsWith(".svg")) await writeFileAtomic(path, displayListToSvg(drawing));
  else if (path.endsWith(".png")) await writeFileAtomic(path, await renderPng(drawing, { dpi: 150 }));
  else throw new EcgError("USAGE", `picture: expected a file ending in .svg or .png, got ${path}`);
}
