import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, spawnCommands, spawnHeartcare } from "./spawn-heartcare.ts";
import { writeRecordings } from "./write-recordings.ts";

/** Commands that fail, with their exit code, the one sentence on stderr, and the hint under it. */
const FAILING: readonly (readonly [command: string, exitCode: number, message: RegExp, hint: RegExp])[] = [
  [
    "record inspect nowhere",
    1,
    /^nowhere: expected a file or folder of ECG recordings, found nothing there$/,
    /check the path/,
  ],
  ["record inspect empty", 1, /^empty: expected ECG recordings, found an empty folder$/, /looked for/],
  [
    "record inspect alone/E1.hea",
    1,
    /^alone\/E1\.hea: expected its signal file alone\/E1\.dat, found nothing$/,
    /beside the header/,
  ],
  [
    "record inspect cut/E1.hea",
    1,
    /^cut\/E1\.dat: expected 120000 bytes for 5000 samples .*, found 3000$/,
    /truncated/,
  ],
  [
    "record inspect sum/E1.hea",
    1,
    /^sum\/E1\.hea: expected checksum -?\d+ for signal V3, found -?\d+ in E1\.dat$/,
    /fetch both again/,
  ],
  [
    "signal clean sum/E1.hea --to-hz 250 --out never",
    1,
    /^sum\/E1\.hea: expected checksum/,
    /fetch both again/,
  ],
  [
    "record inspect dx/E1.hea",
    1,
    /^dx\/E1\.hea, Dx: expected SNOMED CT codes of 6 to 18 digits, found "AF"$/,
    /comma-separated/,
  ],
  [
    "record inspect text/x.csv",
    1,
    /^text\/x\.csv line 5, column 3 \(II\): expected a number, found "n\.a\.x"$/,
    /missing sample/,
  ],
  [
    "data build nowhere --out never",
    1,
    /^nowhere: expected a file or folder of ECG recordings/,
    /check the path/,
  ],
  [
    "data build empty --out never",
    1,
    /^empty: expected ECG recordings, found an empty folder$/,
    /looked for/,
  ],
  [
    "data audit empty",
    1,
    /^empty: expected a dataset folder with manifest\.json, found none$/,
    /heartcare data build/,
  ],
  [
    "bench run empty --model majority --out never",
    1,
    /^empty: expected a dataset folder/,
    /heartcare data build/,
  ],
  ["bench score empty", 1, /^empty: expected a run with run\.json, found none$/, /heartcare bench run/],
  ["bench compare empty empty", 1, /^empty: expected a run with run\.json/, /heartcare bench run/],
  ["bench report empty --out never.html", 1, /^empty: expected a run with run\.json/, /heartcare bench run/],
  [
    "image render cut/E1.hea --layout 3x4 --out never.svg",
    1,
    /^cut\/E1\.dat: expected 120000 bytes/,
    /truncated/,
  ],
];

/** Wrong usage: exit code 2 and what is wrong. */
const MISUSED: readonly (readonly [command: string, message: RegExp])[] = [
  ["record inspect good/E1.hea --frobnicate", /unknown option '--frobnicate'/],
  ["bench frob", /unknown command 'frob'/],
  ["frob", /unknown command 'frob'/],
  ["record inspect", /missing required argument 'path'/],
  ["bench run good --out never", /required option '--model <name>' not specified/],
  ["bench run good --model gpt --out never", /model: expected majority, .*, got gpt/],
  [
    "bench run good --model majority --out never --limit zero",
    /expected a whole number of at least 1, got zero/,
  ],
  ["bench run good --model majority --out never --split dev", /--split: expected train, val, test, got dev/],
  [
    "bench run good --model majority --out never --tasks closed-qa,riddle",
    /expected closed-qa, .*, got riddle/,
  ],
  ["signal clean good/E1.hea --to-hz -5 --out never", /expected a number above 0, got -5/],
  [
    "signal clean good/E1.hea --to-hz 250 --from 20 --out never",
    /expected --from before --to inside 0 to 10\.00 s, got 20/,
  ],
];

const words = (command: string): string[] => command.split(" ");

let root = "";
let failed: CommandResult[] = [];
let misused: CommandResult[] = [];
let single: CommandResult[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-cli-"));
  writeRecordings(root);
  const inOne = spawnCommands(
    [...FAILING, ...MISUSED].map(([command]) => words(command)),
    root,
  );
  single = await Promise.all([
    spawnHeartcare(["record", "inspect", "nowhere"], root),
    spawnHeartcare(["record", "inspect", "good/E1.hea", "--frobnicate"], root),
    spawnHeartcare(["record", "inspect", "good/E1.hea", "--json"], root),
    spawnHeartcare(["record", "inspect", "sum/E1.hea", "--debug"], root),
  ]);
  const all = await inOne;
  failed = all.slice(0, FAILING.length);
  misused = all.slice(FAILING.length);
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a command that fails", () => {
  it.each(FAILING.map(([command, ...rest], index) => [command, index, ...rest] as const))(
    "%s",
    (_, index, exitCode, message, hint) => {
      const { stdout, stderr, ...result } = failed[index]!;
      const [first = "", second = "", ...more] = stderr.trimEnd().split("\n");
      expect(first).toMatch(/^error: /);
      expect(first.slice("error: ".length)).toMatch(message);
      expect(second).toMatch(/^hint: /);
      expect(second).toMatch(hint);
      expect(more).toEqual([]);
      expect(stdout).toBe("");
      expect(result.exitCode).toBe(exitCode);
    },
  );

  it("leaves nothing behind", () => {
    expect(existsSync(join(root, "never.html"))).toBe(false);
    expect(existsSync(join(root, "never.svg"))).toBe(false);
    expect(existsSync(join(root, "never"))).toBe(false);
  });
});

describe("wrong usage", () => {
  it.each(MISUSED.map(([command, message], index) => [command, index, message] as const))(
    "%s",
    (_, index, message) => {
      const { exitCode, stdout, stderr } = misused[index]!;
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe("");
      expect(exitCode).toBe(2);
    },
  );
});

describe("a process of its own", () => {
  it("ends with 1 after a failure: one sentence, a hint, no stack", () => {
    expect(single[0]).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: nowhere: expected a file or folder of ECG recordings, found nothing there\nhint: check the path\n",
    });
  });

  it("ends with 2 after wrong usage", () => {
    expect(single[1]).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("ends with 0 and has nothing but data on stdout", () => {
    const { exitCode, stdout, stderr } = single[2]!;
    expect([exitCode, stderr]).toEqual([0, ""]);
    const found = JSON.parse(stdout) as { samplingRateHz: number; sampleCount: number; leads: unknown[] };
    expect(found).toMatchObject({ samplingRateHz: 500, sampleCount: 5000 });
    expect(found.leads).toHaveLength(12);
  });

  it("shows the stack with --debug", () => {
    expect(single[3]?.stderr).toMatch(/^error: sum\/E1\.hea.*\nhint: .*\nEcgError: .*\n\s+at /);
    expect(single[3]?.exitCode).toBe(1);
  });
});

describe("the recordings of this test", () => {
  it("differ from good ones in one thing each", () => {
    expect(readFileSync(join(root, "alone/E1.hea"), "utf8")).toBe(
      readFileSync(join(root, "good/E1.hea"), "utf8"),
    );
    expect(readFileSync(join(root, "sum/E1.hea"), "utf8")).toBe(
      readFileSync(join(root, "good/E1.hea"), "utf8"),
    );
  });
});
