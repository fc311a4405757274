// A strict reader of the PNG files that this room writes: every check sum, length and chunk is verified.
import { crc32, inflateSync } from "node:zlib";

export type DecodedPng = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Red, green, blue of each pixel. */
  readonly rgb: Uint8Array;
  readonly pixelsPerMetre: number;
  readonly chunks: readonly string[];
};

export function decodePng(bytes: Uint8Array): DecodedPng {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = [...bytes.subarray(0, 8)].join(" ");
  if (signature !== "137 80 78 71 13 10 26 10") throw new Error(`no PNG signature: ${signature}`);
  const chunks = new Map<string, Uint8Array>();
  let at = 8;
  while (at < bytes.byteLength) {
    const length = view.getUint32(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== view.getUint32(at + 8 + length))
      throw new Error(`check sum of a chunk at ${at} is wrong`);
    chunks.set(String.fromCharCode(...body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  const header = chunks.get("IHDR")!;
  const headerView = new DataView(header.buffer, header.byteOffset, 13);
  const [widthPx, heightPx] = [headerView.getUint32(0), headerView.getUint32(4)];
  if ([...header.subarray(8)].join(" ") !== "8 3 0 0 0")
    throw new Error(`not 8-bit palette: ${header.subarray(8)}`);
  const palette = chunks.get("PLTE")!;
  const rows = inflateSync(chunks.get("IDAT")!);
  if (rows.byteLength !== (widthPx + 1) * heightPx) throw new Error(`${rows.byteLength} bytes of pixels`);
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    if (rows[y * (widthPx + 1)] !== 0) throw new Error(`row ${y} has filter ${rows[y * (widthPx + 1)]}`);
    for (let x = 0; x < widthPx; x++) {
      const index = rows[y * (widthPx + 1) + 1 + x]!;
      for (let channel = 0; channel < 3; channel++)
        rgb[(y * widthPx + x) * 3 + channel] = palette[index * 3 + channel]!;
    }
  }
  const density = chunks.get("pHYs")!;
  const pixelsPerMetre = new DataView(density.buffer, density.byteOffset).getUint32(0);
  return { widthPx, heightPx, rgb, pixelsPerMetre, chunks: [...chunks.keys()] };
}
