// What is measured on the pages of a dataset against what was measured on the recordings that they were drawn from; written
// into docs/pages.md. npx tsx scripts/evaluate-pages.ts <dataset> [--split test] [--no-docs]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pagePicture } from "../src/bench/page-picture.ts";
import { readDatasetRecords } from "../src/dataset/read-dataset.ts";
import { measurePage } from "../src/images/segment/measure-page.ts";
import { segmentPage } from "../src/images/segment/segment-page.ts";
import { EcgError } from "../src/shared/errors.ts";
import { interpretMeasurements } from "../src/signal/measure/interpret-measurements.ts";
import type { Measurements } from "../src/signal/measure/measurements.ts";

/** Readings below this confidence are not counted. */
const LEAST_CONFIDENCE = 0.45;
const VALUES: readonly (readonly [
  name: string,
  unit: string,
  of: (measured: Measurements) => number | null | undefined,
])[] = [
  ["heart rate", "bpm", (measured) => measured.heartRateBpm],
  ["PR", "ms", (measured) => measured.prMs],
  ["QRS", "ms", (measured) => measured.qrsMs],
  ["QT", "ms", (measured) => measured.qtMs],
  ["QRS axis", "degrees", (measured) => measured.axisDegrees.qrs],
];

const args = process.argv.slice(2);
const dataset = args.find((arg) => !arg.startsWith("--"));
if (dataset === undefined) throw new Error("expected a dataset folder");
const split = args.includes("--split") ? args[args.indexOf("--split") + 1] : "test";

type Tally = {
  pages: number;
  unread: number;
  differences: Map<string, number[]>;
  missed: Map<string, number>;
};
const tallies = new Map<string, Tally>();
const rules = { both: 0, onlyPage: 0, onlySignal: 0 };
for await (const row of readDatasetRecords(dataset)) {
  if (row.split !== split || !row.measurements) continue;
  for (const { path, layout } of row.files.images) {
    const tally = tallies.get(layout) ?? { pages: 0, unread: 0, differences: new Map(), missed: new Map() };
    tallies.set(layout, tally);
    tally.pages++;
    const found = measureFile(join(dataset, path));
    if (found === null) {
      tally.unread++;
      continue;
    }
    compareValues(tally, found, row.measurements);
    const [page, signal] = [found, row.measurements].map(
      (measured) =>
        new Set(
          interpretMeasurements(measured, row.patient)
            .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
            .map(({ key }) => key),
        ),
    );
    for (const key of page!) rules[signal!.has(key) ? "both" : "onlyPage"]++;
    for (const key of signal!) if (!page!.has(key)) rules.onlySignal++;
  }
}

function measureFile(path: string): Measurements | null {
  try {
    return measurePage(segmentPage(pagePicture(readFileSync(path))));
  } catch (cause) {
    if (EcgError.isInstance(cause)) return null;
    throw cause;
  }
}

function compareValues(tally: Tally, found: Measurements, known: Measurements): void {
  for (const [name, unit, readValue] of VALUES) {
    const [page, signal] = [readValue(found), readValue(known)];
    if (signal === null || signal === undefined) continue;
    if (page === null || page === undefined) {
      tally.missed.set(name, (tally.missed.get(name) ?? 0) + 1);
      continue;
    }
    const difference = unit === "degrees" ? ((page - signal + 540) % 360) - 180 : page - signal;
    tally.differences.set(name, [...(tally.differences.get(name) ?? []), difference]);
  }
}

const lines = [
  "| arrangement | pages | value | compared | median | middle half | 5% to 95% | not on the page |",
  "| --- | ---: | --- | ---: | ---: | --- | --- | ---: |",
];
for (const [layout, { pages, unread, differences, missed }] of [...tallies].sort()) {
  for (const [name, unit] of VALUES) {
    const sorted = (differences.get(name) ?? []).sort((a, b) => a - b);
    const at = (part: number): string =>
      (sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
    lines.push(
      `| ${layout} | ${pages}${unread > 0 ? ` (${unread} unread)` : ""} | ${name}, ${unit} | ${sorted.length} | ${at(0.5)} | ${at(0.25)} to ${at(0.75)} | ${at(0.05)} to ${at(0.95)} | ${missed.get(name) ?? 0} |`,
    );
  }
}
lines.push(
  "",
  `Statements that the rules read (confidence ${LEAST_CONFIDENCE} and more): ${rules.both} on page and signal, ${rules.onlyPage} on the page alone, ${rules.onlySignal} on the signal alone.`,
);
const table = lines.join("\n");
console.log(table);
if (!args.includes("--no-docs")) {
  const docs = new URL("../docs/pages.md", import.meta.url);
  const text = readFileSync(docs, "utf8");
  const [start, end] = ["<!-- figures -->", "<!-- end of figures -->"];
  writeFileSync(docs, `${text.split(start)[0]}${start}\n\n${table}\n\n${end}${text.split(end)[1]}`);
}
