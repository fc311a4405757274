// Writes a WFDB record: one header and one signal file as bytes. Formats: WFDB header(5), signal(5).
import { EcgError } from "../../shared/errors.ts";
import { digitalRange, encodeSamples, isWritableFormat, type WritableFormat } from "./encode-samples.ts";

/** One channel to write. A channel of a `WfdbRecord` that was read is one. */
export type ChannelToWrite = {
  /** Description of the signal line, on one line. */
  readonly name: string;
  /** Physical unit; blanks in it become `_`, "" becomes `NU` (no unit). */
  readonly unit: string;
  /** Physical values; NaN becomes the format's invalid value. All channels have the same length. */
  readonly samples: ArrayLike<number>;
  /** Digital units per physical unit; chosen by {@link chooseGain} when absent. */
  readonly gain?: number;
  /** Digital value of physical 0, an integer; 0 when absent. */
  readonly baseline?: number;
  /** Format that the channel was read from: kept when all channels have one and the same writable one. */
  readonly format?: number;
};

/** A record to write. A `WfdbRecord` that was read is one. */
export type RecordToWrite = {
  /** Letters, digits, `_` and `-`: it names the files. */
  readonly name: string;
  readonly samplingRateHz: number;
  readonly channels: readonly ChannelToWrite[];
  readonly comments?: readonly string[];
  /** `hh:mm:ss[.fff]`. */
  readonly baseTime?: string;
  /** ISO `yyyy-mm-dd`. */
  readonly baseDate?: string;
};

export type WriteWfdbOptions = {
  /** Storage format; by default the one that was read, else the first of 16, 24, 32 that holds all values. */
  readonly format?: WritableFormat;
};

/** Files by name: `<name>.hea` and, when there are channels, `<name>.dat`. */
export type WfdbFiles = { readonly files: Readonly<Record<string, Uint8Array>> };

/** Finest resolution worth writing, in digital units per physical unit: 1 uV in mV for 16 bits. */
const FINEST_GAIN: Readonly<Record<WritableFormat, number>> = {
  212: 200,
  16: 1000,
  24: 100_000,
  32: 1_000_000,
};

/**
 * Write a record. Nothing touches a disk: the caller stores the files.
 *
 * digital = round(physical * gain) + baseline; reading back gives the same digital values, and for a record that
 * was read with its own gains the same physical ones. Checksums and first values are in the header.
 * @throws EcgError INVALID_OPTION (name, rate, gain, lengths), INVALID_SIGNAL when a value does not fit the format.
 * Source: WFDB Applications Guide, header(5) and signal(5).
 */
export function writeWfdbRecord(record: RecordToWrite, options: WriteWfdbOptions = {}): WfdbFiles {
  checkRecord(record);
  const format = options.format ?? chooseFormat(record.channels);
  const sampleCount = record.channels[0]?.samples.length ?? 0;
  const channels = record.channels.map((channel) => digitise(channel, format, record.name));
  const header = new TextEncoder().encode(headerText(record, channels, { format, sampleCount }));
  if (channels.length === 0) return { files: { [`${record.name}.hea`]: header } };
  const samples = interleave(channels, sampleCount);
  return {
    files: { [`${record.name}.hea`]: header, [`${record.name}.dat`]: encodeSamples(format, samples) },
  };
}

/**
 * Gain for samples that name none: the largest of 1, 2, 5 times a power of ten at which the largest value fits
 * the format, but no finer than `finest`: by default 1000 in format 16 (1 uV for mV), 200 in 212, 1e5 in 24,
 * 1e6 in 32.
 */
export function chooseGain(
  samples: ArrayLike<number>,
  format: WritableFormat,
  finest: number = FINEST_GAIN[format],
): number {
  let largest = 0;
  for (let i = 0; i < samples.length; i++) {
    const size = Math.abs(samples[i]!);
    if (size > largest) largest = size;
  }
  const { most } = digitalRange(format);
  if (largest * finest <= most) return finest;
  const bound = most / largest;
  const decade = 10 ** Math.floor(Math.log10(bound));
  return ([5, 2, 1].find((step) => step * decade <= bound) ?? 1) * decade;
}

type DigitisedChannel = ChannelToWrite & {
  readonly digital: Int32Array;
  readonly gain: number;
  readonly baseline: number;
};

function digitise(channel: ChannelToWrite, format: WritableFormat, recordName: string): DigitisedChannel {
  const gain = channel.gain ?? chooseGain(channel.samples, format);
  const baseline = channel.baseline ?? 0;
  const { least, most } = digitalRange(format);
  const digital = new Int32Array(channel.samples.length);
  for (let i = 0; i < digital.length; i++) {
    const physical = channel.samples[i]!;
    if (Number.isNaN(physical)) {
      digital[i] = least - 1;
      continue;
    }
    const value = Math.round(physical * gain + baseline);
    if (!(value >= least && value <= most)) {
      throw new EcgError(
        "INVALID_SIGNAL",
        `${recordName}: expected digital values from ${least} to ${most} for format ${format}, ` +
          `got ${value} in ${channel.name} at sample ${i}`,
        {
          hint: "write format 24 or 32, or give a smaller gain",
          details: { channel: channel.name, sample: i, value },
        },
      );
    }
    digital[i] = value;
  }
  return { ...channel, digital, gain, baseline };
}

/** The format that all channels were read from, or the first of 16, 24, 32 that holds their digital values. */
function chooseFormat(channels: readonly ChannelToWrite[]): WritableFormat {
  const first = channels[0]?.format;
  if (isWritableFormat(first) && channels.every((channel) => channel.format === first)) return first;
  const wide = ([16, 24, 32] as const).find((format) =>
    channels.every((channel) => channel.gain === undefined || fits(channel, channel.gain, format)),
  );
  return wide ?? 32;
}

function fits(channel: ChannelToWrite, gain: number, format: WritableFormat): boolean {
  const { least, most } = digitalRange(format);
  for (let i = 0; i < channel.samples.length; i++) {
    const value = Math.round(channel.samples[i]! * gain + (channel.baseline ?? 0));
    if (value < least || value > most) return false;
  }
  return true;
}

function interleave(channels: readonly DigitisedChannel[], sampleCount: number): Int32Array {
  const width = channels.length;
  const samples = new Int32Array(width * sampleCount);
  for (const [slot, { digital }] of channels.entries()) {
    for (let t = 0, at = slot; t < sampleCount; t++, at += width) samples[at] = digital[t]!;
  }
  return samples;
}

function headerText(
  record: RecordToWrite,
  channels: readonly DigitisedChannel[],
  file: { readonly format: WritableFormat; readonly sampleCount: number },
): string {
  const moment =
    record.baseDate === undefined
      ? (record.baseTime ?? "")
      : `${record.baseTime ?? "00:00:00"} ${record.baseDate.split("-").reverse().join("/")}`;
  const recordLine = `${record.name} ${channels.length} ${record.samplingRateHz} ${file.sampleCount} ${moment}`;
  const bits = file.format === 212 ? 12 : file.format;
  const signalLines = channels.map(({ digital, gain, baseline, unit, name }) => {
    let sum = 0;
    for (let i = 0; i < digital.length; i++) sum = (sum + digital[i]!) | 0;
    const shownUnit = unit.trim().replace(/\s+/g, "_") || "NU";
    const checksum = (sum << 16) >> 16;
    const numbers = `${bits} 0 ${digital[0] ?? 0} ${checksum} 0`;
    return `${record.name}.dat ${file.format} ${gain}(${baseline})/${shownUnit} ${numbers} ${oneLine(name)}`;
  });
  const comments = (record.comments ?? []).flatMap((comment) => comment.split(/\r\n|\n|\r/));
  return [
    recordLine.trimEnd(),
    ...signalLines,
    ...comments.map((comment) => `# ${comment}`.trimEnd()),
    "",
  ].join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function checkRecord(record: RecordToWrite): void {
  const fail = (expected: string, got: string): never => {
    throw new EcgError("INVALID_OPTION", `writeWfdbRecord: expected ${expected}, got ${got}`);
  };
  if (!/^[-\w]+$/.test(record.name)) fail("a name of letters, digits, _ and -", JSON.stringify(record.name));
  if (!(record.samplingRateHz > 0 && Number.isFinite(record.samplingRateHz))) {
    fail("a sampling rate above 0 Hz", String(record.samplingRateHz));
  }
  if (record.baseDate !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(record.baseDate)) {
    fail("a base date yyyy-mm-dd", record.baseDate);
  }
  const length = record.channels[0]?.samples.length ?? 0;
  for (const { name, samples, gain, baseline } of record.channels) {
    if (samples.length !== length) fail(`${length} samples in every channel`, `${samples.length} in ${name}`);
    if (gain !== undefined && !(Math.abs(gain) > 0 && Number.isFinite(gain))) {
      fail(`a finite gain other than 0 for ${name}`, String(gain));
    }
    if (baseline !== undefined && !Number.isInteger(baseline)) {
      fail(`an integer baseline for ${name}`, String(baseline));
    }
  }
}
