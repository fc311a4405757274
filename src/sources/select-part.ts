// Keeps the leads and samples that a caller asks for, after a whole file was read.
import type { EcgRecord } from "../record/ecg-record.ts";
import { leadSamples, sliceSamples, stackLeads } from "../record/lead-matrix.ts";
import { leadName } from "../record/lead-names.ts";
import { EcgError } from "../shared/errors.ts";
import type { ReadOptions } from "./source.ts";
import { windowOf } from "./wfdb/describe-record.ts";

/**
 * The part of a record that `options` name: leads in the asked order, samples [startSample, endSample).
 *
 * The window is noted in the provenance; the input is not modified.
 * @throws EcgError INVALID_OPTION for a lead that the record does not have or a range outside it.
 */
export function selectPart(record: EcgRecord, options: ReadOptions = {}): EcgRecord {
  return selectSamples(options.leads ? selectLeads(record, options.leads) : record, options);
}

function selectLeads(record: EcgRecord, wanted: readonly string[]): EcgRecord {
  const rows = wanted.map((name) => {
    const exact = record.leads.indexOf(name);
    const row = exact >= 0 ? exact : record.leads.indexOf(leadName(name));
    if (row < 0) {
      throw new EcgError(
        "INVALID_OPTION",
        `${record.provenance.path}: expected a lead ${name}, found ${record.leads.join(", ")}`,
      );
    }
    return row;
  });
  const leftOut = record.leads.filter((_, row) => !rows.includes(row));
  return {
    ...record,
    leads: rows.map((row) => record.leads[row]!),
    signal: stackLeads(rows.map((row) => leadSamples(record.signal, row))),
    provenance: {
      ...record.provenance,
      ...(leftOut.length > 0 && { leftOut: [...(record.provenance.leftOut ?? []), ...leftOut] }),
    },
  };
}

function selectSamples(record: EcgRecord, options: ReadOptions): EcgRecord {
  const { path } = record.provenance;
  const { startFrame, endFrame } = windowOf(options, record.signal.sampleCount, path);
  if (startFrame === 0 && endFrame === record.signal.sampleCount) return record;
  return {
    ...record,
    signal: sliceSamples(record.signal, startFrame, endFrame),
    provenance: { ...record.provenance, window: { startSample: startFrame, endSample: endFrame } },
  };
}
