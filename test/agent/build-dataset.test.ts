import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuildOptions, buildDataset } from "../../src/agent/build-dataset.ts";
import { uniteRecordings } from "../../src/agent/unite-recordings.ts";
import type { DatasetRecord } from "../../src/dataset/dataset-record.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { ecgRecordToWfdb } from "../../src/sources/wfdb/ecg-record-to-wfdb.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "heartcare-agent-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const SOURCE = "synthetic:14:3";

function options(out: string, changes: Partial<BuildOptions> = {}): BuildOptions {
  return { out: join(root, out), seed: 7, workers: 2, dpi: 50, ...changes };
}

/** A hash of every file that a user keeps (work/ is what a resume needs). */
async function hashFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("work"))
    .sort();
  for (const name of names) hash.update(`${name}\n`).update(await readFile(join(folder, name)));
  return hash.digest("hex");
}

describe("building a dataset", () => {
  it("gives the same bytes with one worker and with two, and after a stop in the middle", async () => {
    const built = await buildDataset([SOURCE], options("one", { workers: 1 }));
    expect(built.manifest.records.total).toBe(14);
    expect(built.manifest.distinctFactsPerRecord).toBeGreaterThan(8);
    expect(built.audit?.leaks).toEqual([]);
    const wanted = await hashFolder(join(root, "one"));

    await buildDataset([SOURCE], options("two"));
    expect(await hashFolder(join(root, "two"))).toBe(wanted);

    const stop = new AbortController();
    const stopped = buildDataset([SOURCE], {
      ...options("three"),
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 5) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    expect(await readdir(join(root, "three"))).not.toContain("manifest.json");
    await expect(buildDataset([SOURCE], options("three"))).rejects.toThrow("found an unfinished build");
    await expect(buildDataset(["synthetic:9:3"], options("three", { resume: true }))).rejects.toThrow(
      "expected the sources and options of the unfinished build, got others",
    );
    await buildDataset([SOURCE], options("three", { resume: true }));
    expect(await hashFolder(join(root, "three"))).toBe(wanted);
  });

  it("skips a broken recording with its reason and keeps the others", async () => {
    const folder = join(root, "source");
    await mkdir(folder);
    for (const seed of [1, 2, 3]) {
      const record = synthesizeEcg({ seed, samplingRateHz: 250, durationSeconds: 6 });
      for (const [name, bytes] of Object.entries(ecgRecordToWfdb(record, `r${seed}`))) {
        const broken = name === "r2.dat" ? bytes.subarray(0, 1000) : bytes;
        await writeFile(join(folder, name), broken);
      }
    }
    const built = await buildDataset([folder], options("broken", { images: false }));
    expect(built.manifest.records).toMatchObject({ total: 2, skipped: 1 });
    expect(built.skipped).toHaveLength(1);
    expect(built.skipped[0]).toMatchObject({ id: "r2", code: "INVALID_FILE" });
    expect(built.skipped[0]?.reason).toMatch(/r2\.dat: expected 36000 bytes .* found 1000/);
  });

  it("does not touch a folder that holds something else", async () => {
    const out = join(root, "foreign");
    await mkdir(out);
    await writeFile(join(out, "thesis.doc"), "mine");
    await expect(buildDataset([SOURCE], options("foreign"))).rejects.toThrow("found thesis.doc in it");
    expect(await readdir(out)).toEqual(["thesis.doc"]);
  });
});

describe("uniting files of one recording", () => {
  it("keeps the first file and the better identity", () => {
    const entry = (path: string, patientKnown: boolean): DatasetRecord =>
      ({
        identity: {
          recordingId: "ptbxl:7",
          patientId: patientKnown ? "ptbxl:5" : "ptbxl:ecg-7",
          patientKnown,
        },
        split: patientKnown ? "test" : "train",
        original: { path },
      }) as unknown as DatasetRecord;
    const { records, same } = uniteRecordings([entry("HR00007.hea", false), entry("00007_hr.hea", true)]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      split: "test",
      original: { path: "HR00007.hea" },
      identity: { patientId: "ptbxl:5" },
    });
    expect(same).toEqual([{ recordingId: "ptbxl:7", kept: "HR00007.hea", left: "00007_hr.hea" }]);
  });
});
