// Makes a record of a recording whose file says nothing but signals: text columns, arrays.
import type { EcgRecord } from "../record/ecg-record.ts";
import { assumeMillivolts } from "./assume-millivolts.ts";
import type { RawRecording } from "./raw-recording.ts";
import { selectPart } from "./select-part.ts";
import type { ReadOptions } from "./source.ts";
import { type EcgRecordInfo, toEcgRecord } from "./wfdb/to-ecg-record.ts";

/**
 * The voltage channels as a record in mV, canonical names and order; channels without a unit by
 * {@link assumeMillivolts}. z-scored channels keep their numbers and the provenance says `amplitudeUnit: "z"`.
 * @throws EcgError INVALID_SIGNAL for numbers that are no mV, INVALID_OPTION for a lead or range not there.
 */
export function recordOfRecording(
  recording: RawRecording,
  info: EcgRecordInfo,
  options: ReadOptions = {},
): EcgRecord {
  const known = assumeMillivolts(recording, info.path);
  const zScored = known.channels.some((channel) => channel.unit === "z");
  const record = toEcgRecord(zScored ? relabelZ(known) : known, info);
  const marked: EcgRecord = zScored
    ? { ...record, provenance: { ...record.provenance, amplitudeUnit: "z" } }
    : record;
  return selectPart(marked, options);
}

/** The converter takes voltages only; z-scores pass it as such and are marked afterwards. */
function relabelZ(recording: RawRecording): RawRecording {
  return {
    ...recording,
    channels: recording.channels.map((channel) =>
      channel.unit === "z" ? { ...channel, unit: "mV" } : channel,
    ),
  };
}

/** The identity of a recording that nothing is known about but its name and bytes. */
export function anonymousIdentity(
  format: string,
  name: string,
  sha256: string,
): { readonly recordingId: string; readonly patientId: string; readonly patientKnown: false } {
  const recordingId = `${format}:${name}-${sha256.slice(0, 8)}`;
  return { recordingId, patientId: recordingId, patientKnown: false };
}
