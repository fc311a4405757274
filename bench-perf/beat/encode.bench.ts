// Time to encode and decode one 4 s segment of the default configuration on one thread.
// Run: npx tsx bench-perf/beat/encode.bench.ts [--runs=200] [--threads=1]
import { BEAT_PRESETS } from "../../src/beat/beat-config.ts";
import { openBeatPrograms } from "../../src/beat/beat-programs.ts";
import { buildBeat } from "../../src/beat/build-beat.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { createRng } from "../../src/shared/rng.ts";

const option = (name: string, fallback: number): number =>
  Number(
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback,
  );
const runs = option("runs", 200);
const threads = option("threads", 1);
const config = BEAT_PRESETS.base;
const quantile = (values: readonly number[], share: number): number =>
  Math.round(1000 * ([...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0)) / 1000;

const runtime = await loadNodeRuntime();
const store = createParameterStore(buildBeat(config, 1).graph, { seed: 1 });
const programs = openBeatPrograms(config, store, { runtime, batch: 1, session: { threads } });
const rng = createRng("bench");
const signal = Float32Array.from({ length: config.leadCount * config.inputSamples }, () => rng.normal());
const encodeMs: number[] = [];
const decodeMs: number[] = [];
let checksum = 0;
for (let run = 0; run < runs + 10; run++) {
  const start = performance.now();
  const { codes } = await programs.encode(signal);
  const encoded = performance.now();
  const { reconstruction } = await programs.decode(codes);
  const decoded = performance.now();
  checksum += (codes[0]?.[0] ?? 0) + (reconstruction[0] ?? 0);
  if (run < 10) continue;
  encodeMs.push(encoded - start);
  decodeMs.push(decoded - encoded);
}
await programs.dispose();
console.log(
  JSON.stringify({
    threads,
    runs,
    encodeMs: { median: quantile(encodeMs, 0.5), low: quantile(encodeMs, 0), p90: quantile(encodeMs, 0.9) },
    decodeMs: { median: quantile(decodeMs, 0.5), low: quantile(decodeMs, 0), p90: quantile(decodeMs, 0.9) },
    checksum,
  }),
);
