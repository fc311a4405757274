import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";

describe("diskFileStore", () => {
  let folder: string;
  const small = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const large = new Uint8Array(5 * 1024 * 1024).map((_, i) => (i * 7) % 253); // above what is read at once
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "disk-store-"));
    await writeFile(join(folder, "small"), small);
    await writeFile(join(folder, "large"), large);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("reads whole files and ranges, small ones and large", async () => {
    for (const [name, bytes] of [
      ["small", small],
      ["large", large],
    ] as const) {
      const source = await diskFileStore.open(join(folder, name));
      expect(source.size).toBe(bytes.length);
      expect(Buffer.compare(await source.read(0, source.size), bytes)).toBe(0);
      expect(await source.read(3, 9)).toEqual(bytes.slice(3, 9));
      expect(await source.read(bytes.length - 2, bytes.length + 100)).toEqual(bytes.slice(-2));
      expect(await source.read(bytes.length + 1, bytes.length + 2)).toHaveLength(0);
    }
  });

  it("tells files, folders and nothing apart", async () => {
    expect(await diskFileStore.list(folder)).toEqual(["large", "small"]);
    expect(await diskFileStore.exists(join(folder, "small"))).toBe(true);
    expect(await diskFileStore.exists(join(folder, "none"))).toBe(false);
    expect(await diskFileStore.exists(join(folder, "small", "inside"))).toBe(false);
    expect(await diskFileStore.isDirectory(folder)).toBe(true);
    expect(await diskFileStore.isDirectory(join(folder, "small"))).toBe(false);
    for (const [path, found] of [
      [join(folder, "none"), "nothing"],
      [folder, "a folder"],
    ] as const) {
      await expect(diskFileStore.open(path)).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: `${path}: expected a file, found ${found}`,
      });
    }
    await expect(diskFileStore.list(join(folder, "none"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("reads what is left of a file that shrank after it was opened", async () => {
    const path = join(folder, "shrinks");
    await writeFile(path, small);
    const source = await diskFileStore.open(path);
    await writeFile(path, small.subarray(0, 10));
    expect(await source.read(5, 20)).toEqual(small.slice(5, 10));
  });
});
