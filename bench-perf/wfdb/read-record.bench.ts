// Times reading a WFDB record against the recorded figure of wfdb-python and a numpy yardstick run beside it.
//
// Run: npx tsx bench-perf/wfdb/read-record.bench.ts [header ...]
// Without arguments two synthetic records are written to a temporary folder: one of the size that the
// reference was measured on (15 signals x 38,400 samples, format 16, two files, 1.15 MB), and one of the
// size of MIT-BIH record 100 (2 signals x 650,000 samples, format 212, 1.95 MB).
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { readWfdbHeader } from "../../src/sources/wfdb/read-wfdb-header.ts";
import { readWfdbRecord } from "../../src/sources/wfdb/read-wfdb-record.ts";
import type { WfdbHeader } from "../../src/sources/wfdb/wfdb-header.ts";
import { writeWfdbRecord } from "../../src/sources/wfdb/write-wfdb-record.ts";

const ROUNDS = 30;
const WARM_UP = 5;
/** Reads of one side after the other, as who reads a folder does: taking turns singly would empty the caches each time. */
const BURST = 5;
const PYTHON = "/usr/bin/python3";
/** wfdb-python 4 reading 1.15 MB of format 16 on 2 cores, quoted as recorded, for that format (goal: 5 times faster). */
const RECORDED = { reader: "wfdb-python", ms: 8, megabytes: 1.15 };

/** The least that a numpy reader does: load, de-interleave, to float64 in physical units, invalid to NaN. */
const YARDSTICK = `
import sys, time, numpy as np
code, files = int(sys.argv[1]), [(a.split("|")[0], int(a.split("|")[1])) for a in sys.argv[2:]]
def samples(path):
    if code == 16: return np.fromfile(path, "<i2")
    b = np.fromfile(path, "u1").astype("i2"); s = np.empty(len(b) // 3 * 2, "i2")
    s[0::2] = b[0::3] + 256 * (b[1::3] & 15); s[1::2] = b[2::3] + 256 * ((b[1::3] >> 4) & 15)
    s[s > 2047] -= 4096; return s
def read():
    for path, signals in files:
        d = samples(path).reshape(-1, signals); p = (d.astype("f8") - 0.0) / 1000.0
        p[d == (-32768 if code == 16 else -2048)] = np.nan
for line in sys.stdin:
    start = time.perf_counter(); read(); print((time.perf_counter() - start) * 1e3, flush=True)
`;

async function writeSynthetic(folder: string): Promise<string[]> {
  // Heart beats, not white noise: what neighbouring samples share is in the caches, as in the record of the reference.
  const signals = (length: number, samplingRateHz: number): Float64Array[] => {
    const durationSeconds = length / samplingRateHz;
    const { signal } = synthesizeEcg({ seed: 5, samplingRateHz, durationSeconds, ambientNoiseMv: 0.01 });
    return Array.from({ length: 12 }, (_, lead) => Float64Array.from(leadSamples(signal, lead)));
  };
  const record = (name: string, count: number, { samplingRateHz = 1000, length = 38_400 } = {}) => ({
    name,
    samplingRateHz,
    channels: signals(length, samplingRateHz)
      .slice(0, count)
      .map((samples, c) => ({ name: `s${c}`, unit: "mV", samples })),
  });
  const twelve = writeWfdbRecord(record("main", 12), { format: 16 });
  const three = writeWfdbRecord(record("frank", 3), { format: 16 });
  const two = writeWfdbRecord(record("holter", 2, { samplingRateHz: 360, length: 650_000 }), { format: 212 });
  const text = (bytes: Uint8Array | undefined): string[] =>
    new TextDecoder().decode(bytes).trim().split("\n");
  const lines = ["ptbdb15 15 1000 38400"];
  lines.push(...text(twelve.files["main.hea"]).slice(1), ...text(three.files["frank.hea"]).slice(1));
  const files = { ...twelve.files, ...three.files, ...two.files };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  await writeFile(join(folder, "ptbdb15.hea"), `${lines.join("\n")}\n`);
  return [join(folder, "ptbdb15.hea"), join(folder, "holter.hea")];
}

/** The yardstick as a process that reads once for each line it gets, so that runs can alternate with ours. */
function startYardstick(code: number, files: readonly string[]): { once(): Promise<number>; stop(): void } {
  const child: ChildProcessWithoutNullStreams = spawn(PYTHON, ["-c", YARDSTICK, String(code), ...files]);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async once() {
      child.stdin.write("\n");
      const answer = await answers.next();
      return answer.done ? Number.NaN : Number(answer.value);
    },
    stop: () => child.stdin.end(),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The yardstick's arguments for a record that it can read: formats 16 and 212, no offset, one sample a frame. */
function yardstickFor(header: WfdbHeader, headerPath: string): ReturnType<typeof startYardstick> | undefined {
  const code = header.signals[0]?.format ?? 0;
  const plain = header.signals.every(
    (signal) => signal.format === code && signal.byteOffset === 0 && signal.samplesPerFrame === 1,
  );
  if (!existsSync(PYTHON) || !plain || (code !== 16 && code !== 212)) return undefined;
  const counts = new Map<string, number>();
  for (const { fileName } of header.signals) counts.set(fileName, (counts.get(fileName) ?? 0) + 1);
  const files = [...counts].map(([name, count]) => `${join(dirname(headerPath), name)}|${count}`);
  return startYardstick(code, files);
}

/** Runs of ours with and without the hash and of the yardstick, taken in turns so that they meet the same machine. */
async function timeRecord(headerPath: string): Promise<void> {
  const { header } = await readWfdbHeader(diskFileStore, headerPath);
  const files = [...new Set(header.signals.map((signal) => join(dirname(headerPath), signal.fileName)))];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  const yardstick = yardstickFor(header, headerPath);
  const times = { hashed: [] as number[], plain: [] as number[], numpy: [] as number[] };
  let consumed = 0;
  const timeOurs = async (computeSha256: boolean): Promise<number> => {
    const start = performance.now();
    const record = await readWfdbRecord(diskFileStore, headerPath, { computeSha256 });
    const elapsed = performance.now() - start;
    consumed += record.channels[0]?.samples[0] ?? 0;
    return elapsed;
  };
  const sides = [
    { to: times.hashed, once: () => timeOurs(true) },
    { to: times.plain, once: () => timeOurs(false) },
    { to: times.numpy, once: async () => (await yardstick?.once()) ?? Number.NaN },
  ];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const { to, once } of sides) {
      for (let read = 0; read < BURST; read++) {
        const elapsed = await once();
        if (round >= WARM_UP) to.push(elapsed);
      }
    }
  }
  yardstick?.stop();
  const what = `${header.signalCount} signals, format ${header.signals[0]?.format}, ${megabytes.toFixed(2)} MB`;
  console.log(
    `${header.name}: ${what} (${ROUNDS} rounds of ${BURST}; sum of first samples ${consumed.toFixed(1)})`,
  );
  const beside = { megabytes, numpyMs: median(times.numpy), recorded: header.signals[0]?.format === 16 };
  report("ours, checksums and SHA-256", times.hashed, beside);
  report("ours, checksums only", times.plain, beside);
  if (yardstick) report("numpy, neither of both nor the header", times.numpy, beside);
  else console.log("  numpy: not run (no python3, or a record that the yardstick does not know)");
}

function report(
  label: string,
  times: readonly number[],
  { megabytes, numpyMs, recorded }: { megabytes: number; numpyMs: number; recorded: boolean },
): void {
  const ms = median(times);
  const recordedMs = (RECORDED.ms / RECORDED.megabytes) * megabytes;
  const best = Math.min(...times.filter((value) => !Number.isNaN(value)));
  const reference = recorded
    ? `${(recordedMs / ms).toFixed(1)}x ${RECORDED.reader} (${recordedMs.toFixed(1)} ms as recorded)  `
    : "";
  console.log(
    `  ${label.padEnd(38)} median ${ms.toFixed(2)} ms  best ${best.toFixed(2)} ms  ` +
      `${((megabytes / ms) * 1e3).toFixed(0)} MB/s  ${reference}${(numpyMs / ms).toFixed(2)}x numpy`,
  );
}

const given = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "wfdb-bench-"));
try {
  for (const path of given.length > 0 ? given : await writeSynthetic(folder)) await timeRecord(path);
} finally {
  await rm(folder, { recursive: true, force: true });
}
