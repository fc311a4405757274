// Builds PNG files chunk by chunk, in any colour type, depth, filter and interlacing.
import { crc32, deflateSync } from "node:zlib";

export type TestPng = {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: 0 | 2 | 3 | 4 | 6;
  /** The sample of a channel at a pixel. */
  readonly sample: (x: number, y: number, channel: number) => number;
  readonly palette?: readonly number[];
  /** The filter of each line. Default none. */
  readonly filter?: (line: number) => number;
  readonly interlaced?: boolean;
};

const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function encodeTestPng(png: TestPng): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(png.width, 0);
  header.writeUInt32BE(png.height, 4);
  header.set([png.depth, png.colour, 0, 0, png.interlaced ? 1 : 0], 8);
  const lines = (png.interlaced ? PASSES : [[0, 0, 1, 1] as const]).flatMap((pass) => passLines(png, pass));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(png.palette ? [chunk("PLTE", Buffer.from(png.palette))] : []),
    chunk("IDAT", deflateSync(Buffer.concat(lines))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function passLines(
  png: TestPng,
  [left, top, stepX, stepY]: readonly [number, number, number, number],
): Buffer[] {
  const columns = Math.max(0, Math.ceil((png.width - left) / stepX));
  const rows = Math.max(0, Math.ceil((png.height - top) / stepY));
  if (columns === 0 || rows === 0) return [];
  const step = Math.max(1, (png.depth * SAMPLES[png.colour]) / 8);
  let above = Buffer.alloc(Math.ceil((columns * png.depth * SAMPLES[png.colour]) / 8));
  return Array.from({ length: rows }, (_, row) => {
    const line = packLine(png, left, top + row * stepY, columns, stepX);
    const filter = png.filter?.(row) ?? 0;
    const filtered = filterLine(line, above, filter, step);
    above = line;
    return Buffer.concat([Buffer.from([filter]), filtered]);
  });
}

function packLine(
  png: TestPng,
  left: number,
  y: number,
  columns: number,
  stepX: number,
): Buffer<ArrayBuffer> {
  const samples = SAMPLES[png.colour];
  const line = Buffer.alloc(Math.ceil((columns * png.depth * samples) / 8));
  for (let column = 0; column < columns; column++) {
    for (let channel = 0; channel < samples; channel++) {
      const value = png.sample(left + column * stepX, y, channel);
      const index = column * samples + channel;
      if (png.depth === 16) line.writeUInt16BE(value, index * 2);
      else if (png.depth === 8) line[index] = value;
      else {
        const bit = index * png.depth;
        line[bit >> 3]! |= value << (8 - png.depth - (bit & 7));
      }
    }
  }
  return line;
}

function filterLine(line: Buffer, above: Buffer, filter: number, step: number): Buffer {
  return Buffer.from(
    line.map((value, i) => {
      const [a, b, c] = [line[i - step] ?? 0, above[i] ?? 0, i >= step ? above[i - step]! : 0];
      if (filter === 1) return value - a;
      if (filter === 2) return value - b;
      if (filter === 3) return value - ((a + b) >> 1);
      if (filter === 0) return value;
      const estimate = a + b - c;
      const distances = [a, b, c].map((candidate) => Math.abs(estimate - candidate));
      return value - [a, b, c][distances.indexOf(Math.min(...distances))]!;
    }),
  );
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
