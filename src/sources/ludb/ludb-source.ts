// LUDB as a source: data/*.hea with ludb.csv, or the headers' own comments (Kalyakulina et al., IEEE Access 2020).
import { ludbLines } from "../../labels/statements-from-ludb.ts";
import type { Patient } from "../../record/ecg-record.ts";
import { baseName, directoryOf, type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { parseCsvTable } from "../csv/parse-csv.ts";
import { findTable } from "../find-table.ts";
import { listHeaders } from "../list-headers.ts";
import { parseAgeYears, parseSex, toPatient } from "../parse-demographics.ts";
import type { RecordSource } from "../source.ts";
import { labelsOfLudb } from "../source-labels.ts";
import { readWfdbRecord } from "../wfdb/read-wfdb-record.ts";
import { toEcgRecord } from "../wfdb/to-ecg-record.ts";

/** Columns by which the table is known. */
export const LUDB_COLUMNS = ["ID", "Sex", "Age", "Rhythms", "Electric axis of the heart"] as const;

type LudbRow = { readonly patient: Patient; readonly lines: readonly string[] };

/**
 * Open LUDB (or a part), its `data` folder, or one record.
 *
 * Patient and findings come from ludb.csv in the folder or the one above it; a record that it does not have, or a
 * folder without it, is read from the header's comments. LUDB has one record a subject, so the patient is known
 * by the record. References are in the order of their numbers.
 * @throws EcgError NOT_FOUND without headers, INVALID_FILE when the table is broken.
 */
export async function openLudbSource(store: FileStore, path: string): Promise<RecordSource> {
  const references = [...(await listHeaders(store, path))].sort((a, b) => Number(a.id) - Number(b.id));
  const rows = await loadRows(store, path);
  return {
    format: "ludb",
    path,
    list: async () => references,
    async read(reference, readOptions) {
      const recording = await readWfdbRecord(store, reference.path, readOptions);
      const number = baseName(reference.path).replace(/\.hea$/, "");
      const { patient, lines } = rows.get(number) ?? rowOfComments(number, recording.comments);
      const recordingId = `ludb:${number}`;
      return toEcgRecord(recording, {
        id: reference.id,
        format: "ludb",
        path: reference.path,
        patient,
        identity: { recordingId, patientId: recordingId, patientKnown: true },
        ...labelsOfLudb(lines),
      });
    },
  };
}

/** True when comments are those of a LUDB header. */
export function isLudbComments(comments: readonly string[]): boolean {
  return comments.some((comment) => /^<diagnoses>:/.test(comment));
}

async function loadRows(store: FileStore, path: string): Promise<ReadonlyMap<string, LudbRow>> {
  const folder = (await store.isDirectory(path)) ? path.replace(/\/+$/, "") : directoryOf(path);
  const above =
    directoryOf(folder) || (folder === "" || folder.startsWith(".") ? joinPath(folder, "..") : ".");
  for (const place of [folder || ".", above]) {
    if (!(await store.isDirectory(place))) continue;
    const tablePath = await findTable(store, place, LUDB_COLUMNS, "ludb.csv");
    if (tablePath === undefined) continue;
    const { rows } = parseCsvTable(await readText(store, tablePath), {
      where: tablePath,
      required: LUDB_COLUMNS,
    });
    return new Map(
      rows.map(({ values }): [string, LudbRow] => {
        const id = (values["ID"] ?? "").trim();
        return [id, { patient: patientOf(id, values["Age"], values["Sex"]), lines: ludbLines(values) }];
      }),
    );
  }
  return new Map();
}

function rowOfComments(id: string, comments: readonly string[]): LudbRow {
  const field = (name: string): string | undefined =>
    comments.find((comment) => comment.startsWith(`<${name}>:`))?.slice(name.length + 3);
  return {
    patient: patientOf(id, field("age"), field("sex")),
    lines: comments
      .filter((comment) => comment !== "" && !comment.startsWith("<"))
      .map((comment) => comment.replace(/\.\s*$/, "")),
  };
}

function patientOf(id: string, age: string | undefined, sex: string | undefined): Patient {
  return toPatient(id, parseAgeYears(age ?? ""), parseSex(sex ?? ""));
}
