// A 12-lead page to PNG at 2250 x 2250 pixels: ours beside matplotlib, alternated in one run.
// Run: npx tsx bench-perf/images/render-page.bench.ts [pairs, default 10]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { layoutPage } from "../../src/images/build-page.ts";
import { renderPng } from "../../src/images/node/render-png.ts";
import { displayListToSvg } from "../../src/images/to-svg.ts";
import { buildTestRecord } from "../../test/images/build-test-record.ts";

const DPI = 150;
/** 15 x 15 in. */
const PAGE = { widthMm: 381, heightMm: 381 };
const pairs = Number(process.argv[2] ?? 10);
const record = buildTestRecord({ samplingRateHz: 500, seconds: 10, noiseMv: 0.01 });

async function ours(): Promise<{ seconds: number; bytes: number }> {
  const start = performance.now();
  const png = await renderPng(layoutPage(record, { layout: "6x2", page: PAGE }), { dpi: DPI });
  return { seconds: (performance.now() - start) / 1000, bytes: png.byteLength };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "render-page-"));
const samplesPath = join(folder, "samples.f32");
writeFileSync(samplesPath, record.signal.data);
const script = fileURLToPath(new URL("./matplotlib_page.py", import.meta.url));
const python = spawn("/usr/bin/python3", [script, samplesPath], { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const ready = await answers.next();
if (ready.done === true)
  throw new Error("matplotlib did not start: /usr/bin/python3 with matplotlib is needed");

async function matplotlib(style: "plain" | "paper"): Promise<number> {
  python.stdin.write(`${style}\n`);
  const answer = await answers.next();
  return Number(String(answer.value).split(" ")[0]);
}

const times: Record<"ours" | "plain" | "paper", number[]> = { ours: [], plain: [], paper: [] };
// One round unmeasured: fonts, caches and compiled code on both sides.
const warm = await ours();
await matplotlib("plain");
for (let pair = 0; pair < pairs; pair++) {
  times.ours.push((await ours()).seconds);
  times.plain.push(await matplotlib("plain"));
  times.ours.push((await ours()).seconds);
  times.paper.push(await matplotlib("paper"));
}
python.stdin.end();
rmSync(folder, { recursive: true });

const ms = (style: keyof typeof times): number => median(times[style]) * 1000;
print(
  `12-lead page to PNG, 2250 x 2250 px (15 x 15 in, 150 dpi), ${pairs} pairs a style, Node ${process.version}`,
);
print(
  `ours, millimetre paper                      median ${ms("ours").toFixed(1)} ms  (${warm.bytes} bytes)`,
);
print(
  `matplotlib ${String(ready.value).split(" ")[1]}, 12 axes, no paper          median ${ms("plain").toFixed(1)} ms  ratio ${(ms("plain") / ms("ours")).toFixed(1)}`,
);
print(
  `matplotlib, 12 axes, 1 mm and 5 mm grid     median ${ms("paper").toFixed(1)} ms  ratio ${(ms("paper") / ms("ours")).toFixed(1)}`,
);

const svgTimes: number[] = [];
let svgLength = 0;
for (let run = 0; run < pairs; run++) {
  const start = performance.now();
  svgLength = displayListToSvg(layoutPage(record)).length;
  svgTimes.push(performance.now() - start);
}
print(
  `ours, A4 page to SVG                        median ${median(svgTimes).toFixed(1)} ms  (${svgLength} characters)`,
);
