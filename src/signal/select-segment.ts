// The best few seconds of a recording as a record of its own.
import type { EcgRecord } from "../record/ecg-record.ts";
import { sliceSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { type CleanOptions, type CleanResult, cleanRecord } from "./clean-record.ts";
import { type BestWindow, selectBestWindow } from "./select-window.ts";

export type SegmentOptions = CleanOptions & {
  /** Length of the segment, e.g. 4 s (Beat's 1,000 samples at 250 Hz). */
  readonly windowSeconds: number;
};

export type SelectedSegment = {
  /** The window as the device wrote it, at `toHz`; its provenance names the samples of the file. */
  readonly resampled: EcgRecord;
  /** The window of the cleaned record (cleaned whole, then cut, so that its ends are not filter ends). */
  readonly cleaned: EcgRecord;
  /** Where the window lies, in samples at `toHz`, and why. */
  readonly window: BestWindow;
  /** The whole recording that it was cut from. */
  readonly whole: CleanResult;
};

/**
 * Clean a recording and cut the `windowSeconds` with the best mean quality over leads out of it.
 *
 * `provenance.window` of both segments is the window in samples of the file, at the file's own rate (added to a
 * window that the record already had). A recording shorter than the window is taken whole; one whose leads all
 * have no quality is cut at its centre, and `window.chosenBy` says so.
 * @throws EcgError INVALID_OPTION when windowSeconds holds no sample or a rate is not above 1 Hz.
 */
export function selectSegment(record: EcgRecord, options: SegmentOptions): SelectedSegment {
  const windowSamples = Math.round(options.windowSeconds * options.toHz);
  if (!(windowSamples >= 1)) {
    throw new EcgError(
      "INVALID_OPTION",
      `selectSegment: expected at least 1 sample, got ${options.windowSeconds} s at ${options.toHz} Hz`,
    );
  }
  const whole = cleanRecord(record, options);
  const window = selectBestWindow(whole.quality, windowSamples);
  return {
    resampled: cutWindow(whole.resampled, window, record.samplingRateHz),
    cleaned: cutWindow(whole.cleaned, window, record.samplingRateHz),
    window,
    whole,
  };
}

/**
 * Cut `window` out of a resampled record and write it, in samples of the file, into the provenance.
 *
 * `fileSamplingRateHz` is the rate before resampling; the record's own provenance window, where it has one,
 * is in samples at that rate and is added to.
 */
export function cutWindow(
  record: EcgRecord,
  window: Pick<BestWindow, "startSample" | "sampleCount">,
  fileSamplingRateHz: number,
): EcgRecord {
  const endSample = window.startSample + window.sampleCount;
  const offset = record.provenance.window?.startSample ?? 0;
  const toFileSample = (sample: number): number =>
    offset + Math.round((sample * fileSamplingRateHz) / record.samplingRateHz);
  return {
    ...record,
    signal: sliceSamples(record.signal, window.startSample, endSample),
    provenance: {
      ...record.provenance,
      window: { startSample: toFileSample(window.startSample), endSample: toFileSample(endSample) },
    },
  };
}
