// Time of one training step of a Qwen2-shaped language model: all weights, or LoRA on frozen ones.
// Run: npx tsx bench-perf/model/train-step.bench.ts [--steps=12] [--batch=16] [--tokens=128] [--lora=0] [--threads=2]
// Peer: bench-perf/model/torch_train_step.py, the same model in PyTorch; run the two in turn.
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import {
  buildLanguageModel,
  languageInputs,
  nextTokenTargets,
} from "../../src/model/language/build-language-model.ts";
import { paperLoraConfig } from "../../src/model/lora/lora-config.ts";
import { isLoraName, loraDense } from "../../src/model/lora/lora-dense.ts";
import { median, NANO, numberOption } from "./language-shapes.ts";

const [batch, tokens, rank] = [
  numberOption("batch", 16),
  numberOption("tokens", 128),
  numberOption("lora", 0),
];
const session = { threads: numberOption("threads", 2) };
const profile = process.argv.find((argument) => argument.startsWith("--profile="))?.slice(10);

const runtime = await loadNodeRuntime();
const adapter = { ...paperLoraConfig("qwen2"), rank, alpha: rank, dropout: 0 };
const model = buildLanguageModel(createGraph(), NANO, {
  batch,
  tokens,
  ...(rank
    ? {
        isFrozen: (name: string) => !isLoraName(name),
        wrapDense: (dense, weights) => loraDense(dense, weights, { config: adapter }),
      }
    : {}),
});
const ids = Array.from({ length: batch }, (_, b) => {
  let x = (b * 37 + 11) % NANO.vocabularySize;
  return Array.from({ length: tokens }, () => {
    x = (x * 5 + 17) % NANO.vocabularySize;
    return x;
  });
});
const targets = nextTokenTargets(ids);
const loss = model.loss(targets.targetIds.length);
const store = createParameterStore(model.graph, { seed: 1 });
const optimizer = await createAdamW({ runtime, store, clipNorm: 1, session });
const training = await compileTraining({
  runtime,
  loss,
  optimizer,
  session: { ...session, ...(profile ? { profilePrefix: profile } : {}) },
});
const inputs = { ...languageInputs(NANO, { ids }), ...targets };
const times: number[] = [];
const losses: number[] = [];
const cpuTimes: number[] = [];
for (let step = 0; step < numberOption("steps", 12); step++) {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  losses.push((await training.step(inputs, { learningRate: 1e-3 })).loss);
  times.push(performance.now() - before);
  const cpu = process.cpuUsage(cpuBefore);
  cpuTimes.push((cpu.user + cpu.system) / 1000);
}
process.stdout.write(
  `${JSON.stringify({
    batch,
    tokens,
    rank,
    ...session,
    trained: optimizer.gradients.length,
    medianMs: Math.round(median(times.slice(2))),
    medianCpuMs: Math.round(median(cpuTimes.slice(2))),
    bestMs: Math.round(Math.min(...times)),
    firstLoss: losses[0],
    lastLoss: losses.at(-1),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
await training.dispose();
