// heartcare data fetch as the real program runs it, from a local server.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWfdbFiles, FILE_LEADS, lineWithGap } from "../sources/build-wfdb-files.ts";
import { checksumListOf, type FileServer, startFileServer } from "../sources/node/file-server.ts";
import { type CommandResult, spawnCommands } from "./spawn-heartcare.ts";

const COMMANDS = {
  list: "data fetch",
  plan: "data fetch ludb --from URL --dry-run",
  planJson: "data fetch ludb --from URL --dry-run --only data --json",
  fetch: "data fetch ludb --from URL --out got",
  again: "data fetch ludb --from URL --out got --json",
  inspect: "record inspect got/data/1.hea --json",
  unknown: "data fetch mimic --from URL",
  noPart: "data fetch ludb --from URL --only records500 --out never",
  nowhere: "data fetch ludb --from URLelsewhere/ --out never",
  nobody: "data fetch ludb --from http://127.0.0.1:1/ --out never",
} as const;
type Name = keyof typeof COMMANDS;

let root = "";
let server: FileServer;
let results: readonly CommandResult[] = [];
const result = (name: Name): CommandResult => results[Object.keys(COMMANDS).indexOf(name)]!;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-data-fetch-"));
  const built = buildWfdbFiles({ path: "data/1", leads: FILE_LEADS, digital: lineWithGap });
  const files = Object.fromEntries(
    Object.entries({ ...built, RECORDS: "data/1\n" }).map(([name, content]) => [
      name,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
  server = await startFileServer({ ...files, "SHA256SUMS.txt": checksumListOf(files) });
  const partial = join(root, "got/data/1.dat.partial");
  const arrived = (sizeBytes: number): boolean => existsSync(partial) && statSync(partial).size >= sizeBytes;
  server.breakOff.set("data/1.dat", { afterBytes: 100, times: 1, arrived });
  results = await spawnCommands(
    Object.values(COMMANDS).map((command) => command.replace("URL", server.url).split(" ")),
    root,
  );
}, 300_000);

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

describe("data fetch", () => {
  it("lists the known data sets with size and licence", () => {
    expect(result("list").exitCode).toBe(0);
    expect(result("list").stdout).toMatch(
      /^ptb-xl +1\.0\.3 +about 3\.1 GB +Creative Commons Attribution 4\.0 +PTB-XL/m,
    );
  });

  it("says what it would fetch and writes nothing", () => {
    const { exitCode, stdout, stderr } = result("plan");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`from: ${server.url}\n`);
    expect(stdout).toContain("licence: Open Data Commons Attribution 1.0\n");
    expect(stdout).toContain("would fetch: 3 files into ludb, 0 of them there by name (to be checked)\n");
    expect(JSON.parse(result("planJson").stdout)).toMatchObject({
      dataset: "ludb",
      files: expect.arrayContaining(["data/1.hea", "data/1.dat"]),
      there: 0,
    });
    expect(existsSync(join(root, "ludb"))).toBe(false);
  });

  it("fetches what can be read, over a broken connection, and nothing twice", () => {
    const { exitCode, stdout } = result("fetch");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("got: 3 files as ");
    expect(stdout).toContain("3 fetched (0.0 MB), 0 there already\n");
    expect(stdout).toContain("next: heartcare data build got --out heartcare-data");
    expect(server.asked.filter(({ path }) => path === "data/1.dat").map(({ range }) => range)).toEqual([
      undefined,
      "bytes=100-",
    ]);
    expect(JSON.parse(result("again").stdout)).toMatchObject({ files: 3, fetched: 0, kept: 3, bytes: 0 });
    expect(JSON.parse(result("inspect").stdout).leads).toHaveLength(12);
    expect(readFileSync(join(root, "got/RECORDS"), "utf8")).toBe("data/1\n");
  });

  it.each([
    ["unknown", 2, /^error: data fetch: expected ptb-xl, .*, got mimic\nhint: .*\n$/],
    [
      "noPart",
      2,
      /^error: .*SHA256SUMS\.txt: expected a file or folder of the data set, got records500\nhint: it has /,
    ],
    [
      "nowhere",
      1,
      /^error: .*elsewhere\/SHA256SUMS\.txt: expected the list of files, got HTTP status 404\nhint: /,
    ],
    [
      "nobody",
      1,
      /^error: http:\/\/127\.0\.0\.1:1\/SHA256SUMS\.txt: expected the list of files, got .+\nhint: /,
    ],
  ] as const)("%s ends with one sentence and a hint", (name, exitCode, message) => {
    expect(result(name).stderr).toMatch(message);
    expect(result(name).stderr).not.toMatch(/^\s+at /m);
    expect(result(name)).toMatchObject({ exitCode, stdout: "" });
    expect(existsSync(join(root, "never"))).toBe(false);
  });
});
