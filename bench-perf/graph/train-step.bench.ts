// Time and memory of a training step of a transformer stack (the default tokenizer's size).
// Run: npx tsx bench-perf/graph/train-step.bench.ts [--steps=20] [--batch=32] [--blocks=12] [--threads=2]
import { readFileSync } from "node:fs";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { buildStack, DEFAULT_STACK, type StackShape } from "./transformer-stack.ts";

const option = (name: string, fallback: number): number => {
  const found = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return found ? Number(found.slice(name.length + 3)) : fallback;
};
const profile = process.argv.find((argument) => argument.startsWith("--profile="))?.slice(10);
const steps = option("steps", 20);
const threads = option("threads", 2);
const shape: StackShape = {
  ...DEFAULT_STACK,
  batch: option("batch", DEFAULT_STACK.batch),
  blocks: option("blocks", DEFAULT_STACK.blocks),
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Multiply-adds of forward and backward, twice counted as is usual. */
function stepFlops({ batch, tokens, patch, width, heads, headSize, blocks }: StackShape): number {
  const inner = heads * headSize;
  const perBlock =
    tokens * (width * 3 * inner + inner * width + 8 * width * width) + 2 * inner * tokens * tokens;
  return 3 * 2 * batch * (blocks * perBlock + 2 * tokens * patch * width);
}

const runtime = await loadNodeRuntime();
const graph = createGraph();
const started = performance.now();
const loss = buildStack(graph, shape);
const store = createParameterStore(graph, { seed: 1 });
const session = { threads, ...(profile ? { profilePrefix: profile } : {}) };
const optimizer = await createAdamW({ runtime, store, clipNorm: 1, session: { threads } });
const training = await compileTraining({ runtime, loss, optimizer, session });
const built = performance.now();

const rng = createRng("bench");
const x = new Float32Array(shape.batch * shape.tokens * shape.patch);
for (let i = 0; i < x.length; i++) x[i] = Math.sin(i * 0.05) + 0.1 * rng.normal();

const stepMs: number[] = [];
const updateMs: number[] = [];
let lastLoss = 0;
let cpuMs = 0;
for (let step = 0; step < steps; step++) {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  const result = await training.step({ x }, { learningRate: 1e-4 });
  stepMs.push(performance.now() - before);
  const cpu = process.cpuUsage(cpuBefore);
  if (step >= 2) cpuMs += (cpu.user + cpu.system) / 1000 / (steps - 2);
  lastLoss = result.loss;
  const updating = performance.now();
  await optimizer.apply({ learningRate: 0, gradientScale: 0 });
  updateMs.push(performance.now() - updating);
}
const status = readFileSync("/proc/self/status", "utf8");
const peakMb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
const stepMedian = median(stepMs.slice(2));
console.log(
  JSON.stringify({
    parameters: store.flat.length,
    compileMs: Math.round(built - started),
    stepMsMedian: Math.round(stepMedian),
    stepMsMin: Math.round(Math.min(...stepMs)),
    // of all threads together: comparable on a busy machine, where wall time is not
    stepCpuMs: Math.round(cpuMs),
    updateMsMedian: Number(median(updateMs).toFixed(1)),
    gigaflopsPerSecond: Math.round(stepFlops(shape) / Math.min(...stepMs) / 1e6),
    peakMb: Math.round(peakMb),
    loss: lastLoss,
  }),
);
await training.dispose();
await optimizer.dispose();
