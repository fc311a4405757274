// A dataset of made-up twelve-lead recordings of several patients, with pages, whose questions are about signals and images.
import { join } from "node:path";
import { layoutPage } from "../../../src/images/build-page.ts";
import { renderPng } from "../../../src/images/node/render-png.ts";
import type { QaItem } from "../../../src/qa/qa-item.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { type LeadMatrix, stackLeads } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { writeFileAtomic } from "../../../src/shared/write-file-atomic.ts";
import { writeTestDataset } from "../../dataset/write-test-dataset.ts";
import { benchRecord, choiceItem, type ItemDetails } from "../bench-items.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** 10 s of beats a second apart; the height of R is the recording's number in tenths of a mV. */
export function beats(number: number): LeadMatrix {
  const lead = (scale: number): Float32Array =>
    Float32Array.from({ length: 2500 }, (_, t) => {
      const near = (t % 250) - 125;
      return (scale * number * Math.exp(-(near * near) / 18)) / 10;
    });
  return stackLeads(STANDARD_LEADS.map((_, index) => lead(1 - index / 40)));
}

export function twelveLeads(number: number, details: Partial<EcgRecord> = {}): EcgRecord {
  return { ...benchRecord(`r${number}`, beats(number), details), leads: STANDARD_LEADS };
}

/** A closed item about the page of a recording. */
export function imageItem(id: string, right: number, details: ItemDetails = {}): QaItem {
  const item = choiceItem(id, right, { subset: "I", ...details });
  return { ...item, records: item.records.map((entry) => ({ ...entry, modality: "image" as const })) };
}

/** Write it with the pages that items show (3x4, 100 dpi) and return its folder. */
export async function writeTwelveLeads(
  records: readonly EcgRecord[],
  test: readonly QaItem[],
): Promise<string> {
  const folder = join(temporaryFolder(), "data");
  const stored = await writeTestDataset(
    folder,
    records.map((record) => ({ record, split: "test" as const })),
    { train: [], val: [], test },
  );
  const rows: string[] = [];
  const pictured = new Set(
    test.flatMap((item) =>
      item.records.flatMap((entry) => (entry.modality === "image" ? [entry.recordId] : [])),
    ),
  );
  for (const [index, row] of stored.entries()) {
    if (!pictured.has(row.identity.recordingId)) {
      rows.push(JSON.stringify(row));
      continue;
    }
    const path = `images/page-${index}.png`;
    await writeFileAtomic(
      join(folder, path),
      await renderPng(layoutPage(records[index]!, { layout: "3x4" }), { dpi: 100 }),
    );
    const image = {
      path,
      layout: "3x4",
      dpi: 100,
      paperSpeedMmPerSecond: 25,
      gainMmPerMv: 10,
      sha256: "00",
    };
    rows.push(JSON.stringify({ ...row, files: { ...row.files, images: [image] } }));
  }
  await writeFileAtomic(join(folder, "records.jsonl"), `${rows.join("\n")}\n`);
  return folder;
}
