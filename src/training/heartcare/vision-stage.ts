// The tile encoder's own stage: from a lead tile to the lead's typical beat, its rate and the trace. Node only.
import { createAdamW } from "../../graph/adam-w.ts";
import { compileTraining } from "../../graph/compile-training.ts";
import { createGraph, input, type Tensor } from "../../graph/graph.ts";
import { cosineSchedule } from "../../graph/learning-rate.ts";
import { add } from "../../graph/ops/add.ts";
import { mean } from "../../graph/ops/mean.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { square } from "../../graph/ops/square.ts";
import { subtract } from "../../graph/ops/subtract.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime } from "../../graph/runtime.ts";
import type { ImagePreparation, VisionConfig } from "../../model/config/vision-config.ts";
import { drawLeadTiles } from "../../model/dspa/draw-tiles.ts";
import { type HeartcareConfig, leadTilesPerImage } from "../../model/dspa/heartcare-config.ts";
import { fixedDense } from "../../model/layers/dense.ts";
import { modelWeights } from "../../model/layers/model-weights.ts";
import { encodePatches, patchesPerSide } from "../../model/vision/build-vision-encoder.ts";
import { tilePatches } from "../../model/vision/tile-patches.ts";
import { leadSamples } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { createRng } from "../../shared/rng.ts";
import type { EvaluationScores, TrainingStage } from "../run-training.ts";
import { windowOf } from "./encode-views.ts";
import type { CorpusRecord } from "./training-corpus.ts";
import {
  BEAT_POINTS,
  beatTargets,
  type LeadTargets,
  TRACE_POINTS_PER_COLUMN,
  traceTargets,
} from "./vision-targets.ts";

export type VisionStageOptions = {
  readonly runtime: Runtime;
  readonly vision: VisionConfig;
  readonly preparation: ImagePreparation;
  readonly heartcare: HeartcareConfig;
  readonly train: readonly CorpusRecord[];
  readonly val: readonly CorpusRecord[];
  readonly steps: number;
  /** Recordings a step; each gives the tiles of a picture. */
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly seed: number;
  readonly threads: number;
};

export type VisionStage = TrainingStage & { readonly store: ParameterStore; dispose(): Promise<void> };

/** A tile's beat, its rate and, of a rhythm strip, how irregular it is. */
const POOLED_POINTS = BEAT_POINTS + 2;
const EVALUATED_BATCHES = 4;

/** Compile the pretext task. Heads are named `pretext.*` and stay behind. */
export async function openVisionStage(options: VisionStageOptions): Promise<VisionStage> {
  const { runtime, vision, batch, steps } = options;
  const tiles = batch * leadTilesPerImage(options.heartcare);
  const graph = createGraph();
  const side = patchesPerSide(vision);
  const columns = side * TRACE_POINTS_PER_COLUMN;
  const weights = modelWeights(graph, { initializerRange: 0.02 });
  const dense = fixedDense(weights);
  const patches = input(graph, "patches", [tiles, side ** 2, vision.channelCount * vision.patchSize ** 2]);
  const { pooled, features } = encodePatches(patches, { config: vision, weights, dense });
  const head = (x: Tensor, name: string, inputs: number, outputs: number): Tensor =>
    dense(x, { name: `pretext.${name}`, inputs, outputs, bias: true });
  const beats = head(pooled!, "beat", vision.hiddenSize, POOLED_POINTS);
  const byColumn = mean(reshape(features, [tiles, side, side, vision.hiddenSize]), { axes: [1] });
  const flat = reshape(byColumn, [tiles * side, vision.hiddenSize]);
  const traces = reshape(head(flat, "trace", vision.hiddenSize, TRACE_POINTS_PER_COLUMN), [tiles, columns]);
  const beatLoss = maskedError(beats, "beat", [tiles, POOLED_POINTS]);
  const traceLoss = maskedError(traces, "trace", [tiles, columns]);
  const store = createParameterStore(graph, { seed: options.seed });
  const session = { threads: options.threads };
  const optimizer = await createAdamW({
    runtime,
    store,
    session,
    weightDecay: options.weightDecay,
    clipNorm: 1,
  });
  const training = await compileTraining({
    runtime,
    session,
    optimizer,
    loss: add(beatLoss, traceLoss),
    outputs: { beat: beatLoss, trace: traceLoss },
  });
  const targets = new Map<string, readonly LeadTargets[]>();
  const drawOne = (records: readonly CorpusRecord[], step: number, seed: string) =>
    drawBatch(records, step, seed, options, targets);
  return {
    store,
    training,
    steps,
    schedule: cosineSchedule({
      peak: options.learningRate,
      steps,
      warmupSteps: Math.min(100, Math.ceil(steps / 10)),
      endFraction: 0.05,
    }),
    lossNames: ["beat", "trace"],
    batchOf: (step) => drawOne(options.train, step, `${options.seed}/vision`),
    async evaluate(): Promise<EvaluationScores> {
      let [loss, beat, trace] = [0, 0, 0];
      for (let i = 0; i < EVALUATED_BATCHES; i++) {
        const result = await training.evaluate(drawOne(options.val, i, "vision-val"));
        loss += result.loss / EVALUATED_BATCHES;
        beat += Number(result.outputs["beat"]!.data[0]) / EVALUATED_BATCHES;
        trace += Number(result.outputs["trace"]!.data[0]) / EVALUATED_BATCHES;
      }
      return { scores: { loss, beat, trace }, score: loss };
    },
    async dispose() {
      await training.dispose();
      await optimizer.dispose();
    },
  };

  /** Mean squared error over what a mask keeps; the mask's values make its mean 1. */
  function maskedError(found: Tensor, name: string, shape: readonly number[]): Tensor {
    const target = input(graph, name, shape);
    const mask = input(graph, `${name}Mask`, shape);
    return mean(multiply(square(subtract(found, target)), mask));
  }
}

function drawBatch(
  records: readonly CorpusRecord[],
  step: number,
  seed: string,
  options: VisionStageOptions,
  known: Map<string, readonly LeadTargets[]>,
): Record<string, Float32Array> {
  const { batch, vision, preparation, heartcare } = options;
  const perImage = leadTilesPerImage(heartcare);
  const side = patchesPerSide(vision);
  const columns = side * TRACE_POINTS_PER_COLUMN;
  const rng = createRng(`${seed}/${step}`);
  const size = side ** 2 * vision.channelCount * vision.patchSize ** 2;
  const patches = new Float32Array(batch * perImage * size);
  const beat = new Float32Array(batch * perImage * POOLED_POINTS).fill(Number.NaN);
  const trace = new Float32Array(batch * perImage * columns).fill(Number.NaN);
  for (let i = 0; i < batch; i++) {
    const entry = records[rng.integer(records.length)]!;
    const tiles = drawLeadTiles(
      windowOf(entry, 0, entry.signal.sampleCount),
      { config: heartcare, vision },
      rng,
    );
    patches.set(tilePatches(tiles, vision, preparation), i * perImage * size);
    const leads = leadTargetsOf(entry, known);
    for (const [index, tile] of tiles.entries()) {
      const at = i * perImage + index;
      const isRhythm = index >= STANDARD_LEADS.length;
      const target = leads[isRhythm ? 0 : index];
      if (target && !tile.missing) {
        if (!isRhythm) beat.set(target.beat, at * POOLED_POINTS);
        beat[at * POOLED_POINTS + BEAT_POINTS] = 4 * target.logRr;
        if (isRhythm) beat[at * POOLED_POINTS + BEAT_POINTS + 1] = 10 * target.irregularity;
      }
      trace.set(traceTargets(tile.pixels, tile.widthPx, tile.heightPx, columns), at * columns);
    }
  }
  return { patches, ...masked("beat", beat), ...masked("trace", trace) };
}

/** Very tall or broken values teach nothing: they are cut at this many units. */
const LARGEST_TARGET = 6;

function masked(name: string, values: Float32Array): Record<string, Float32Array> {
  const mask = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
  const kept = mask.reduce((sum, value) => sum + value, 0);
  const scale = kept > 0 ? values.length / kept : 0;
  return {
    [name]: values.map((value) =>
      Number.isNaN(value) ? 0 : Math.max(-LARGEST_TARGET, Math.min(LARGEST_TARGET, value)),
    ),
    [`${name}Mask`]: mask.map((value) => value * scale),
  };
}

function leadTargetsOf(
  entry: CorpusRecord,
  known: Map<string, readonly LeadTargets[]>,
): readonly LeadTargets[] {
  const found = known.get(entry.id);
  if (found) return found;
  const { leads, samplingRateHz, amplitudeUnit } = entry.row;
  const samples = STANDARD_LEADS.map((lead) => {
    const row = leads.indexOf(lead);
    return row < 0
      ? new Float32Array(entry.signal.sampleCount).fill(Number.NaN)
      : leadSamples(entry.signal, row);
  });
  const unit = amplitudeUnit === "z" ? "SD" : "mV";
  const targets = beatTargets(samples, { samplingRateHz, unit });
  known.set(entry.id, targets);
  return targets;
}
