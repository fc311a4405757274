// writeRecord: a recording as WFDB, CSV or .npy files in a folder.
import { join } from "node:path";
import { amplitudeUnitOf } from "../images/default-gain.ts";
import type { EcgRecord } from "../record/ecg-record.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { writeNpy } from "../shared/npy.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { ecgRecordToWfdb } from "../sources/wfdb/ecg-record-to-wfdb.ts";

export const RECORD_FORMATS = ["wfdb", "csv", "npy"] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/** @throws EcgError USAGE for a format that is not written. */
export function requireFormat(name: string): RecordFormat {
  const found = RECORD_FORMATS.find((candidate) => candidate === name);
  if (!found) throw new EcgError("USAGE", `--to: expected ${RECORD_FORMATS.join(", ")}, got ${name}`);
  return found;
}

/** -> the paths of the files written, named after the record. */
export async function writeRecord(
  record: EcgRecord,
  format: RecordFormat,
  folder: string,
): Promise<string[]> {
  const name = record.id.replace(/[^A-Za-z0-9_-]+/g, "-");
  const files = filesOf(record, name, format);
  for (const [file, content] of Object.entries(files)) await writeFileAtomic(join(folder, file), content);
  return Object.keys(files).map((file) => join(folder, file));
}

function filesOf(record: EcgRecord, name: string, target: RecordFormat): Record<string, Uint8Array | string> {
  const { signal } = record;
  switch (target) {
    case "wfdb":
      return ecgRecordToWfdb(record, name);
    case "csv":
      return { [`${name}.csv`]: toCsv(record) };
    case "npy":
      return {
        [`${name}.npy`]: writeNpy(signal.data, [signal.leadCount, signal.sampleCount]),
        [`${name}.json`]: `${JSON.stringify({ samplingRateHz: record.samplingRateHz, leads: record.leads, unit: amplitudeUnitOf(record) })}\n`,
      };
  }
}

/** Time in seconds and one column a lead in mV, or in standard deviations (SD); a missing sample is an empty cell. */
function toCsv(record: EcgRecord): string {
  const { signal, samplingRateHz } = record;
  const leads = record.leads.map((_, index) => leadSamples(signal, index));
  const lines = [
    ["time (s)", ...record.leads.map((lead) => `${lead} (${amplitudeUnitOf(record)})`)].join(","),
  ];
  for (let t = 0; t < signal.sampleCount; t++) {
    const cells = leads.map((samples) => {
      const value = samples[t] ?? Number.NaN;
      return Number.isNaN(value) ? "" : String(Number(value.toPrecision(7)));
    });
    lines.push([String(Number((t / samplingRateHz).toFixed(6))), ...cells].join(","));
  }
  return `${lines.join("\n")}\n`;
}
