// A WFDB recording in physical units: every channel with its own unit, as the file has it.
import type { ReadOptions } from "../source.ts";

/** One signal of a record. */
export type WfdbChannel = {
  /** Description of the signal line. */
  readonly name: string;
  /** Unit as written in the header (`mV`, `uV`, `mmHg`, `NU`, ...). */
  readonly unit: string;
  /** Physical values, (digital - baseline) / gain, one a frame. NaN where the file has no valid sample. */
  readonly samples: Float64Array;
  /** Absent in a record of several segments, as the four fields below: segments may differ in them. */
  readonly fileName?: string;
  readonly format?: number;
  readonly gain?: number;
  readonly baseline?: number;
  readonly adcResolutionBits?: number;
  readonly adcZero?: number;
  /** Samples of the file that were averaged into one (1 when none were). */
  readonly samplesPerFrame: number;
};

/** A recording as a WFDB header and its signal files hold it. */
export type WfdbRecord = {
  readonly name: string;
  readonly samplingRateHz: number;
  /** Samples in each channel of this object (of the window when a part was read). */
  readonly sampleCount: number;
  readonly channels: readonly WfdbChannel[];
  readonly comments: readonly string[];
  /** `hh:mm:ss[.fff]`, of the whole record's first sample. */
  readonly baseTime?: string;
  /** ISO `yyyy-mm-dd`. */
  readonly baseDate?: string;
  /** Date and time of the whole record's first sample, ISO 8601 without a zone; absent without a date. */
  readonly acquiredAt?: string;
  /**
   * SHA-256 (hex) of the signal file; of the files' SHA-256 digests in header order when there are several;
   * of the bytes that were read when a range was.
   */
  readonly sha256: string;
  /** What was not read, by channel name and reason, e.g. channels outside `options.leads`. */
  readonly leftOut: readonly string[];
  /** The samples of the file that the object holds, when it is a part of it. */
  readonly window?: { readonly startSample: number; readonly endSample: number };
  /** `options.leads` of the read, when there were any: the leads and order that an `EcgRecord` is to have. */
  readonly requestedLeads?: readonly string[];
};

export type ReadWfdbOptions = ReadOptions & {
  /** Compare the sums of whole signals with the header's (default true). Ranges are never compared. */
  readonly verifyChecksums?: boolean;
  /** Compute the SHA-256 of what is read (default true); without it `sha256` is "". */
  readonly computeSha256?: boolean;
};
