// What every reader of signal files yields before it is a record: all channels with their own units.
import type { WfdbChannel, WfdbRecord } from "./wfdb/wfdb-record.ts";

/** One channel with its unit as the file has it; "" where the file states none. */
export type RawChannel = WfdbChannel;

/**
 * A recording with every channel of its file, in float64 and the file's own units. The WFDB reader defined the
 * shape; CSV and .npy fill the same one, so that one converter makes records of all of them.
 */
export type RawRecording = WfdbRecord;

/** What a caller may have to say about a signal file that does not say it itself. */
export type SignalFileOptions = {
  /** Sampling rate in Hz of a file that states none. Never guessed. */
  readonly samplingRateHz?: number;
  /** Unit of channels for which the file states none; `z` = z-scored per lead, amplitude in mV lost. */
  readonly unit?: "mV" | "uV" | "V" | "z";
  /** Names of the channels of a file without names, in its order. */
  readonly leadNames?: readonly string[];
};
