// Writes an EcgRecord as WFDB files: leads in mV, patient and identity in the header's comments.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { leadSamples } from "../../record/lead-matrix.ts";
import { identityComments } from "./inherited-identity.ts";
import { type ChannelToWrite, chooseGain, writeWfdbRecord } from "./write-wfdb-record.ts";

/** 1 uV: what clinical recorders resolve. Coarser is never written. */
const COARSEST_GAIN = 1000;
/** 10 nV: finer than any recorder. */
const FINEST_GAIN = 100_000;

/**
 * The files of a record by name: `<name>.hea` and `<name>.dat`.
 *
 * Format 16 with the finest gain of 1, 2, 5 times a power of ten that holds each lead, between 1 uV and 10 nV a
 * unit; format 24 where a lead beyond 32.7 mV would need a coarser one. Samples are within half a unit of the
 * record's; recordings in steps of 1 or 5 uV, as most are, stay exact. NaN is the format's invalid sample. Date
 * and time are those of the first sample written; statements are not written, since WFDB has no place for them.
 * @throws EcgError INVALID_OPTION for a name with other characters than letters, digits, `_` and `-`.
 */
export function ecgRecordToWfdb(record: EcgRecord, name: string): Readonly<Record<string, Uint8Array>> {
  const rows = record.leads.map((lead, index) => ({ lead, samples: leadSamples(record.signal, index) }));
  const gains = rows.map(({ samples }) => chooseGain(samples, 16, FINEST_GAIN));
  const fits = gains.every((gain) => gain >= COARSEST_GAIN);
  const channels = rows.map(({ lead, samples }, index): ChannelToWrite => {
    const gain = fits ? gains[index]! : chooseGain(samples, 24, COARSEST_GAIN);
    return { name: lead, unit: "mV", samples, gain };
  });
  return writeWfdbRecord(
    {
      name,
      samplingRateHz: record.samplingRateHz,
      channels,
      comments: [...patientComments(record), ...identityComments(record.identity)],
      ...baseMoment(record),
    },
    { format: fits ? 16 : 24 },
  ).files;
}

function patientComments({ patient }: EcgRecord): string[] {
  const sex = patient.sex && { female: "F", male: "M" }[patient.sex];
  return [
    ...(patient.ageYears === undefined ? [] : [`<age>: ${patient.ageYears}`]),
    ...(sex === undefined ? [] : [`<sex>: ${sex}`]),
  ];
}

/** Date and time of the first sample: the record's own, later by the samples before its window. */
function baseMoment(record: EcgRecord): { baseDate?: string; baseTime?: string } {
  const stated = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d+)?))?/.exec(record.acquiredAt ?? "");
  if (!stated?.[1]) return {};
  if (stated[2] === undefined) return { baseDate: stated[1] };
  const skipped = (record.provenance.window?.startSample ?? 0) / record.samplingRateHz;
  if (skipped === 0) return { baseDate: stated[1], baseTime: stated[2] };
  const moment = new Date(
    Date.parse(`${stated[1]}T${stated[2]}Z`) + Math.round(skipped * 1000),
  ).toISOString();
  return { baseDate: moment.slice(0, 10), baseTime: moment.slice(11, 23) };
}
