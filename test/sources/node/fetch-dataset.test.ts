// Fetching from a local server that breaks off, lies and fails: what is there at the end is whole and checked.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countThere, fetchDataset, planFetch } from "../../../src/sources/node/fetch-dataset.ts";
import { checksumListOf, type FileServer, sha256Of, startFileServer } from "./file-server.ts";

const bytesOf = (count: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, index) => (index * 31 + seed * 7 + (index >> 8)) % 256);
const FILES = {
  "LICENSE.txt": new TextEncoder().encode("Attribution\n"),
  "records/a b#1.dat": bytesOf(200_000, 1),
  "records/2.dat": bytesOf(1000, 2),
  empty: new Uint8Array(0),
};
const BIG = "records/a b#1.dat";
const BIG_SHA256 = sha256Of(FILES[BIG]);
const TOTAL = Object.values(FILES).reduce((sum, bytes) => sum + bytes.length, 0);
const OPTIONS = { retryDelayMs: 1, parallel: 2 };

let server: FileServer;
let out = "";

beforeEach(async () => {
  server = await startFileServer({ ...FILES, "SHA256SUMS.txt": checksumListOf(FILES) });
  out = mkdtempSync(join(tmpdir(), "heartcare-fetch-"));
});
afterEach(async () => {
  await server.close();
  rmSync(out, { recursive: true, force: true });
});

/** SHA-256 of what is there: long arrays are slow to compare. */
const there = (name: string): string => sha256Of(readFileSync(join(out, name)));
const sizeThere = (name: string): number => readFileSync(join(out, name)).length;
/** Whether the first so many bytes of BIG are on disk. */
const arrived = (sizeBytes: number): boolean =>
  existsSync(join(out, `${BIG}.partial`)) && sizeThere(`${BIG}.partial`) >= sizeBytes;
const put = (name: string, bytes: Uint8Array): void => {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), bytes);
};
const askedFor = (name: string): (string | undefined)[] =>
  server.asked.filter(({ path }) => path === name).map(({ range }) => range);
const fetchAll = async (only?: string[]) => fetchDataset(await planFetch(server.url, only), out, OPTIONS);

describe("fetchDataset", () => {
  it("brings every file as listed, and asks for nothing but the list when all is there", async () => {
    const told: (readonly number[])[] = [];
    const plan = await planFetch(server.url.slice(0, -1));
    expect(plan.files.map(({ name }) => name)).toEqual(Object.keys(FILES));
    expect(countThere(plan, out)).toBe(0);
    const summary = await fetchDataset(plan, out, { ...OPTIONS, onProgress: (...now) => told.push(now) });
    expect(summary).toEqual({ files: 4, fetched: 4, kept: 0, bytes: TOTAL });
    expect(told.at(-1)).toEqual([4, 4, TOTAL]);
    for (const [name, bytes] of Object.entries(FILES)) expect(there(name)).toBe(sha256Of(bytes));
    expect(there("SHA256SUMS.txt")).toBe(sha256Of(checksumListOf(FILES)));
    expect(
      server.asked.filter(({ path }) => path !== "SHA256SUMS.txt").map(({ encoding }) => encoding),
    ).toEqual(new Array(4).fill("identity"));
    server.asked.length = 0;
    expect(await fetchAll()).toEqual({ files: 4, fetched: 0, kept: 4, bytes: 0 });
    expect(server.asked.map(({ path }) => path)).toEqual(["SHA256SUMS.txt"]);
    expect(countThere(plan, out)).toBe(4);
  });

  it("fetches the named parts only", async () => {
    expect(await fetchAll(["records/2.dat", "LICENSE.txt"])).toMatchObject({ files: 2, bytes: 1012 });
    expect(existsSync(join(out, BIG))).toBe(false);
    await expect(fetchAll(["nothing"])).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  it("goes on by a range after the connection broke", async () => {
    server.breakOff.set(BIG, { afterBytes: 70_000, times: 2, arrived });
    expect(await fetchAll([BIG])).toEqual({ files: 1, fetched: 1, kept: 0, bytes: 200_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
    expect(askedFor(BIG)).toEqual([undefined, "bytes=70000-", "bytes=140000-"]);
    expect(server.asked.slice(1).map(({ encoding }) => encoding)).toEqual([
      "identity",
      "identity",
      "identity",
    ]);
    expect(existsSync(join(out, `${BIG}.partial`))).toBe(false);
  });

  it("goes on with what an earlier call left, and keeps it when it must give up", async () => {
    server.fail.set(BIG, { status: 503, times: 100 });
    put(`${BIG}.partial`, FILES[BIG].subarray(0, 5000));
    await expect(fetchAll([BIG])).rejects.toMatchObject({
      code: "REMOTE_FAILED",
      message: `${server.url}records/a%20b%231.dat: expected the file, got HTTP status 503`,
      hint: expect.stringContaining("it goes on where it stopped"),
    });
    expect(askedFor(BIG)).toEqual(new Array(4).fill("bytes=5000-"));
    expect(sizeThere(`${BIG}.partial`)).toBe(5000);
    expect(existsSync(join(out, "SHA256SUMS.txt"))).toBe(false);
    server.fail.clear();
    expect(await fetchAll([BIG])).toMatchObject({ fetched: 1, bytes: 195_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
  });

  it("starts anew where the server knows no ranges", async () => {
    server.ignoreRanges = true;
    put(`${BIG}.partial`, FILES[BIG].subarray(0, 5000));
    expect(await fetchAll([BIG])).toMatchObject({ bytes: 200_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
  });

  it("starts anew where what was left is the beginning of another file", async () => {
    put(`${BIG}.partial`, bytesOf(5000, 9));
    expect(await fetchAll([BIG])).toMatchObject({ fetched: 1, bytes: 195_000 + 200_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
  });

  it("starts anew where what was left is longer than the file", async () => {
    put(`${BIG}.partial`, bytesOf(300_000, 9));
    expect(await fetchAll([BIG])).toMatchObject({ fetched: 1, bytes: 200_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
  });

  it("takes a whole partial file without asking, and replaces a file of other content", async () => {
    put(`${BIG}.partial`, FILES[BIG]);
    put("LICENSE.txt", bytesOf(10, 3));
    expect(await fetchAll([BIG, "LICENSE.txt"])).toMatchObject({ fetched: 2, bytes: 12 });
    expect(askedFor(BIG)).toEqual([]);
    expect(there("LICENSE.txt")).toBe(sha256Of(FILES["LICENSE.txt"]));
  });

  it("refuses content that is not the listed one, and leaves no file of it", async () => {
    const other = bytesOf(1000, 5);
    server.files.set("records/2.dat", other);
    await expect(fetchAll(["records/2.dat"])).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      message: `${server.url}records/2.dat: expected SHA-256 ${sha256Of(FILES["records/2.dat"])}, got ${sha256Of(other)}`,
    });
    expect(existsSync(join(out, "records/2.dat"))).toBe(false);
    expect(existsSync(join(out, "records/2.dat.partial"))).toBe(false);
  });

  it("gives a file up at once that is not there, and a list", async () => {
    server.files.delete("records/2.dat");
    await expect(fetchAll(["records/2.dat"])).rejects.toMatchObject({
      code: "REMOTE_FAILED",
      message: `${server.url}records/2.dat: expected the file, got HTTP status 404`,
      hint: expect.stringContaining("--from"),
    });
    expect(askedFor("records/2.dat")).toHaveLength(1);
    await expect(planFetch(`${server.url}elsewhere/`)).rejects.toThrowError(
      `${server.url}elsewhere/SHA256SUMS.txt: expected the list of files, got HTTP status 404`,
    );
  });

  it("says in one sentence that nothing answers", async () => {
    const { url } = server;
    const plan = await planFetch(url);
    await server.close();
    await expect(planFetch(url)).rejects.toMatchObject({
      code: "REMOTE_FAILED",
      message: expect.stringMatching(/SHA256SUMS\.txt: expected the list of files, got .*ECONNREFUSED/),
    });
    await expect(fetchDataset(plan, out, OPTIONS)).rejects.toMatchObject({
      code: "REMOTE_FAILED",
      message: expect.stringMatching(/: expected the file, got .*ECONNREFUSED/),
    });
  });

  it("stops when it is told to, and goes on later", async () => {
    const stop = new AbortController();
    server.breakOff.set(BIG, { afterBytes: 70_000, times: 1, arrived });
    const plan = await planFetch(server.url, [BIG]);
    const onProgress = (_: number, __: number, bytes: number): void => {
      if (bytes === 70_000) stop.abort();
    };
    await expect(
      fetchDataset(plan, out, { ...OPTIONS, signal: stop.signal, onProgress }),
    ).rejects.toMatchObject({ code: "ABORTED", hint: expect.stringContaining("goes on where it stopped") });
    expect(sizeThere(`${BIG}.partial`)).toBe(70_000);
    expect(await fetchAll([BIG])).toMatchObject({ fetched: 1, bytes: 130_000 });
    expect(there(BIG)).toBe(BIG_SHA256);
  });
});
