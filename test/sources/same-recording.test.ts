// One recording through several doors: PTB-XL's own files, the Challenge's HR copies, z-scored files, ECG-QA.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { relatedStatements, withAncestors } from "../../src/labels/find-statement.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { type StatementKey, statementKey } from "../../src/record/statement.ts";
import { readText } from "../../src/shared/byte-source.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { parseCsvTable } from "../../src/sources/csv/parse-csv.ts";
import { readEcgQa } from "../../src/sources/ecg-qa/read-ecg-qa.ts";
import { openSource } from "../../src/sources/open-source.ts";
import { loadPtbxlIdentities } from "../../src/sources/ptbxl/ptbxl-identity-table.ts";
import { labelsOfSubclassRow } from "../../src/sources/source-labels.ts";

const DATA = "../shared/data";

const withParents = (statements: EcgRecord["statements"]): Set<StatementKey> =>
  new Set(statements.flatMap(({ code }) => [...withAncestors(statementKey(code))]));

/** Statements that one record says are absent and the other says are there. */
function contradictions(record: EcgRecord, truth: ReadonlySet<StatementKey>): StatementKey[] {
  const stated = withParents(record.statements);
  return record.labelScope.filter(
    (key) =>
      truth.has(key) && !stated.has(key) && ![...stated].some((other) => relatedStatements(other).has(key)),
  );
}

describe.skipIf(!existsSync(DATA))("a PTB-XL recording in the Challenge", () => {
  it("is the same person, the same samples, and denies nothing that PTB-XL states", async () => {
    const ptbxl = await openSource(diskFileStore, `${DATA}/ptb-xl`);
    const rows = new Map((await ptbxl.list()).map((reference) => [`ptbxl:${reference.id}`, reference]));
    const table = parseCsvTable(await readText(diskFileStore, `${DATA}/ptb-xl/labels_all_dev.csv`));
    const labels = new Map(
      table.rows.map(({ values }) => [`ptbxl:${values["ecg_id"]}`, labelsOfSubclassRow(values)]),
    );
    const challenge = await openSource(diskFileStore, `${DATA}/challenge-2021`);
    const counts = { samples: 0, statements: 0, labels: 0 };
    for (const reference of (await challenge.list()).filter(({ id }) => id.startsWith("HR"))) {
      const copy = await challenge.read(reference);
      const derived = labels.get(copy.identity.recordingId);
      if (derived) {
        counts.labels++;
        expect(contradictions(copy, withParents(derived.statements)), reference.id).toEqual([]);
      }
      const row = rows.get(copy.identity.recordingId);
      if (!row) continue;
      const original = await ptbxl.read(row);
      expect(copy.identity).toEqual(original.identity);
      expect(contradictions(copy, withParents(original.statements)), reference.id).toEqual([]);
      counts.statements++;
      if (original.samplingRateHz !== copy.samplingRateHz) continue;
      counts.samples++;
      expect(copy.signal.data).toBeAllClose(original.signal.data, { atol: 1e-7 });
    }
    expect(counts).toEqual({ samples: 6, statements: 7, labels: 29 });
  });
});

describe.skipIf(!existsSync(DATA))("ECG-QA's recordings", () => {
  it("are known by patient and fold, the test fold inside its own train split included", async () => {
    const identities = await loadPtbxlIdentities(diskFileStore, [
      `${DATA}/ptb-xl`,
      `${DATA}/ptb-xl-zscore100`,
    ]);
    let unknown = 0;
    let trainInFold10 = 0;
    const ids = new Set<number>();
    for await (const entry of readEcgQa(diskFileStore, `${DATA}/ecg-qa`)) {
      for (const ecgId of entry.ecgIds) {
        if (ids.has(ecgId)) continue;
        ids.add(ecgId);
        const known = identities.find(ecgId);
        if (!known) unknown++;
        else if (known.fold === 10 && entry.split === "train") trainInFold10++;
      }
    }
    expect(ids.size).toBeGreaterThan(1000);
    expect(unknown / ids.size).toBeLessThan(0.01);
    expect(trainInFold10).toBeGreaterThan(0);
  });
});
