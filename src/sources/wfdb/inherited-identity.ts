// How a WFDB file that the suite wrote says whose recording it is: comments of the header (design 4.1, "Identity").
import type { RecordIdentity } from "../../record/ecg-record.ts";

const KEYS = {
  recording: "heartcare recording",
  patient: "heartcare patient",
  fold: "heartcare fold",
} as const;

/** Header comments that carry an identity. */
export function identityComments(identity: RecordIdentity): string[] {
  return [
    `${KEYS.recording}: ${identity.recordingId}`,
    ...(identity.patientKnown ? [`${KEYS.patient}: ${identity.patientId}`] : []),
    ...(identity.fold === undefined ? [] : [`${KEYS.fold}: ${identity.fold}`]),
  ];
}

/** The identity that comments carry: a file derived from a recording is that recording. Undefined without one. */
export function inheritedIdentity(comments: readonly string[]): RecordIdentity | undefined {
  const valueFor = (key: string): string | undefined =>
    comments.find((comment) => comment.startsWith(`${key}: `))?.slice(key.length + 2);
  const recordingId = valueFor(KEYS.recording);
  if (recordingId === undefined) return undefined;
  const patientId = valueFor(KEYS.patient);
  const fold = Number(valueFor(KEYS.fold));
  return {
    recordingId,
    patientId: patientId ?? recordingId,
    patientKnown: patientId !== undefined,
    ...(fold >= 1 && fold <= 10 && { fold }),
  };
}
