// heartcare model chat --history: what a later answer depends on.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyHeartcare } from "../model/tiny-heartcare.ts";
import { writeRecordings } from "./write-recordings.ts";

const QUESTION = "What rhythm is it?";
const LATER = "And the axis?";

let root = "";
let folder = "";

/** The answers to lines of a chat. */
function chat(lines: readonly string[], ...flags: readonly string[]): Promise<string[]> {
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const args = [
    "model",
    "chat",
    "good/E1.hea",
    "--model",
    folder,
    "--max-new-tokens",
    "8",
    "--json",
    "--threads",
    "1",
  ];
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args, ...flags], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  child.stdin.end(`${lines.join("\n")}\n`);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () =>
      resolve(
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).answer),
      ),
    );
  });
}

let without: string[] = [];
let withOne: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-chat-"));
  folder = await writeTinyHeartcare();
  writeRecordings(root);
  [without, withOne] = await Promise.all([
    chat([QUESTION, LATER, QUESTION]),
    chat([QUESTION, LATER, QUESTION], "--history", "1"),
  ]);
}, 600_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("model chat", () => {
  it("answers each question by itself: the same question gets the same answer", () => {
    expect(without).toHaveLength(3);
    expect(without[2]).toBe(without[0]);
  });

  it("with --history an answer depends on the turn before", () => {
    expect(withOne[0]).toBe(without[0]);
    expect(withOne[1]).not.toBe(without[1]);
    expect(withOne[2]).not.toBe(without[2]);
  });
});
