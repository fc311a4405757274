// What a WFDB header file says, as types. Format: WFDB Applications Guide, header(5).

/** One signal line of a header, with the format's own defaults filled in. */
export type WfdbSignal = {
  /** File that holds the samples, relative to the header; `~` for a null signal. */
  readonly fileName: string;
  /** Storage format: 0, 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524. */
  readonly format: number;
  /** Samples of this signal in one frame (1 when the header names none). */
  readonly samplesPerFrame: number;
  /** Frames by which this signal comes late in the file, relative to sample 0 (0 by default). */
  readonly skewFrames: number;
  /** Bytes before the first sample (0 by default; 24 in a MATLAB v4 file). */
  readonly byteOffset: number;
  /** Digital units per physical unit. Missing or 0 means uncalibrated: 200, as the format says. */
  readonly gain: number;
  /** Digital value of physical 0. `adcZero` when the header names none. */
  readonly baseline: number;
  /** Physical unit as written; `mV` when the header names none. */
  readonly unit: string;
  readonly adcResolutionBits?: number;
  readonly adcZero: number;
  /** Value of the sample before the first, for the difference format 8; `adcZero` when missing. */
  readonly initialValue: number;
  /** 16-bit sum of all samples, absent when the header names none. Compare modulo 65,536; 0 says nothing. */
  readonly checksum?: number;
  readonly blockSize?: number;
  /** Description; the lead's name in an ECG. `signal <n>` (from 0) when the header names none. */
  readonly name: string;
};

/** One segment line of a multi-segment header. */
export type WfdbSegment = {
  /** Record name of the segment, relative to the header; `~` for a gap. */
  readonly name: string;
  readonly sampleCount: number;
};

/** A parsed header. A multi-segment one has `segments` and no `signals` of its own. */
export type WfdbHeader = {
  readonly name: string;
  readonly signalCount: number;
  /** Frames a second. 250 when the header names none: the format's rule, not a guess of ours. */
  readonly samplingRateHz: number;
  readonly counterRateHz?: number;
  readonly baseCounter?: number;
  /** Frames of the record; absent when the header does not say (then the file's size tells). */
  readonly sampleCount?: number;
  /** `hh:mm:ss[.fff]`. */
  readonly baseTime?: string;
  /** ISO `yyyy-mm-dd`. */
  readonly baseDate?: string;
  /** Fields of the record line after its length that are neither time nor date; absent when all were read. */
  readonly unread?: readonly string[];
  readonly signals: readonly WfdbSignal[];
  /** Absent in a single-segment header. */
  readonly segments?: readonly WfdbSegment[];
  /** Comment lines without `#` and outer blanks, in order; empty comments are kept. */
  readonly comments: readonly string[];
};
