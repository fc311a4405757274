// heartcare model ask, report, chat and export on a random model, in processes of their own.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import { renderPng } from "../../src/images/node/render-png.ts";
import { buildPdf, pdfPageOf } from "../images/node/pdf/build-pdf.ts";
import { encodeTestPng } from "../model/encode-test-png.ts";
import { exampleEcg, photograph, writeTinyHeartcare } from "../model/tiny-heartcare.ts";
import { type CommandResult, spawnCommands } from "./spawn-heartcare.ts";
import { writeRecordings } from "./write-recordings.ts";

const OPTIONS = "Which is right? A: Sinus rhythm; B: Atrial fibrillation";
const MODEL = ["--model", "MODEL", "--threads", "1"];

/** What is run, by name; MODEL stands for the folder of the model. */
const COMMANDS = {
  closed: ["model", "ask", "good/E1.hea", OPTIONS, ...MODEL],
  json: ["model", "ask", "good/E1.hea", "--as", "both", OPTIONS, "--json", ...MODEL],
  open: ["model", "ask", "good/E1.hea", "What rhythm is it?", "--max-new-tokens", "3", ...MODEL],
  pair: ["model", "ask", "good/E1.hea", "page.png", OPTIONS, "--json", ...MODEL],
  page: ["model", "ask", "page.png", OPTIONS, "--age", "70", "--sex", "female", "--json", ...MODEL],
  forecast: ["model", "ask", "good/E1.hea", "What comes next?", "--picture", "next.svg", "--json", ...MODEL],
  report: ["model", "report", "good/E1.hea", "--max-new-tokens", "3", ...MODEL],
  reportFile: [
    "model",
    "report",
    "good/E1.hea",
    "--out",
    "r.md",
    "--max-new-tokens",
    "3",
    "--json",
    ...MODEL,
  ],
  export: ["model", "export", "--to", "onnx", "--out", "exported", "--model", "MODEL", "--json"],
  stack: ["model", "ask", "two", "--record", "E1", "--record", "E2", OPTIONS, "--json", ...MODEL],
  // what fails
  noQuestion: ["model", "ask", "good/E1.hea", ...MODEL],
  pathAsQuestion: ["model", "ask", "good/E1.hea", "page.png", ...MODEL],
  pdf: ["model", "ask", "report.pdf", OPTIONS, "--json", ...MODEL],
  pdfBeyond: ["model", "ask", "report.pdf#page=4", OPTIONS, ...MODEL],
  pdfText: ["model", "ask", "report.pdf#page=2", OPTIONS, ...MODEL],
  photograph: ["model", "ask", "photo.png", OPTIONS, ...MODEL],
  short: ["model", "ask", "good/E1.hea", "--to", "0.5", OPTIONS, ...MODEL],
  pageAsSignal: ["model", "ask", "page.png", "--as", "signal", OPTIONS, ...MODEL],
  pageForecast: ["model", "ask", "page.png", "What comes next?", ...MODEL],
  partOfPage: ["model", "ask", "page.png", "--from", "1", OPTIONS, ...MODEL],
  noModel: ["model", "ask", "good/E1.hea", OPTIONS, "--model", "good"],
  nowhere: ["model", "report", "nowhere", ...MODEL],
  noFormat: ["model", "export", "--to", "gguf", "--out", "never"],
  records: ["model", "ask", "two", "good", "--record", "E1", OPTIONS, ...MODEL],
} as const;
type Name = keyof typeof COMMANDS;

let root = "";
let folder = "";
const results = new Map<Name, CommandResult>();
const result = (name: Name): CommandResult => results.get(name)!;
// biome-ignore lint/suspicious/noExplicitAny: JSON of a command, read by the tests field by field
const json = (name: Name): any => JSON.parse(result(name).stdout);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-model-cli-"));
  folder = await writeTinyHeartcare();
  writeRecordings(root);
  mkdirSync(join(root, "two"));
  for (const name of ["E1", "E2"]) {
    copyFileSync(join(root, "good/E1.dat"), join(root, `two/${name}.dat`));
    const header = readFileSync(join(root, "good/E1.hea"), "utf8");
    writeFileSync(join(root, `two/${name}.hea`), header.replaceAll("E1", name));
  }
  writeFileSync(join(root, "page.png"), await renderPng(layoutPage(exampleEcg("page"), {}), { dpi: 100 }));
  const [blank, words] = ["", "BT /F1 12 Tf 60 700 Td (Discharge letter, page 2) Tj ET"].map((content) => ({
    widthPt: 595,
    heightPt: 842,
    content,
  }));
  const ecg = pdfPageOf(layoutPage(exampleEcg("page"), {}));
  writeFileSync(join(root, "report.pdf"), buildPdf([blank!, words!, ecg]));
  const { widthPx: width, heightPx: height, pixels } = photograph();
  const sample = (x: number, y: number, channel: number): number =>
    pixels[(y * width + x) * 3 + channel] ?? 0;
  writeFileSync(join(root, "photo.png"), encodeTestPng({ width, height, depth: 8, colour: 2, sample }));
  const names = Object.keys(COMMANDS) as Name[];
  const commands = names.map((name) => COMMANDS[name].map((word) => (word === "MODEL" ? folder : word)));
  const found = await spawnCommands(commands, root);
  for (const [index, name] of names.entries()) results.set(name, found[index]!);
}, 300_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("model ask", () => {
  it("answers a closed question with an offered option, its shares and what went in", () => {
    const { exitCode, stdout, stderr } = result("closed");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(["A: Sinus rhythm", "B: Atrial fibrillation"]).toContain(lines[0]);
    expect(lines[1]).toMatch(/^shares: A \d+\.\d %, B \d+\.\d %$/);
    expect(lines[2]).toBe("model: tiny");
    expect(lines[3]).toBe("went in: E1, signal: 3 segments, -2 to 2 s, 2 to 6 s, 6 to 10 s");
    expect(lines[4]).toMatch(/^went in: E1\. Measured: heart rate \d+ bpm/);
    expect(lines.at(-1)).toBe("not a medical device");
  });

  it("prints its evidence as JSON", () => {
    const { kind, shares, evidence } = json("json");
    expect(kind).toBe("closed");
    expect(shares[0] + shares[1]).toBeCloseTo(1, 5);
    const [recording] = evidence.recordings;
    expect(recording).toMatchObject({
      id: "E1",
      shownAs: "both",
      window: { startSeconds: 0, endSeconds: 10 },
    });
    expect(recording.segments).toHaveLength(3);
    expect(recording.images[0].leads).toHaveLength(12);
    expect(recording.measured.heartRateBpm).toBeGreaterThan(30);
  });

  it("answers in words", () => {
    expect(result("open").exitCode).toBe(0);
    expect(result("open").stdout).toMatch(/^.*\nmodel: tiny\n/s);
  });

  it("compares a recording with a page, and two recordings of a folder", () => {
    const shown = (name: Name): string[] =>
      json(name).evidence.recordings.map(
        (recording: { id: string; shownAs: string }) => `${recording.id} ${recording.shownAs}`,
      );
    expect(shown("pair")).toEqual(["E1 signal", "page.png image"]);
    expect(shown("stack")).toEqual(["E1 signal", "E2 signal"]);
  });

  it("reads a page alone, with the patient as told", () => {
    expect(json("page").evidence.context).toBe("12-lead ECG image, 10 s. Patient: 70-year-old female.");
  });

  it("answers about the page of a PDF document on which there is an ECG, and names it", () => {
    const { evidence } = json("pdf");
    const [recording] = evidence.recordings;
    expect(recording.id).toBe("report.pdf#page=3");
    expect(recording.images[0].page).toMatchObject({ rows: 4, columns: 4, speedMmPerSecond: 25 });
    expect(recording.images[0].page.sources).toEqual({
      pxPerMm: "grid",
      speedMmPerSecond: "text",
      gainMmPerMv: "text",
    });
  });

  it("forecasts with a picture", () => {
    const { kind, forecast } = json("forecast");
    expect(kind).toBe("forecast");
    expect(forecast.startSeconds).toBe(10);
    expect(forecast.leads.V6).toHaveLength(500);
    expect(readFileSync(join(root, "next.svg"), "utf8")).toMatch(/^<\?xml|^<svg/);
  });
});

describe("model report", () => {
  it("prints Markdown", () => {
    const { exitCode, stdout } = result("report");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# ECG report: E1\n\n> Not a medical device/);
    expect(stdout).toMatch(/\| Heart rate \| \d+ \| bpm \|/);
  });

  it("writes a file, and JSON with the same text", () => {
    expect(readFileSync(join(root, "r.md"), "utf8")).toBe(json("reportFile").markdown);
  });
});

describe("model export", () => {
  it("names what it wrote", () => {
    const { files, to } = json("export");
    expect(to).toBe("onnx");
    expect(files).toContain("features.json");
    expect(files.every((file: string) => existsSync(join(root, "exported", file)))).toBe(true);
  });
});

describe("bad input", () => {
  const FAILING: readonly (readonly [Name, number, RegExp, RegExp])[] = [
    ["noQuestion", 2, /^model ask: expected an ECG and then a question, got only good\/E1\.hea$/, /quotes/],
    ["pathAsQuestion", 2, /^model ask: .*, got the path page\.png in the question's place$/, /quotes/],
    ["pdfBeyond", 2, /^report\.pdf: expected a page from 1 to 3, got page 4$/, /3 pages/],
    ["pdfText", 1, /^report\.pdf#page=2: expected traces of an ECG on paper, found /, /dark traces/],
    [
      "photograph",
      1,
      /^photo\.png: expected traces of an ECG on paper, found /,
      /dark traces on light paper/,
    ],
    ["short", 1, /^E1: expected a recording of at least 1 s, found 0\.50 s$/, /windows of 4 s/],
    [
      "pageAsSignal",
      2,
      /^--as signal: expected a recording .*, got the picture page\.png$/,
      /leave --as out/,
    ],
    ["pageForecast", 1, /^page\.png: .* got a picture, which cannot be forecast$/, /recording's own file/],
    ["partOfPage", 2, /^--from, --to: expected a recording .*, got page\.png$/, /leave both out/],
    ["noModel", 1, /^good: expected a HeartcareGPT folder with heartcare\.json, found none$/, /model train/],
    ["nowhere", 1, /^nowhere: expected a file or folder of ECG recordings/, /check the path/],
    ["records", 2, /^--record: expected one id for each of 2 paths, got 1$/, /two ids/],
  ];

  it.each(FAILING)("%s", (name, exitCode, message, hint) => {
    const { stdout, stderr, ...rest } = result(name);
    const [first = "", second = "", ...more] = stderr.trimEnd().split("\n");
    expect(first).toMatch(/^error: /);
    expect(first.slice("error: ".length)).toMatch(message);
    expect(second).toMatch(/^hint: /);
    expect(second).toMatch(hint);
    expect(more).toEqual([]);
    expect(stdout).toBe("");
    expect(rest.exitCode).toBe(exitCode);
  });

  it("an unknown format is wrong usage", () => {
    expect(result("noFormat").exitCode).toBe(2);
    expect(result("noFormat").stderr).toMatch(/gguf.*hf, onnx/);
  });
});

describe("model chat", () => {
  it("answers a question a line from stdin, shows what went in, and goes on after a failure", () => {
    const lines = [OPTIONS, "/evidence", "What comes next?", "/quit", "never asked"];
    const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
    const args = ["model", "chat", "page.png", "--json", "--model", folder, "--threads", "1"];
    const run = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
      cwd: root,
      input: `${lines.join("\n")}\n`,
      encoding: "utf8",
    });
    expect(run.status).toBe(0);
    const [answer, evidence, ...more] = run.stdout.trimEnd().split("\n");
    expect(JSON.parse(answer ?? "")).toMatchObject({ kind: "closed", options: expect.any(Array) });
    expect(JSON.parse(evidence ?? "").recordings[0].id).toBe("page.png");
    expect(more).toEqual([]);
    expect(run.stderr).toMatch(/^tiny sees page\.png \(image\)\./);
    expect(run.stderr).toContain("error: page.png: expected a signal to go on from");
  }, 120_000);
});
