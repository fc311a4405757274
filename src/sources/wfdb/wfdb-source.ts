// WFDB records without other known labels, as a source: one header or a folder of headers.
import type { Patient, RecordIdentity } from "../../record/ecg-record.ts";
import { baseName, directoryOf, type FileStore } from "../../shared/byte-source.ts";
import { ptbxlIdentity } from "../ptbxl/ptbxl-identity-table.ts";
import type { RecordSource } from "../source.ts";
import { inheritedIdentity } from "./inherited-identity.ts";
import { listRecords } from "./list-records.ts";
import { parsePatientComments } from "./parse-patient-comments.ts";
import { readWfdbRecord } from "./read-wfdb-record.ts";
import { toEcgRecord } from "./to-ecg-record.ts";

/** Names under which PTB-XL's recordings circulate: `00001_hr`, `00001_lr`, and `HR00001` in the Challenges. */
const PTBXL_NAME = /^(?:(\d{5})_[hl]r|HR(\d{5}))$/;

/**
 * Open one record, a RECORDS file or a folder (deeper folders included), see {@link listRecords}.
 *
 * Records have no statements and an empty label scope: nothing is known of what their annotators looked for. Age,
 * sex and subject id come from the header's comments. The recording is `wfdb:<folder>/<name>`; files with PTB-XL's
 * names are PTB-XL's recordings, and files that the suite wrote are the recordings they were made from.
 * @throws EcgError NOT_FOUND when there is no header; `read` as `readWfdbRecord` and `toEcgRecord` do.
 */
export async function openWfdbSource(store: FileStore, path: string): Promise<RecordSource> {
  const references = await listRecords(store, path);
  return {
    format: "wfdb",
    path,
    list: async () => references,
    async read(reference, options) {
      const recording = await readWfdbRecord(store, reference.path, options);
      const patient = parsePatientComments(recording.comments);
      const identity = inheritedIdentity(recording.comments) ?? identityOf(reference.path, patient);
      return toEcgRecord(recording, { id: reference.id, path: reference.path, patient, identity });
    },
  };
}

function identityOf(path: string, patient: Patient): RecordIdentity {
  const name = baseName(path).replace(/\.hea$/, "");
  const ptbxl = PTBXL_NAME.exec(name);
  if (ptbxl) return ptbxlIdentity(Number(ptbxl[1] ?? ptbxl[2]), undefined);
  const folder = baseName(directoryOf(path));
  const recordingId = folder === "" || /^\.+$/.test(folder) ? `wfdb:${name}` : `wfdb:${folder}/${name}`;
  return patient.id === undefined
    ? { recordingId, patientId: recordingId, patientKnown: false }
    : { recordingId, patientId: `wfdb:subject-${patient.id}`, patientKnown: true };
}
