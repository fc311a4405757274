// A folder of small WFDB recordings with beats of different rates, for training tests.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ecgRecordToWfdb } from "../../src/sources/wfdb/ecg-record-to-wfdb.ts";
import { beatingSignal, recordOf } from "../beat/tiny-beat.ts";

/** Write `count` recordings of 10 s at 50 Hz, 12 leads, cycles of 0.6 to 1 s, each with its own noise. */
export async function writeRecordings(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    const signal = beatingSignal(500, { cycle: 30 + ((index * 7) % 21), seed: index });
    const files = ecgRecordToWfdb(
      recordOf(signal, { id: `test:${index}` }),
      `r${String(index).padStart(3, "0")}`,
    );
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  }
}
