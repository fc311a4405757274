// A training step of Beat's default configuration beside PyTorch on the same machine, alternated in one run.
// Run: npx tsx bench-perf/beat/train-step.bench.ts [--pairs=24] [--batch=32] [--threads=2] [--preset=base] [--core=SkylakeX]
// The peer: apt install python3-torch libopenblas0-pthread (see pytorch-step.py). Without it our side alone is timed.
// Both start from the same weights on the same batch, so their losses must agree step by step.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BEAT_PRESETS, type BeatConfig } from "../../src/beat/beat-config.ts";
import { buildBeat } from "../../src/beat/build-beat.ts";
import { codebookTensorNames } from "../../src/beat/quantise.ts";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import { encodeStore } from "../../src/graph/store-file.ts";
import { writeNpy } from "../../src/shared/npy.ts";
import { createRng } from "../../src/shared/rng.ts";

const option = (name: string, fallback: string): string =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const pairs = Number(option("pairs", "24"));
const batch = Number(option("batch", "32"));
const threads = Number(option("threads", "2"));
const preset = option("preset", "base") === "paper" ? "paper" : "base";
const config: BeatConfig = BEAT_PRESETS[preset];
/** First steps of both sides: allocation, not work. */
const WARM_UP = 3;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const round = (value: number): number => Math.round(value * 1000) / 1000;

type PeerStep = { readonly ms: number; readonly cpuMs: number; readonly loss: number };
type Peer = { readonly about: unknown; step(): Promise<PeerStep>; stop(): void };

const runtime = await loadNodeRuntime();
const beat = buildBeat(config, batch);
const store = createParameterStore(beat.graph, { seed: 1 });
fillCodebooks(store);
const inputs = drawInputs();
const peer = await startPeer();
// as training/beat-stage.ts has them
const session = { threads, memoryArena: false };
const optimizer = await createAdamW({ runtime, store, clipNorm: 1, session });
const training = await compileTraining({ runtime, loss: beat.loss, optimizer, session, recompute: true });

const ours: number[] = [];
const theirs: number[] = [];
const cpu = { ours: [] as number[], theirs: [] as number[] };
let largestLossGap = 0;
for (let pair = 0; pair < pairs + WARM_UP; pair++) {
  const before = process.cpuUsage();
  const start = performance.now();
  const { loss } = await training.step({ ...inputs, quantised: 1 }, { learningRate: 1e-4 });
  const ms = performance.now() - start;
  const used = process.cpuUsage(before);
  const other = await peer?.step();
  // Chaotic after a while (a code chosen otherwise in the last bit), equal at first.
  if (other && pair < WARM_UP) largestLossGap = Math.max(largestLossGap, Math.abs(other.loss - loss));
  if (pair < WARM_UP) continue;
  ours.push(ms);
  cpu.ours.push((used.user + used.system) / 1000);
  if (!other) continue;
  theirs.push(other.ms);
  cpu.theirs.push(other.cpuMs);
}
peer?.stop();
const status = readFileSync("/proc/self/status", "utf8");
const ratios = theirs.map((ms, index) => (ours[index] ?? 0) / ms);
console.log(
  JSON.stringify(
    {
      preset,
      parameters: store.flat.length,
      batch,
      threads,
      pairs,
      oursMs: round(median(ours)),
      // CPU time of all threads: comparable on a busy machine, where wall time is not
      oursCpuMs: round(median(cpu.ours)),
      peakMb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
      ...(peer
        ? {
            peer: peer.about,
            pytorchMs: round(median(theirs)),
            pytorchCpuMs: round(median(cpu.theirs)),
            ratio: round(median(ratios)),
            cpuRatio: round(median(cpu.ours) / median(cpu.theirs)),
            largestLossGap,
          }
        : { peer: "not found: apt install python3-torch libopenblas0-pthread" }),
    },
    null,
    2,
  ),
);
await training.dispose();
await optimizer.dispose();

/** Codes of the size of query vectors, spread out, so that rows choose different ones. */
function fillCodebooks(into: ParameterStore): void {
  const rng = createRng("codes");
  for (const name of ["core", "residual"] as const) {
    const names = codebookTensorNames(name);
    if (!into.tensors.has(names.codes)) continue;
    const codes = into.get(names.codes).values as Float32Array;
    for (let i = 0; i < codes.length; i++) codes[i] = (name === "core" ? 0.4 : 0.2) * rng.normal();
    if (into.tensors.has(names.sums)) into.set(names.sums, codes);
  }
}

/** Beats of 12 leads at different rates, z-scored enough for a time measurement. */
function drawInputs(): { signal: Float32Array; future: Float32Array; leadWeights: Float32Array } {
  const rng = createRng("bench");
  const { leadCount, inputSamples, predictionSamples } = config;
  const signal = new Float32Array(batch * leadCount * inputSamples);
  const future = new Float32Array(batch * leadCount * predictionSamples);
  for (let row = 0; row < batch; row++) {
    const cycle = 120 + rng.integer(150);
    for (let lead = 0; lead < leadCount; lead++) {
      const height = 1 + rng.next();
      const sample = (t: number): number =>
        height * (4 * Math.exp(-((((t % cycle) - 40) / 6) ** 2)) - 0.3) + 0.1 * rng.normal();
      const at = row * leadCount + lead;
      for (let t = 0; t < inputSamples; t++) signal[at * inputSamples + t] = sample(t);
      for (let t = 0; t < predictionSamples; t++)
        future[at * predictionSamples + t] = sample(inputSamples + t);
    }
  }
  return { signal, future, leadWeights: new Float32Array(batch * leadCount).fill(1) };
}

async function startPeer(): Promise<Peer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "beat-step-"));
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "weights.safetensors"), encodeStore(store));
  const { leadCount, inputSamples, predictionSamples } = config;
  await writeFile(join(folder, "signal.npy"), writeNpy(inputs.signal, [batch, leadCount, inputSamples]));
  await writeFile(join(folder, "future.npy"), writeNpy(inputs.future, [batch, leadCount, predictionSamples]));
  const script = fileURLToPath(new URL("pytorch-step.py", import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn("/usr/bin/python3", [script, folder, String(threads)], {
    env: { ...process.env, OPENBLAS_CORETYPE: option("core", "SkylakeX"), OMP_NUM_THREADS: String(threads) },
  });
  child.stderr.on("data", (text: Buffer) => process.stderr.write(text));
  child.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const about = await next();
  if (about === undefined) return undefined;
  return {
    about,
    async step() {
      child.stdin.write("step\n");
      const result = await next();
      if (result === undefined) throw new Error("the PyTorch peer ended");
      return result as PeerStep;
    },
    stop() {
      child.stdin.end();
      void rm(folder, { recursive: true, force: true });
    },
  };
}
