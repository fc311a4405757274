// The storage formats of WFDB signal files as a table. Format: WFDB Applications Guide, signal(5).

/** How one storage format lays samples out in bytes. */
export type SignalFormat = {
  /** Samples that share one group of bytes, and the bytes of a group. */
  readonly groupSamples: number;
  readonly groupBytes: number;
  /** Significant bits of a sample. */
  readonly bits: number;
  /** The digital value that means "no valid sample"; absent where the format has none. */
  readonly invalid?: number;
  /** True for files of first differences, which can only be read from their start. */
  readonly differences?: true;
};

const SIGNAL_FORMATS: ReadonlyMap<number, SignalFormat> = new Map<number, SignalFormat>([
  [8, { groupSamples: 1, groupBytes: 1, bits: 8, differences: true }],
  [16, { groupSamples: 1, groupBytes: 2, bits: 16, invalid: -(2 ** 15) }],
  [24, { groupSamples: 1, groupBytes: 3, bits: 24, invalid: -(2 ** 23) }],
  [32, { groupSamples: 1, groupBytes: 4, bits: 32, invalid: -(2 ** 31) }],
  [61, { groupSamples: 1, groupBytes: 2, bits: 16, invalid: -(2 ** 15) }],
  [80, { groupSamples: 1, groupBytes: 1, bits: 8, invalid: -(2 ** 7) }],
  [160, { groupSamples: 1, groupBytes: 2, bits: 16, invalid: -(2 ** 15) }],
  [212, { groupSamples: 2, groupBytes: 3, bits: 12, invalid: -(2 ** 11) }],
  [310, { groupSamples: 3, groupBytes: 4, bits: 10, invalid: -(2 ** 9) }],
  [311, { groupSamples: 3, groupBytes: 4, bits: 10, invalid: -(2 ** 9) }],
]);

/** Format of a signal without a file, all samples invalid. */
export const NULL_FORMAT = 0;

/** Formats whose files are FLAC streams. */
export const FLAC_FORMATS: ReadonlySet<number> = new Set([508, 516, 524]);

/** Codes of the formats that can be read, in ascending order. */
export const READABLE_FORMATS: readonly number[] = [NULL_FORMAT, ...SIGNAL_FORMATS.keys()];

/** The layout of a format, or undefined for the null format, FLAC and unknown codes. */
export function signalFormat(code: number): SignalFormat | undefined {
  return SIGNAL_FORMATS.get(code);
}

/**
 * Bytes that `sampleCount` samples need. A last group that is not full is cut after the last byte that holds
 * a bit of a sample: 2 bytes for one sample of 212, 310 and 311; 4 for two of 310, 3 for two of 311.
 */
export function bytesForSamples(code: number, format: SignalFormat, sampleCount: number): number {
  const groups = Math.floor(sampleCount / format.groupSamples);
  const rest = sampleCount - groups * format.groupSamples;
  const restBytes = rest === 0 ? 0 : code === 310 && rest === 2 ? 4 : rest + 1;
  return groups * format.groupBytes + restBytes;
}

/** Whole samples that `byteCount` bytes hold; the inverse of {@link bytesForSamples}. */
export function samplesInBytes(code: number, format: SignalFormat, byteCount: number): number {
  const groups = Math.floor(byteCount / format.groupBytes);
  let count = groups * format.groupSamples;
  while (bytesForSamples(code, format, count + 1) <= byteCount) count++;
  return count;
}
