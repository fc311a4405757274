// Tokens a second of reading a prompt and of writing an answer, with random weights.
// Run: npx tsx bench-perf/model/decode.bench.ts [--big=1] [--bits=4] [--tokens=128] [--prompt=64] [--threads=2] [--batch=1]

import { createGraph } from "../../src/graph/graph.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { encodeStore } from "../../src/graph/store-file.ts";
import { createDecoderSession } from "../../src/model/generate/decoder-session.ts";
import { generateTokens } from "../../src/model/generate/generate-tokens.ts";
import { loadFourBitSession } from "../../src/model/generate/load-four-bit-session.ts";
import { buildLanguageModel } from "../../src/model/language/build-language-model.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { HALF_BILLION, median, NANO, numberOption } from "./language-shapes.ts";

const config = numberOption("big", 0) ? HALF_BILLION : NANO;
const [tokens, promptLength, batch] = [
  numberOption("tokens", 128),
  numberOption("prompt", 64),
  numberOption("batch", 1),
];
const session = { threads: numberOption("threads", 2), spinning: numberOption("spin", 0) === 1 };
const fourBit = numberOption("bits", 32) === 4;

const runtime = await loadNodeRuntime();
const { graph } = buildLanguageModel(createGraph(), config, { batch: 1, tokens: 1, isFrozen: () => true });
const store = createParameterStore(graph, { seed: 1 });
const parameters = [...store.tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
const started = performance.now();
const files = (): ReturnType<typeof createMemoryFileStore> =>
  createMemoryFileStore({ "m/model.safetensors": encodeStore(store, { dtype: "F16" }) });
const decoder = fourBit
  ? await loadFourBitSession({ runtime, files: files(), folder: "m", config, settings: {}, session })
  : await createDecoderSession({ runtime, config, store, session });
const opened = performance.now();

const ids = Array.from({ length: promptLength }, (_, i) => (i * 37 + 11) % config.vocabularySize);
const times: number[] = [];
let last = performance.now();
let cpuBefore = process.cpuUsage();
let counted = 0;
for await (const { row } of generateTokens(
  decoder,
  Array.from({ length: batch }, () => ({ ids })),
  { maxNewTokens: tokens },
)) {
  if (row !== batch - 1) continue;
  times.push(performance.now() - last);
  last = performance.now();
  if (times.length === 5) cpuBefore = process.cpuUsage();
  if (times.length > 5) counted++;
}
const perToken = median(times.slice(5));
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(
  `${JSON.stringify({
    parameters,
    bits: fourBit ? 4 : 32,
    ...session,
    batch,
    openMs: Math.round(opened - started),
    promptMs: Math.round(times[0] ?? 0),
    medianMsPerToken: Number(perToken.toFixed(2)),
    // what a busy machine does not blur: processor time, with one thread the time on an idle machine
    cpuMsPerToken: Number(((cpu.user + cpu.system) / 1000 / counted).toFixed(2)),
    tokensPerSecond: Math.round((batch * 1000) / perToken),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
await decoder.dispose();
