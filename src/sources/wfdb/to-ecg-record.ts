// Turns a WFDB record into the suite's noun: voltage channels in mV, canonical names and order.
import type { EcgRecord, Patient, RecordIdentity } from "../../record/ecg-record.ts";
import type { SourceLabel, Statement, StatementKey } from "../../record/statement.ts";
import { EcgError } from "../../shared/errors.ts";
import type { WfdbRecord } from "./wfdb-record.ts";

/** What the caller knows of a recording beyond its WFDB files. */
export type EcgRecordInfo = {
  readonly id: string;
  /** Reader's name for the provenance; `wfdb` by default. */
  readonly format?: string;
  readonly path: string;
  readonly patient?: Patient;
  readonly acquiredAt?: string;
  readonly statements?: readonly Statement[];
  readonly sourceLabels?: readonly SourceLabel[];
  readonly labelScope?: readonly StatementKey[];
  readonly reportText?: string;
  readonly identity: RecordIdentity;
};

/** The voltage channels of a WFDB record as an {@link EcgRecord}. */
export function toEcgRecord(_wfdb: WfdbRecord, info: EcgRecordInfo): EcgRecord {
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${info.path}: expected the converter to be finished, found its signature`,
  );
}
