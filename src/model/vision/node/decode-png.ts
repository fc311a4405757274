// decodePng: a PNG file to 8-bit RGB pixels. Source: W3C PNG specification, third edition (chunks, filters, Adam7).
import { inflateSync } from "node:zlib";
import { EcgError, errorMessage } from "../../../shared/errors.ts";
import type { PixelImage } from "../resize-bicubic.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples a pixel by colour type: grey, RGB, palette, grey + alpha, RGB + alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** Adam7: first column and row, steps between columns and rows. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** Larger images are a mistake or an attack: 256 million pixels. */
const PIXEL_LIMIT = 2 ** 28;

type Header = {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
};

/**
 * Decode. Transparency is dropped, not blended (as Pillow's convert("RGB") does); 16-bit samples keep their upper byte.
 * @throws EcgError INVALID_FILE for bytes that are no whole PNG file.
 */
export function decodePng(bytes: Uint8Array, where = "png"): PixelImage {
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) {
    throw new EcgError("INVALID_FILE", `${where}: expected a PNG signature, found other bytes`);
  }
  const { header, palette, packed } = readChunks(bytes, where);
  const { width, height } = header;
  const data = new Uint8Array(width * height * 3);
  const raw = inflate(packed, header, where);
  let at = 0;
  for (const [left, top, stepX, stepY] of header.interlaced ? PASSES : [[0, 0, 1, 1] as const]) {
    const columns = Math.ceil((width - left) / stepX);
    const rows = Math.ceil((height - top) / stepY);
    if (columns <= 0 || rows <= 0) continue;
    const lineBytes = bytesPerLine(header, columns);
    let previous: Uint8Array = new Uint8Array(lineBytes);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + lineBytes);
      unfilter(line, previous, raw[at]!, { pixelBytes: pixelBytes(header), where });
      const y = top + row * stepY;
      for (let column = 0; column < columns; column++) {
        const target = (y * width + left + column * stepX) * 3;
        writePixel(data, target, line, { header, palette, column, where });
      }
      previous = line;
      at += 1 + lineBytes;
    }
  }
  return { width, height, channels: 3, data };
}

function readChunks(
  bytes: Uint8Array,
  where: string,
): { header: Header; palette: Uint8Array; packed: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let palette: Uint8Array = new Uint8Array(0);
  const packed: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length) break;
    if (type === "IHDR") header = readHeader(view, at + 8, where);
    else if (type === "PLTE") palette = body.slice();
    else if (type === "IDAT") packed.push(body);
    else if (type === "IEND") break;
    at += 12 + length;
  }
  if (header && packed.length > 0) return { header, palette, packed };
  throw new EcgError(
    "INVALID_FILE",
    `${where}: expected chunks IHDR and IDAT, found ${header ? "IHDR" : "none"}`,
    {
      hint: "the file looks truncated",
    },
  );
}

function readHeader(view: DataView, at: number, where: string): Header {
  const header = {
    width: view.getUint32(at),
    height: view.getUint32(at + 4),
    depth: view.getUint8(at + 8),
    colour: view.getUint8(at + 9),
    interlaced: view.getUint8(at + 12) === 1,
  };
  const { width, height, depth, colour } = header;
  const known = DEPTHS[colour]?.includes(depth) ?? false;
  if (known && width > 0 && height > 0 && width * height <= PIXEL_LIMIT) return header;
  throw new EcgError(
    "INVALID_FILE",
    `${where}: expected a size and a colour type of PNG, found ${width} x ${height}, type ${colour} of ${depth} bits`,
  );
}

function inflate(packed: readonly Uint8Array[], header: Header, where: string): Uint8Array {
  const { width, height } = header;
  const passes = header.interlaced ? PASSES : [[0, 0, 1, 1] as const];
  const expected = passes.reduce((sum, [left, top, stepX, stepY]) => {
    const columns = Math.max(0, Math.ceil((width - left) / stepX));
    const rows = Math.max(0, Math.ceil((height - top) / stepY));
    return sum + (columns > 0 ? rows * (1 + bytesPerLine(header, columns)) : 0);
  }, 0);
  try {
    const raw = inflateSync(Buffer.concat(packed), { maxOutputLength: Math.max(expected, 64) });
    if (raw.length >= expected) return raw;
    throw new EcgError("INVALID_FILE", `${where}: expected ${expected} bytes of pixels, found ${raw.length}`);
  } catch (cause) {
    if (EcgError.isInstance(cause)) throw cause;
    throw new EcgError("INVALID_FILE", `${where}: expected deflated pixels, got ${errorMessage(cause)}`, {
      hint: "the file looks truncated or damaged",
      cause,
    });
  }
}

function bytesPerLine({ depth, colour }: Header, columns: number): number {
  return Math.ceil((columns * depth * SAMPLES[colour]!) / 8);
}

function pixelBytes({ depth, colour }: Header): number {
  return Math.max(1, (depth * SAMPLES[colour]!) / 8);
}

/** Undo a line's filter in place: none, sub, up, average, Paeth. */
function unfilter(
  line: Uint8Array,
  above: Uint8Array,
  filter: number,
  { pixelBytes: step, where }: { readonly pixelBytes: number; readonly where: string },
): void {
  if (filter > 4) {
    throw new EcgError("INVALID_FILE", `${where}: expected a filter from 0 to 4, found ${filter}`);
  }
  if (filter === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i >= step ? line[i - step]! : 0;
    const up = above[i]!;
    const corner = i >= step ? above[i - step]! : 0;
    const guess =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    line[i] = line[i]! + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

type PixelContext = {
  readonly header: Header;
  readonly palette: Uint8Array;
  readonly column: number;
  readonly where: string;
};

function writePixel(data: Uint8Array, target: number, line: Uint8Array, context: PixelContext): void {
  const { header, palette, column, where } = context;
  const { depth, colour } = header;
  if (colour === 3) {
    const index = sample(line, column, depth);
    if (index * 3 + 2 >= palette.length) {
      throw new EcgError(
        "INVALID_FILE",
        `${where}: expected a palette of more than ${index} colours, found ${palette.length / 3}`,
      );
    }
    // one by one: a view a pixel would cost more than all else
    data[target] = palette[index * 3]!;
    data[target + 1] = palette[index * 3 + 1]!;
    data[target + 2] = palette[index * 3 + 2]!;
    return;
  }
  const samples = SAMPLES[colour]!;
  const coloured = colour === 2 || colour === 6;
  for (let channel = 0; channel < 3; channel++) {
    const value = sample(line, column * samples + (coloured ? channel : 0), depth);
    data[target + channel] = depth >= 8 ? value : (value * 255) / (2 ** depth - 1);
  }
}

/** The sample's value; of 16 bits the upper byte. */
function sample(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!;
  if (depth === 16) return line[index * 2]!;
  const bit = index * depth;
  return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}
