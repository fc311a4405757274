// The part of TrueType that drawing letters needs: cmap format 4, glyf outlines (composites too), hmtx.
// Source: OpenType specification 1.9, chapters cmap, glyf, head, hhea, hmtx, loca, maxp.
import { EcgError } from "../shared/errors.ts";

/** One letter in font units (y grows upwards): quadratic contours as TrueType stores them. */
export type GlyphOutline = {
  readonly advanceUnits: number;
  readonly contours: readonly GlyphContour[];
};

/** Points of a closed contour; off-curve points are control points of quadratic curves. */
export type GlyphContour = readonly { readonly x: number; readonly y: number; readonly onCurve: boolean }[];

export type OutlineFont = {
  readonly unitsPerEm: number;
  /** True when the font draws this character. */
  has(codePoint: number): boolean;
  /** Outline of a character; of the missing-glyph box where the font has none. */
  glyph(codePoint: number): GlyphOutline;
  /** Every code point with an outline, ascending. */
  codePoints(): number[];
};

type Tables = ReadonlyMap<string, DataView>;

/**
 * Read a TrueType font.
 * @throws EcgError INVALID_FILE when a table is missing, `UNSUPPORTED_FORMAT` for a font without glyf outlines.
 */
export function readTrueType(bytes: Uint8Array): OutlineFont {
  const tables = readTables(bytes);
  const head = table(tables, "head");
  const unitsPerEm = head.getUint16(18);
  const longOffsets = head.getInt16(50) === 1;
  const advanceCount = table(tables, "hhea").getUint16(34);
  const characters = readCharacterMap(table(tables, "cmap"));
  const [loca, glyf, hmtx] = [table(tables, "loca"), table(tables, "glyf"), table(tables, "hmtx")];
  const outlineOf = (glyphId: number, depth: number): GlyphContour[] => {
    const from = longOffsets ? loca.getUint32(glyphId * 4) : loca.getUint16(glyphId * 2) * 2;
    const to = longOffsets ? loca.getUint32(glyphId * 4 + 4) : loca.getUint16(glyphId * 2 + 2) * 2;
    if (to <= from || depth > 6) return [];
    const data = new DataView(glyf.buffer, glyf.byteOffset + from, to - from);
    const contourCount = data.getInt16(0);
    return contourCount >= 0
      ? readSimple(data, contourCount)
      : readComposite(data, (id) => outlineOf(id, depth + 1));
  };
  const cache = new Map<number, GlyphOutline>();
  return {
    unitsPerEm,
    has: (codePoint) => characters.has(codePoint),
    codePoints: () => [...characters.keys()].sort((a, b) => a - b),
    glyph: (codePoint) => {
      const glyphId = characters.get(codePoint) ?? 0;
      const known = cache.get(glyphId);
      if (known !== undefined) return known;
      const advanceUnits = hmtx.getUint16(Math.min(glyphId, advanceCount - 1) * 4);
      const outline = { advanceUnits, contours: outlineOf(glyphId, 0) };
      cache.set(glyphId, outline);
      return outline;
    },
  };
}

function readTables(bytes: Uint8Array): Tables {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || view.getUint32(0) !== 0x00010000) {
    const found = bytes.byteLength < 4 ? `${bytes.byteLength} bytes` : `0x${view.getUint32(0).toString(16)}`;
    throw new EcgError("UNSUPPORTED_FORMAT", `font: expected a TrueType file (0x10000), got ${found}`);
  }
  const tables = new Map<string, DataView>();
  for (let index = 0; index < view.getUint16(4); index++) {
    const entry = 12 + index * 16;
    const tag = String.fromCharCode(...bytes.subarray(entry, entry + 4));
    const [offset, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)];
    if (offset + length > bytes.byteLength) {
      throw new EcgError(
        "INVALID_FILE",
        `font table ${tag}: expected ${offset + length} bytes, the file has ${bytes.byteLength}`,
      );
    }
    tables.set(tag, new DataView(bytes.buffer, bytes.byteOffset + offset, length));
  }
  return tables;
}

function table(tables: Tables, tag: string): DataView {
  const view = tables.get(tag);
  if (view !== undefined) return view;
  throw new EcgError("INVALID_FILE", `font: expected a table ${tag}, got ${[...tables.keys()].join(" ")}`);
}

/** Character to glyph number from the Unicode (3, 1) subtable in format 4. */
function readCharacterMap(cmap: DataView): ReadonlyMap<number, number> {
  for (let index = 0; index < cmap.getUint16(2); index++) {
    const entry = 4 + index * 8;
    const start = cmap.getUint32(entry + 4);
    if (cmap.getUint16(entry) === 3 && cmap.getUint16(entry + 2) === 1 && cmap.getUint16(start) === 4) {
      return readSegments(cmap, start);
    }
  }
  throw new EcgError("UNSUPPORTED_FORMAT", "font: expected a Unicode cmap of format 4, got none");
}

function readSegments(cmap: DataView, start: number): ReadonlyMap<number, number> {
  const characters = new Map<number, number>();
  const doubleCount = cmap.getUint16(start + 6);
  for (let at = start + 14; at < start + 14 + doubleCount; at += 2) {
    const last = cmap.getUint16(at);
    const first = cmap.getUint16(at + doubleCount + 2);
    const delta = cmap.getUint16(at + 2 * doubleCount + 2);
    const rangeAt = at + 3 * doubleCount + 2;
    const range = cmap.getUint16(rangeAt);
    for (let code = first; code <= last && code !== 0xffff; code++) {
      const listed = range === 0 ? code : cmap.getUint16(rangeAt + range + (code - first) * 2);
      const glyphId = range !== 0 && listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyphId !== 0) characters.set(code, glyphId);
    }
  }
  return characters;
}

const ON_CURVE = 0x01;
const REPEAT = 0x08;

function readSimple(data: DataView, contourCount: number): GlyphContour[] {
  const ends = Array.from({ length: contourCount }, (_, index) => data.getUint16(10 + index * 2));
  const pointCount = (ends.at(-1) ?? -1) + 1;
  let at = 10 + contourCount * 2;
  at += 2 + data.getUint16(at); // hinting instructions
  const flags: number[] = [];
  while (flags.length < pointCount) {
    const flag = data.getUint8(at++);
    const times = (flag & REPEAT) !== 0 ? 1 + data.getUint8(at++) : 1;
    for (let time = 0; time < times; time++) flags.push(flag);
  }
  const readAxis = (shortBit: number, sameBit: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if ((flag & shortBit) !== 0)
        value += (flag & sameBit) !== 0 ? data.getUint8(at++) : -data.getUint8(at++);
      else if ((flag & sameBit) === 0) {
        value += data.getInt16(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = readAxis(0x02, 0x10);
  const ys = readAxis(0x04, 0x20);
  return ends.map((end, index) => {
    const first = index === 0 ? 0 : ends[index - 1]! + 1;
    return Array.from({ length: end - first + 1 }, (_, offset) => ({
      x: xs[first + offset]!,
      y: ys[first + offset]!,
      onCurve: (flags[first + offset]! & ON_CURVE) !== 0,
    }));
  });
}

const WORDS = 0x0001;
const OFFSETS_ARE_XY = 0x0002;
const ONE_SCALE = 0x0008;
const MORE = 0x0020;
const TWO_SCALES = 0x0040;
const MATRIX = 0x0080;

/** Parts of other glyphs, moved and scaled (accented letters). */
function readComposite(data: DataView, outlineOf: (glyphId: number) => GlyphContour[]): GlyphContour[] {
  const contours: GlyphContour[] = [];
  let at = 10;
  for (let more = true; more; ) {
    const flags = data.getUint16(at);
    const part = outlineOf(data.getUint16(at + 2));
    at += 4;
    const words = (flags & WORDS) !== 0;
    const isOffset = (flags & OFFSETS_ARE_XY) !== 0;
    const moveX = !isOffset ? 0 : words ? data.getInt16(at) : data.getInt8(at);
    const moveY = !isOffset ? 0 : words ? data.getInt16(at + 2) : data.getInt8(at + 1);
    at += words ? 4 : 2;
    const scaleCount =
      (flags & ONE_SCALE) !== 0 ? 1 : (flags & TWO_SCALES) !== 0 ? 2 : (flags & MATRIX) !== 0 ? 4 : 0;
    const scales = Array.from({ length: scaleCount }, (_, index) => data.getInt16(at + index * 2) / 16384);
    at += scaleCount * 2;
    const [a = 1, b = 0, c = 0, d = 1] =
      scaleCount === 1
        ? [scales[0]!, 0, 0, scales[0]!]
        : scaleCount === 2
          ? [scales[0]!, 0, 0, scales[1]!]
          : scales;
    contours.push(
      ...part.map((contour) =>
        contour.map(({ x, y, onCurve }) => ({ x: a * x + c * y + moveX, y: b * x + d * y + moveY, onCurve })),
      ),
    );
    more = (flags & MORE) !== 0;
  }
  return contours;
}
