// PhysioNet/CinC Challenge records as a source: WFDB with labels in the header (2020-2021: SNOMED CT; 2025: Chagas).
import type { RecordIdentity } from "../../record/ecg-record.ts";
import { baseName, directoryOf, type FileStore } from "../../shared/byte-source.ts";
import { listHeaders } from "../list-headers.ts";
import { toPatient } from "../parse-demographics.ts";
import {
  loadPtbxlIdentities,
  type PtbxlIdentities,
  placesOfTables,
  ptbxlIdentity,
} from "../ptbxl/ptbxl-identity-table.ts";
import type { RecordSource } from "../source.ts";
import { labelsOfChagas, labelsOfDx, NO_LABELS, type RecordLabels } from "../source-labels.ts";
import { readWfdbRecord } from "../wfdb/read-wfdb-record.ts";
import { toEcgRecord } from "../wfdb/to-ecg-record.ts";
import { challengeOrigin, ecgIdOfName } from "./challenge-origin.ts";
import { type ChallengeComments, parseChallengeComments } from "./parse-challenge-comments.ts";

export type ChallengeOptions = {
  /** Tables, or folders with tables, that say patient and fold of PTB-XL's ecg_ids. */
  readonly identityTables?: readonly string[];
};

/**
 * Open a folder of Challenge records (deeper folders included), or one record.
 *
 * `HRnnnnn` is PTB-XL's ecg_id nnnnn: patient and fold come from an identity table in `options.identityTables`,
 * the folder itself, or a folder `ptb-xl` or `ptbxl` beside it; without one the patient is unknown. The other data
 * sets of 2020-2021 name no patient. The time in the header is that of conversion, so `acquiredAt` stays empty.
 * Dx codes without a statement stay in `sourceLabels`, see `unknownDxCodes`.
 *
 * @throws EcgError NOT_FOUND without headers; `read` also INVALID_FILE for a malformed Dx.
 */
export async function openChallengeSource(
  store: FileStore,
  path: string,
  options: ChallengeOptions = {},
): Promise<RecordSource> {
  const references = await listHeaders(store, path);
  const folder = (await store.isDirectory(path)) ? path : directoryOf(path);
  let loading: Promise<PtbxlIdentities> | undefined;
  const identities = (): Promise<PtbxlIdentities> => {
    loading ??= loadPtbxlIdentities(store, [...(options.identityTables ?? []), ...placesOfTables(folder)]);
    return loading;
  };
  return {
    format: "challenge",
    path,
    list: async () => references,
    async read(reference, readOptions) {
      const recording = await readWfdbRecord(store, reference.path, readOptions);
      const comments = parseChallengeComments(recording.comments, reference.path);
      const name = baseName(reference.path).replace(/\.hea$/, "");
      const { acquiredAt: _conversion, ...dateless } = recording;
      return toEcgRecord(dateless, {
        id: reference.id,
        format: "challenge",
        path: reference.path,
        patient: toPatient(comments.patientId, comments.ageYears, comments.sex),
        identity: await identityOf(name, comments, identities),
        ...labelsOf(name, comments),
      });
    },
  };
}

function labelsOf(name: string, comments: ChallengeComments): RecordLabels {
  if (comments.chagas !== undefined) return labelsOfChagas(comments.chagas);
  return comments.dx ? labelsOfDx(name, comments.dx) : NO_LABELS;
}

async function identityOf(
  name: string,
  comments: ChallengeComments,
  identities: () => Promise<PtbxlIdentities>,
): Promise<RecordIdentity> {
  const { chagas, examId = name, patientId } = comments;
  if (chagas !== undefined) {
    const recordingId = `code15:${examId}`;
    // Exam and patient ids overlap as numbers, so the patient has a namespace of its own.
    return patientId === undefined
      ? { recordingId, patientId: recordingId, patientKnown: false }
      : { recordingId, patientId: `code15:patient-${patientId}`, patientKnown: true };
  }
  const origin = challengeOrigin(name);
  if (origin === "ptbxl") {
    const ecgId = ecgIdOfName(name);
    return ptbxlIdentity(ecgId, (await identities()).find(ecgId));
  }
  const recordingId = `${origin === "unknown" ? "challenge" : origin}:${name}`;
  return { recordingId, patientId: recordingId, patientKnown: false };
}
