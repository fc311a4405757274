// Accuracy of delineation on LUDB's reporting half, printed and written into docs/delineation.md.
// npx tsx scripts/evaluate-delineation.ts [../shared/data/ludb/data] [--half tuning|reporting] [--no-docs]
import { readFileSync, writeFileSync } from "node:fs";
import { cleanLead } from "../src/signal/clean-lead.ts";
import { delineateLead } from "../src/signal/delineate/delineate-lead.ts";
import { delineateRecord, type RecordDelineation } from "../src/signal/delineate/delineate-record.ts";
import type { WaveBoundaries, WaveBounds } from "../src/signal/delineate/wave-boundaries.ts";
import { detectRPeaks } from "../src/signal/detect-r-peaks.ts";
import { measureIntervals } from "../src/signal/measure/measure-intervals.ts";
import { resampleRecord } from "../src/signal/resample-record.ts";
import type { WaveBoundary } from "../src/sources/ludb/group-wave-boundaries.ts";
import { annotatedIntervals } from "./delineation/annotated-intervals.ts";
import { consensusOfAnnotations } from "./delineation/consensus-of-annotations.ts";
import {
  type AnnotatedRecord,
  type Half,
  listLudb,
  readAnnotatedRecord,
  toRecord,
} from "./delineation/ludb-halves.ts";
import { EDGES, meanAndSd, medianOf, WaveTally } from "./delineation/match-waves.ts";

const WAVES = [
  ["P", "p"],
  ["QRS", "qrs"],
  ["T", "t"],
] as const;
type Tallies = Record<WaveBoundary["wave"], WaveTally>;

/** Tolerances for the standard deviation, ms (CSE Working Party, Eur Heart J 1985). */
const CSE_SD_MS: Readonly<Record<string, number>> = {
  "P onset": 10.2,
  "P offset": 12.7,
  "QRS onset": 6.5,
  "QRS offset": 11.6,
  "T offset": 30.6,
};

const newTallies = (): Tallies => ({ P: new WaveTally(), QRS: new WaveTally(), T: new WaveTally() });

/** From the first annotated onset to the last annotated end. */
function spanOf(waves: readonly WaveBoundary[]): [number, number] {
  return [
    Math.min(...waves.map(({ onsetSample, peakSample }) => onsetSample ?? peakSample)),
    Math.max(...waves.map(({ offsetSample, peakSample }) => offsetSample ?? peakSample)),
  ];
}

function tally(
  tallies: Tallies,
  annotated: readonly WaveBoundary[],
  beats: readonly WaveBoundaries[],
  scale: { readonly samplingRateHz: number; readonly toAnnotatedRate: number },
): void {
  const span = spanOf(annotated);
  for (const [name, key] of WAVES) {
    const detected = beats.flatMap((beat): WaveBounds[] => {
      const wave = beat[key];
      const by = scale.toAnnotatedRate;
      return wave ? [{ onset: wave.onset * by, peak: wave.peak * by, offset: wave.offset * by }] : [];
    });
    const truths = annotated.filter(({ wave }) => wave === name);
    tallies[name].add(truths, detected, { samplingRateHz: scale.samplingRateHz, span });
  }
}

function tallyConsensus(
  tallies: Tallies,
  record: AnnotatedRecord,
  found: RecordDelineation,
  toAnnotatedRate = 1,
): void {
  const { samplingRateHz } = record;
  const annotated = WAVES.flatMap(([name]) =>
    consensusOfAnnotations(record.boundaries, name, samplingRateHz),
  );
  tally(
    tallies,
    annotated,
    found.beats.map(({ consensus }) => consensus),
    { samplingRateHz, toAnnotatedRate },
  );
}

function tallyLeads(tallies: Tallies, record: AnnotatedRecord, found: RecordDelineation): void {
  const { samplingRateHz } = record;
  for (const [l, { waves }] of record.boundaries.entries()) {
    const beats = found.beats.flatMap(({ leads }) => leads[l] ?? []);
    tally(tallies, waves, beats, { samplingRateHz, toAnnotatedRate: 1 });
  }
}

/** One lead alone: cleaned and searched for R peaks as the reference tool does it. */
function tallySingleLeads(tallies: Tallies, record: AnnotatedRecord): void {
  const { samplingRateHz } = record;
  for (const [l, { waves }] of record.boundaries.entries()) {
    const cleaned = cleanLead(record.leads[l]?.x ?? new Float64Array(), samplingRateHz);
    const beats = delineateLead(cleaned, detectRPeaks(cleaned, samplingRateHz), samplingRateHz);
    tally(tallies, waves, beats, { samplingRateHz, toAnnotatedRate: 1 });
  }
}

const percent = (share: number): string => (100 * share).toFixed(2);

function tableOf(tallies: Tallies): string {
  const rows = ["| | n | mean ms | SD ms | median abs. ms | CSE SD ms |", "|---|--:|--:|--:|--:|--:|"];
  for (const [name] of WAVES) {
    for (const edge of EDGES) {
      const errors = tallies[name].errorsMs[edge];
      const { mean, sd } = meanAndSd(errors);
      const middle = medianOf(errors.map(Math.abs));
      const label = `${name} ${edge}`;
      const tolerance = CSE_SD_MS[label];
      rows.push(
        `| ${label} | ${errors.length} | ${mean.toFixed(1)} | ${sd.toFixed(1)} | ${middle.toFixed(1)} | ${tolerance ?? ""} |`,
      );
    }
  }
  const found = [
    "",
    "| | sensitivity % | positive predictivity % | missed | extra |",
    "|---|--:|--:|--:|--:|",
  ];
  for (const [name] of WAVES) {
    const { sensitivity, predictivity, missed, extra } = tallies[name];
    found.push(`| ${name} | ${percent(sensitivity)} | ${percent(predictivity)} | ${missed} | ${extra} |`);
  }
  return [...rows, ...found].join("\n");
}

type IntervalErrors = Record<"P duration" | "PR" | "QRS" | "QT", number[]>;

function intervalTable(errors: IntervalErrors): string {
  const rows = ["| | n | mean ms | SD ms | median abs. ms |", "|---|--:|--:|--:|--:|"];
  for (const [name, values] of Object.entries(errors)) {
    const { mean, sd } = meanAndSd(values);
    const middle = medianOf(values.map(Math.abs));
    rows.push(
      `| ${name} | ${values.length} | ${mean.toFixed(1)} | ${sd.toFixed(1)} | ${middle.toFixed(1)} |`,
    );
  }
  return rows.join("\n");
}

async function evaluate(folder: string, half: Half): Promise<string> {
  const together = newTallies();
  const leadWise = newTallies();
  const slow = newTallies();
  const single = newTallies();
  const intervals: IntervalErrors = { "P duration": [], PR: [], QRS: [], QT: [] };
  const numbers = await listLudb(folder, half);
  for (const recordNumber of numbers) {
    const annotated = await readAnnotatedRecord(folder, recordNumber);
    const record = toRecord(annotated);
    const found = delineateRecord(record);
    tallyConsensus(together, annotated, found);
    tallyLeads(leadWise, annotated, found);
    tallySingleLeads(single, annotated);
    tallyConsensus(slow, annotated, delineateRecord(resampleRecord(record, { toHz: 100 })), 5);
    const truth = annotatedIntervals(annotated);
    const measured = measureIntervals(record);
    const compare = (name: keyof IntervalErrors, got: number | null, want: number | null): void => {
      if (got !== null && want !== null) intervals[name].push(got - want);
    };
    compare("P duration", measured.pDurationMs, truth.pDurationMs);
    compare("PR", measured.prMs, truth.prMs);
    compare("QRS", measured.qrsMs, truth.qrsMs);
    compare("QT", measured.qtMs, truth.qtMs);
  }
  return [
    `${numbers.length} patients (${half} half).`,
    "### Each beat, all leads together (medians over the leads on both sides)",
    tableOf(together),
    "### Each beat, lead by lead (`delineateRecord`)",
    tableOf(leadWise),
    "### Each beat, all leads together, from 100 Hz",
    tableOf(slow),
    "### Each beat, one lead alone (`cleanLead`, `detectRPeaks`, `delineateLead`)",
    tableOf(single),
    "### Intervals of a recording (`measureIntervals`)",
    intervalTable(intervals),
  ].join("\n\n");
}

const args = process.argv.slice(2);
const halfAt = args.indexOf("--half");
const half: Half = halfAt >= 0 && args[halfAt + 1] === "tuning" ? "tuning" : "reporting";
const folder = args.find((arg, i) => !arg.startsWith("--") && i !== halfAt + 1) ?? "../shared/data/ludb/data";
const figures = await evaluate(folder, half);
console.log(figures);
if (half === "reporting" && !args.includes("--no-docs")) {
  const path = new URL("../docs/delineation.md", import.meta.url);
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split("<!-- figures -->\n");
  const after = rest?.split("<!-- end of figures -->")[1];
  if (before === undefined || after === undefined)
    throw new Error("docs/delineation.md: expected the two marks of the figures");
  writeFileSync(path, `${before}<!-- figures -->\n\n${figures}\n\n<!-- end of figures -->${after}`);
}
