// An indexed picture as PNG bytes: palette, no row filter, fast deflate off the main thread.
// Source: PNG specification, third edition (W3C 2025), chapters 5 (chunks), 9 (filters), 11 (IHDR PLTE IDAT pHYs).
import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import type { IndexedImage } from "../palette-painter.ts";

const deflateAsync = promisify(deflate);
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Level 3 without row filters: on indexed paper as small as the default level, in a third of its time. */
const DEFLATE_LEVEL = 3;

/**
 * Encode a picture of at most 256 colours. `dpi` is written as pixels per metre, so that viewers print the page
 * at its true size. Compression runs on libuv's thread pool.
 */
export async function encodePng(image: IndexedImage, dpi: number): Promise<Uint8Array> {
  const data = await deflateAsync(withFilterBytes(image), {
    level: DEFLATE_LEVEL,
    memLevel: 9,
    chunkSize: 1 << 20,
  });
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, image.widthPx);
  header.setUint32(4, image.heightPx);
  header.setUint8(8, 8); // bits a pixel
  header.setUint8(9, 3); // palette
  const density = new DataView(new ArrayBuffer(9));
  const pixelsPerMetre = Math.round(dpi / 0.0254);
  density.setUint32(0, pixelsPerMetre);
  density.setUint32(4, pixelsPerMetre);
  density.setUint8(8, 1); // per metre
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    ...chunk("IHDR", new Uint8Array(header.buffer)),
    ...chunk("PLTE", image.palette),
    ...chunk("pHYs", new Uint8Array(density.buffer)),
    ...chunk("IDAT", data),
    ...chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Every row behind its filter byte (0, none). */
function withFilterBytes({ widthPx, heightPx, pixels }: IndexedImage): Uint8Array {
  const rows = new Uint8Array((widthPx + 1) * heightPx);
  for (let row = 0; row < heightPx; row++) {
    rows.set(pixels.subarray(row * widthPx, (row + 1) * widthPx), row * (widthPx + 1) + 1);
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.byteLength, 0);
  head.write(type, 4, "latin1");
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
  return [head, data, check];
}
