// Builds small WFDB files byte by byte, straight from the wording of signal(5): written apart from the encoders in src.
import type { FileStore } from "../../../src/shared/byte-source.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";

/** Bytes of digital samples in file order. Format 8 takes the values and `first`, the one before them. */
export function buildSignalBytes(format: number, samples: readonly number[], first = 0): Uint8Array {
  switch (format) {
    case 8:
      return Uint8Array.from(samples, (value, i) => (value - (samples[i - 1] ?? first)) & 0xff);
    case 16:
      return littleEndian(samples, 2);
    case 24:
      return littleEndian(samples, 3);
    case 32:
      return littleEndian(samples, 4);
    case 61:
      return Uint8Array.from(samples.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));
    case 80:
      return Uint8Array.from(samples, (value) => value + 128);
    case 160:
      return littleEndian(
        samples.map((value) => value + 32768),
        2,
      );
    case 212:
      return inGroups(samples, 2, ([a = 0, b = 0]) => {
        const [one, two] = [a & 0xfff, b & 0xfff];
        return [one & 0xff, (one >> 8) | ((two >> 8) << 4), two & 0xff];
      });
    case 310:
      return inGroups(samples, 3, ([a = 0, b = 0, c = 0]) => {
        const third = c & 0x3ff;
        const pairs = [
          ((a & 0x3ff) << 1) | ((third & 0x1f) << 11),
          ((b & 0x3ff) << 1) | ((third >> 5) << 11),
        ];
        return pairs.flatMap((pair) => [pair & 0xff, pair >> 8]);
      });
    case 311:
      return inGroups(samples, 3, ([a = 0, b = 0, c = 0]) => {
        const word = (a & 0x3ff) + (b & 0x3ff) * 2 ** 10 + (c & 0x3ff) * 2 ** 20;
        return [0, 8, 16, 24].map((shift) => Math.floor(word / 2 ** shift) & 0xff);
      });
    default:
      throw new RangeError(`buildSignalBytes: no format ${format}`);
  }
}

/** Whole groups for all samples; the last group is cut after `bytes` of what signal(5) needs for its samples. */
function inGroups(
  samples: readonly number[],
  size: number,
  encode: (group: readonly number[]) => number[],
): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < samples.length; i += size) {
    const group = samples.slice(i, i + size);
    const encoded = encode(group);
    bytes.push(...(group.length === 1 ? encoded.slice(0, 2) : encoded));
  }
  return Uint8Array.from(bytes);
}

function littleEndian(samples: readonly number[], width: number): Uint8Array {
  return Uint8Array.from(
    samples.flatMap((value) => Array.from({ length: width }, (_, k) => (value >> (8 * k)) & 0xff)),
  );
}

/** Samples of several signals in file order: frame after frame, `perFrame[s]` samples of signal s in each. */
export function interleave(signals: readonly (readonly number[])[], perFrame?: readonly number[]): number[] {
  const counts = perFrame ?? signals.map(() => 1);
  const frames = (signals[0]?.length ?? 0) / (counts[0] ?? 1);
  return Array.from({ length: frames }, (_, frame) =>
    signals.flatMap((signal, s) => signal.slice(frame * counts[s]!, (frame + 1) * counts[s]!)),
  ).flat();
}

/** The 16-bit sum that a header states. */
export function checksumOf(samples: readonly number[]): number {
  const sum = ((samples.reduce((total, value) => total + value, 0) % 65536) + 65536) % 65536;
  return sum > 32767 ? sum - 65536 : sum;
}

/** Bytes behind each other, e.g. a prolog before the samples. */
export function concatBytes(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A file store that notes how many bytes were read of which file. */
export function createCountingStore(files: Readonly<Record<string, Uint8Array | string>>): {
  readonly store: FileStore;
  readonly bytesRead: Map<string, number>;
} {
  const inner = createMemoryFileStore(files);
  const bytesRead = new Map<string, number>();
  const store: FileStore = {
    ...inner,
    async open(path) {
      const source = await inner.open(path);
      return {
        size: source.size,
        async read(start, end) {
          const bytes = await source.read(start, end);
          bytesRead.set(path, (bytesRead.get(path) ?? 0) + bytes.length);
          return bytes;
        },
      };
    },
  };
  return { store, bytesRead };
}
