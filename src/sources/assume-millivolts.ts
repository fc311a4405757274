// Decides the unit of channels whose file states none: mV where that can be, an error where it cannot.
import { EcgError } from "../shared/errors.ts";
import { momentsOf } from "../signal/moments.ts";
import type { RawChannel, RawRecording } from "./raw-recording.ts";

/** Standard deviations in mV between which a surface ECG lies, with a wide margin on both sides. */
const PLAUSIBLE_SD_MV = { least: 0.003, most: 20 } as const;
/** How close to mean 0 and SD 1 every channel of a z-scored file is. */
const Z_SCORE_TOLERANCE = 1e-3;

/**
 * The same recording with a unit on every channel.
 *
 * Channels of unit "" become `z` when all of them have mean 0 and SD 1 (no ECG in mV does), else `mV`.
 * @throws EcgError INVALID_SIGNAL when their standard deviation cannot be that of an ECG in mV.
 */
export function assumeMillivolts(recording: RawRecording, where: string): RawRecording {
  const unstated = recording.channels.filter((channel) => channel.unit === "");
  if (unstated.length === 0) return recording;
  const unit = unstated.every(isZScored) && unstated.some((channel) => !isFlat(channel)) ? "z" : "mV";
  if (unit === "mV") for (const channel of unstated) checkPlausible(channel, where);
  return {
    ...recording,
    channels: recording.channels.map((channel) => (channel.unit === "" ? { ...channel, unit } : channel)),
  };
}

function isFlat(channel: RawChannel): boolean {
  const { sd } = momentsOf(channel.samples);
  return !(sd > 0);
}

function isZScored(channel: RawChannel): boolean {
  const { mean, sd } = momentsOf(channel.samples);
  return isFlat(channel) || (Math.abs(mean) < Z_SCORE_TOLERANCE && Math.abs(sd - 1) < Z_SCORE_TOLERANCE);
}

function checkPlausible(channel: RawChannel, where: string): void {
  const { sd } = momentsOf(channel.samples);
  if (!(sd > 0) || (sd >= PLAUSIBLE_SD_MV.least && sd <= PLAUSIBLE_SD_MV.most)) return;
  throw new EcgError(
    "INVALID_SIGNAL",
    `${where}: expected mV in channel ${channel.name} (no unit is stated), found a standard deviation of ${sd.toPrecision(3)}`,
    {
      hint: "name the unit in the header as in `I (uV)`, or: heartcare record convert --file-unit uV (or V)",
      details: { sd },
    },
  );
}
