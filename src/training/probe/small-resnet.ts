// A small 1-D residual network for labels of windows, trained from scratch: the probe's strongest rival.
import { createAdamW } from "../../graph/adam-w.ts";
import { compileInference } from "../../graph/compile-inference.ts";
import { compileTraining } from "../../graph/compile-training.ts";
import { createGraph, type Graph, input, parameter, state, type Tensor } from "../../graph/graph.ts";
import { fanInInit, fillWith } from "../../graph/initialize.ts";
import { cosineSchedule } from "../../graph/learning-rate.ts";
import { add } from "../../graph/ops/add.ts";
import { batchNorm } from "../../graph/ops/batch-norm.ts";
import { binaryCrossEntropy } from "../../graph/ops/binary-cross-entropy.ts";
import { convolution } from "../../graph/ops/convolution.ts";
import { linear } from "../../graph/ops/linear.ts";
import { mean } from "../../graph/ops/mean.ts";
import { relu } from "../../graph/ops/relu.ts";
import { createParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime } from "../../graph/runtime.ts";
import { EcgError } from "../../shared/errors.ts";
import { createRng } from "../../shared/rng.ts";

/** Windows (rows, leads, samples) and their labels (rows, labels). */
export type LabelledWindows = {
  readonly signals: Float32Array;
  readonly labels: Float64Array;
  readonly leads: number;
  readonly samples: number;
  readonly labelCount: number;
};

export type ResnetOptions = {
  readonly runtime: Runtime;
  readonly steps: number;
  readonly seed: number;
  readonly threads: number;
  readonly onProgress?: (step: number, steps: number) => void;
};

const BATCH = 32;
/** Channels of the blocks; every block halves the length. After Wang et al. 2017, in small. */
const WIDTHS = [24, 32, 48, 64] as const;
const KERNEL = 9;

/**
 * Train on windows and give back what scores others: logits (rows, labels).
 * @throws EcgError TRAINING_FAILED when the loss stops being finite.
 */
export async function trainSmallResnet(
  train: LabelledWindows,
  options: ResnetOptions,
): Promise<{ predict(signals: Float32Array): Promise<Float64Array>; dispose(): Promise<void> }> {
  const { runtime, steps, seed } = options;
  const session = { threads: options.threads };
  const net = buildResnet(train, true);
  const store = createParameterStore(net.graph, { seed });
  const optimizer = await createAdamW({ runtime, store, session, weightDecay: 0.01, clipNorm: 1 });
  const training = await compileTraining({ runtime, loss: net.loss!, optimizer, session });
  const schedule = cosineSchedule({ peak: 3e-3, steps, warmupSteps: Math.min(20, steps), endFraction: 0.01 });
  for (let step = 0; step < steps; step++) {
    const { applied, loss } = await training.step(drawWindows(train, step, seed), {
      learningRate: schedule(step),
    });
    if (!applied)
      throw new EcgError("TRAINING_FAILED", `resnet: expected a finite loss at step ${step}, got ${loss}`);
    options.onProgress?.(step + 1, steps);
  }
  await training.dispose();
  await optimizer.dispose();
  const inference = await compileInference({
    runtime,
    store,
    session,
    outputs: { logits: buildResnet(train, false).logits },
  });
  return {
    async predict(signals) {
      const size = train.leads * train.samples;
      const rows = signals.length / size;
      const logits = new Float64Array(rows * train.labelCount);
      for (let at = 0; at < rows; at += BATCH) {
        const count = Math.min(BATCH, rows - at);
        const batch = new Float32Array(BATCH * size);
        batch.set(signals.subarray(at * size, (at + count) * size));
        const found = (await inference.run({ signals: batch }))["logits"]!.data as Float32Array;
        logits.set(found.subarray(0, count * train.labelCount), at * train.labelCount);
      }
      return logits;
    },
    dispose: () => inference.dispose(),
  };
}

function drawWindows(
  { signals, labels, leads, samples, labelCount }: LabelledWindows,
  step: number,
  seed: number,
): { signals: Float32Array; labels: Float32Array } {
  const size = leads * samples;
  const rng = createRng(`${seed}/resnet/${step}`);
  const batch = { signals: new Float32Array(BATCH * size), labels: new Float32Array(BATCH * labelCount) };
  for (let row = 0; row < BATCH; row++) {
    const from = rng.integer(signals.length / size);
    batch.signals.set(signals.subarray(from * size, (from + 1) * size), row * size);
    batch.labels.set(labels.subarray(from * labelCount, (from + 1) * labelCount), row * labelCount);
  }
  return batch;
}

function buildResnet(
  { leads, samples, labelCount }: LabelledWindows,
  training: boolean,
): { graph: Graph; logits: Tensor; loss: Tensor | undefined } {
  const graph = createGraph();
  const signals = input(graph, "signals", [BATCH, leads, samples]);
  let hidden = convolve(signals, "stem", { channels: WIDTHS[0], stride: 2, training });
  for (const [index, channels] of WIDTHS.entries()) {
    const name = `blocks.${index}`;
    const inner = convolve(hidden, `${name}.first`, { channels, stride: 2, training });
    const outer = convolve(inner, `${name}.second`, { channels, stride: 1, training, linear: true });
    const passed = convolve(hidden, `${name}.pass`, {
      channels,
      stride: 2,
      training,
      linear: true,
      kernel: 1,
    });
    hidden = relu(add(outer, passed));
  }
  const pooled = mean(hidden, { axes: [2] });
  const width = WIDTHS.at(-1) ?? 0;
  const logits = linear(
    pooled,
    parameter(graph, "head.weight", [width, labelCount], { initialize: fanInInit() }),
    parameter(graph, "head.bias", [labelCount], { initialize: fillWith(0) }),
  );
  if (!training) return { graph, logits, loss: undefined };
  const labels = input(graph, "labels", [BATCH, labelCount]);
  return { graph, logits, loss: binaryCrossEntropy(logits, labels) };
}

type Layer = {
  readonly channels: number;
  readonly stride: number;
  readonly training: boolean;
  readonly kernel?: number;
  /** Without the rectifier at the end. */
  readonly linear?: boolean;
};

/** Convolution, batch norm, rectifier. */
function convolve(
  x: Tensor,
  name: string,
  { channels, stride, training, kernel = KERNEL, linear }: Layer,
): Tensor {
  const { graph } = x;
  const weight = parameter(graph, `${name}.weight`, [channels, x.shape[1] ?? 0, kernel], {
    initialize: fanInInit({ transposed: true }),
  });
  const convolved = convolution(x, weight, undefined, { stride, padding: Math.floor(kernel / 2) });
  const normal = batchNorm(
    convolved,
    {
      scale: parameter(graph, `${name}.scale`, [channels], { initialize: fillWith(1) }),
      bias: parameter(graph, `${name}.bias`, [channels], { initialize: fillWith(0) }),
      runningMean: state(graph, `${name}.mean`, [channels], 0),
      runningVariance: state(graph, `${name}.variance`, [channels], 1),
    },
    { training },
  );
  return linear ? normal : relu(normal);
}
