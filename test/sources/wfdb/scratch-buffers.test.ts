import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { readWfdbRecord } from "../../../src/sources/wfdb/read-wfdb-record.ts";
import { returnScratch, takeScratch } from "../../../src/sources/wfdb/scratch-buffers.ts";
import type { WfdbRecord } from "../../../src/sources/wfdb/wfdb-record.ts";
import { buildSignalBytes } from "./build-wfdb-bytes.ts";

const MEBIBYTE = 1024 * 1024;

describe("scratch buffers", () => {
  it("are large enough, each with one user, and used again once given back", () => {
    const first = takeScratch(100_000);
    const second = takeScratch(100_000);
    expect(first.length).toBeGreaterThanOrEqual(100_000);
    expect(second.buffer === first.buffer).toBe(false);
    returnScratch(first);
    const [third, fourth] = [takeScratch(first.length), takeScratch(first.length)];
    expect([third === first, fourth === first, fourth === second]).toEqual([true, false, false]);
  });

  it("at rest take 8 MiB at most: the oldest go", () => {
    const buffers = Array.from({ length: 5 }, () => takeScratch(2 * MEBIBYTE));
    for (const buffer of buffers) returnScratch(buffer);
    const again = Array.from({ length: 5 }, () => takeScratch(2 * MEBIBYTE));
    expect(buffers.map((buffer) => again.includes(buffer))).toEqual([false, true, true, true, true]);
  });
});

/** A record of one file and its header line by line: `signals` signals of `frames` random samples. */
function buildRecord(name: string, format: number, signals: number, frames: number) {
  const rng = createRng(name);
  const half = format === 212 ? 2048 : format === 310 || format === 311 ? 512 : 32_768;
  const samples = Array.from({ length: signals * frames }, () => rng.integer(2 * half) - half);
  const header = [
    `${name} ${signals} 500 ${frames}`,
    ...Array.from({ length: signals }, (_, i) => `${name}.dat ${format} 200 16 0 0 0 0 s${i}`),
  ].join("\n");
  return {
    [`${name}.hea`]: new TextEncoder().encode(header),
    [`${name}.dat`]: buildSignalBytes(format, samples),
  };
}

describe("reading from a disk by way of scratch buffers", () => {
  // Large and small in turns, with last groups that are cut: what an earlier file left in a buffer must not show.
  const files = {
    ...buildRecord("a", 16, 12, 9000),
    ...buildRecord("b", 212, 1, 4999),
    ...buildRecord("c", 212, 2, 20_001),
    ...buildRecord("d", 311, 1, 5002),
    ...buildRecord("e", 16, 3, 5001),
    ...buildRecord("f", 310, 3, 1667),
  };
  const names = ["a", "b", "c", "d", "e", "f"];
  const inMemory = createMemoryFileStore(files);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scratch-"));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const expectSame = (found: WfdbRecord, expected: WfdbRecord): void => {
    expect(found.sha256).toBe(expected.sha256);
    expect(found.channels).toHaveLength(expected.channels.length);
    for (const [c, { samples }] of expected.channels.entries()) {
      expect(found.channels[c]!.samples).toBeAllClose(samples); // no tolerance
    }
  };

  it("gives what reading from memory gives, many records and ranges at the same time", async () => {
    const reads = Array.from({ length: 60 }, (_, i) => ({
      name: names[i % names.length]!,
      options: i % 4 === 0 ? {} : { startSample: 7 * i, endSample: 1600 - i },
    }));
    const found = await Promise.all(
      reads.map(({ name, options }) => readWfdbRecord(diskFileStore, join(folder, name), options)),
    );
    for (const [i, { name, options }] of reads.entries()) {
      expectSame(found[i]!, await readWfdbRecord(inMemory, name, options));
    }
  });

  it("leaves the samples of an earlier record alone", async () => {
    const first = await readWfdbRecord(diskFileStore, join(folder, "a"));
    for (const name of names) await readWfdbRecord(diskFileStore, join(folder, name));
    expectSame(first, await readWfdbRecord(inMemory, "a"));
  });

  it("a source reads into memory of the caller, as far as the file goes", async () => {
    const bytes = files["b.dat"]!;
    const source = await diskFileStore.open(join(folder, "b.dat"));
    const target = new Uint8Array(10).fill(255);
    expect(await source.readInto?.(target, bytes.length - 4)).toBe(4);
    expect([...target]).toEqual([...bytes.slice(-4), 255, 255, 255, 255, 255, 255]);
  });
});
