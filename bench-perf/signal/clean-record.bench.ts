// Speed of cleaning a 10 s, 12-lead, 500 Hz recording, beside scipy's filters in the same run.
// Run: npx tsx bench-perf/signal/clean-record.bench.ts [pairs]
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { leadSamples, stackLeads } from "../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { readNpy } from "../../src/shared/npy.ts";
import { cleanLead } from "../../src/signal/clean-lead.ts";
import { cleanRecord } from "../../src/signal/clean-record.ts";
import { resamplePoly } from "../../src/signal/resample-poly.ts";

/** NeuroKit2 + scipy resample_poly on 2 cores of the same kind, recorded once; it cannot be installed here. */
const NEUROKIT2_RECORDED_MS = 63;
const WARM_UP_RUNS = 200;

const inputPath = fileURLToPath(
  new URL("../../test/fixtures/signal/pipeline-500-to-250/input.npy", import.meta.url),
);
const yardstickPath = fileURLToPath(new URL("./scipy-yardstick.py", import.meta.url));
const pairs = Math.max(20, Number(process.argv[2] ?? 60));

/** The fixture's three leads at four gains, as the yardstick makes them. */
function readRecord(): EcgRecord {
  const { data, shape } = readNpy(readFileSync(inputPath));
  const count = shape[1] ?? 0;
  const leads = [1, -0.5, 0.8, 1.2].flatMap((gain) =>
    [0, 1, 2].map((lead) => Array.from(data.subarray(lead * count, (lead + 1) * count), (v) => v * gain)),
  );
  return {
    id: "bench",
    samplingRateHz: 500,
    leads: STANDARD_LEADS,
    signal: stackLeads(leads),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: "bench:1", patientId: "bench:1", patientKnown: false },
    provenance: { format: "synthetic", path: inputPath, sha256: "" },
  };
}

const record = readRecord();
/** Keeps the work from being optimised away; printed at the end. */
let consumed = 0;

function timeWhole(): number {
  const start = performance.now();
  const result = cleanRecord(record, { toHz: 250 });
  const elapsed = performance.now() - start;
  consumed += result.quality.data[100] ?? 0;
  return elapsed;
}

function timeFilters(): number {
  const start = performance.now();
  for (let lead = 0; lead < record.leads.length; lead++) {
    consumed += cleanLead(resamplePoly(leadSamples(record.signal, lead), 1, 2), 250)[1000] ?? 0;
  }
  return performance.now() - start;
}

/** A Python with scipy that answers each line with the milliseconds of one run, or undefined. */
function startYardstick():
  | { child: ChildProcessWithoutNullStreams; lines: AsyncIterator<string> }
  | undefined {
  const python = ["/usr/bin/python3", "python3"].find(
    (command) => spawnSync(command, ["-c", "import scipy.signal"]).status === 0,
  );
  if (python === undefined) return undefined;
  const child = spawn(python, [yardstickPath, inputPath]);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const yardstick = startYardstick();
const hello = yardstick && (await yardstick.lines.next()).value;
const timeScipy = async (): Promise<number> => {
  yardstick?.child.stdin.write("run\n");
  const [milliseconds, sample] = String((await yardstick?.lines.next())?.value)
    .split(" ")
    .map(Number);
  consumed += sample ?? 0;
  return milliseconds ?? Number.NaN;
};

for (let run = 0; run < WARM_UP_RUNS; run++) consumed += timeWhole() * 0 + timeFilters() * 0;
for (let run = 0; yardstick && run < 10; run++) await timeScipy();

const whole: number[] = [];
const filters: number[] = [];
const scipy: number[] = [];
for (let pair = 0; pair < pairs; pair++) {
  whole.push(timeWhole());
  if (yardstick) scipy.push(await timeScipy());
  filters.push(timeFilters());
}
yardstick?.child.stdin.end();

const row = (name: string, milliseconds: number, note: string): void =>
  console.log(`${name.padEnd(52)} ${milliseconds.toFixed(2).padStart(7)} ms   ${note}`);
const times = (reference: number, ours: number): string => `${(reference / ours).toFixed(1)}x`;

console.log(`10 s, 12 leads, 500 -> 250 Hz; medians of ${pairs} alternated runs, Node ${process.version}`);
row(
  "cleanRecord: resample, clean, R peaks, quality",
  median(whole),
  `best ${Math.min(...whole).toFixed(2)} ms`,
);
row(
  "NeuroKit2, the same work (recorded, not run here)",
  NEUROKIT2_RECORDED_MS,
  `ours is ${times(NEUROKIT2_RECORDED_MS, median(whole))} faster`,
);
row("resamplePoly + cleanLead alone", median(filters), `best ${Math.min(...filters).toFixed(2)} ms`);
if (yardstick) {
  row(
    `scipy ${String(hello).split(" ")[0]}: the same filters`,
    median(scipy),
    `ours is ${times(median(scipy), median(filters))} as fast`,
  );
  console.log(
    `NeuroKit2 (recorded) / scipy's filters here: ${times(NEUROKIT2_RECORDED_MS, median(scipy))}; ours, all work / scipy's filters: ${(median(whole) / median(scipy)).toFixed(2)}`,
  );
} else console.log("scipy yardstick: skipped, no Python with scipy found");
console.log(`(checksum ${consumed.toFixed(3)})`);
