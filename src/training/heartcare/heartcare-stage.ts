// Stages 2 and 3 of the paper on one loop: warm-up (projectors alone, captions) and joint fine-tuning (answers alone). Node only.
import { createAdamW } from "../../graph/adam-w.ts";
import { type CompiledInference, compileInference } from "../../graph/compile-inference.ts";
import { compileTraining } from "../../graph/compile-training.ts";
import { createGraph, type Graph } from "../../graph/graph.ts";
import { cosineSchedule, linearSchedule, type Schedule } from "../../graph/learning-rate.ts";
import { add } from "../../graph/ops/add.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime } from "../../graph/runtime.ts";
import { pageFonts } from "../../images/node/page-fonts.ts";
import type { ImagePreparation } from "../../model/config/vision-config.ts";
import {
  type AuxiliarySizes,
  auxiliaryLoss,
  buildHeartcare,
  HEARTCARE_INPUTS,
  type HeartcareParts,
} from "../../model/dspa/build-heartcare.ts";
import { promptFrame } from "../../model/dspa/build-prompt.ts";
import { drawTiles } from "../../model/dspa/draw-tiles.ts";
import { tilesPerImage, vectorsPerSegment } from "../../model/dspa/heartcare-config.ts";
import { SCALE_INPUTS_PER_LEAD, scaleInputs } from "../../model/dspa/project-features.ts";
import { LANGUAGE_INPUTS } from "../../model/language/build-language-model.ts";
import type { LoraConfig } from "../../model/lora/lora-config.ts";
import { drawLoraDropout, loraDense } from "../../model/lora/lora-dense.ts";
import type { TextTokenizer } from "../../model/tokenizer/load-tokenizer.ts";
import { patchesPerSide } from "../../model/vision/build-vision-encoder.ts";
import { tilePatches } from "../../model/vision/tile-patches.ts";
import { createRng, type Rng } from "../../shared/rng.ts";
import type { EvaluationScores, TrainingStage } from "../run-training.ts";
import { AUXILIARY_LABELS, auxiliaryInputs } from "./auxiliary-labels.ts";
import {
  drawPair,
  drawSingle,
  type ModalityMix,
  type QuestionMix,
  type SequencePlan,
  type Shown,
} from "./draw-sequences.ts";
import { type SegmentCodes, type SignalView, windowOf } from "./encode-views.ts";
import { type PackedBatch, type PackOptions, packBatch, type RowContent } from "./pack-batch.ts";
import { makeQuestionBank } from "./question-bank.ts";
import { type HeldOutRows, scoreHeldOut } from "./score-held-out.ts";
import type { Corpus } from "./training-corpus.ts";

/** Numbers of a stage; Table 6 gives those of the paper's models. */
export type StageSettings = {
  readonly steps: number;
  /** Rows a step; each holds the questions of one or two recordings. */
  readonly batch: number;
  /** Batches accumulated for a step. */
  readonly accumulate: number;
  readonly tokens: number;
  readonly targets: number;
  /** Room for segments and pictures in a batch. */
  readonly segments: number;
  readonly images: number;
  readonly learningRate: number;
  readonly schedule: "linear" | "cosine";
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Chance that a vector of a signal or picture is left out of a prompt. */
  readonly vectorDropout: number;
  /** Weight of the auxiliary labels beside the text; 0 leaves them out. */
  readonly auxiliaryWeight: number;
  readonly mix: QuestionMix;
  readonly modalities: ModalityMix;
  readonly seed: number;
  readonly threads: number;
};

export type HeartcareStageOptions = {
  readonly runtime: Runtime;
  readonly parts: HeartcareParts;
  readonly tokenizer: TextTokenizer;
  readonly preparation: ImagePreparation | undefined;
  readonly settings: StageSettings;
  readonly corpus: Corpus;
  readonly views: ReadonlyMap<string, readonly SignalView[]>;
  /** Vectors of both codebooks, (codes, dimension) each. */
  readonly codebooks: readonly Float32Array[];
  readonly heldOut: HeldOutRows;
  /** Which parameters are trained. */
  readonly trains: (name: string) => boolean;
  /** Which parameters have no gradient at all: they are attached, not copied. Default: none. */
  readonly isFrozen?: (name: string) => boolean;
  readonly lora?: LoraConfig;
  /** A factor on the learning rate of a parameter. */
  readonly learningRateScale?: (name: string) => number;
  /** Fill a new store: weights of the base model, of the stage before. */
  readonly fillStore: (store: ParameterStore) => Promise<void>;
};

/** Inputs that only a loss reads. */
const LEARNED: ReadonlySet<string> = new Set([LANGUAGE_INPUTS.targetIds, HEARTCARE_INPUTS.targetWeights]);

export type HeartcareStage = TrainingStage & { readonly store: ParameterStore; dispose(): Promise<void> };

/** Compile the stage's graph and everything around it. */
export async function openHeartcareStage(options: HeartcareStageOptions): Promise<HeartcareStage> {
  const { runtime, settings, parts, lora } = options;
  const session = { threads: settings.threads };
  const graph = createGraph();
  const built = buildHeartcare(graph, parts, {
    ...settings,
    dropVectors: true,
    ...(options.isFrozen ? { isFrozen: options.isFrozen } : {}),
    ...(lora
      ? { wrapDense: (dense, weights) => loraDense(dense, weights, { config: lora, training: true }) }
      : {}),
  });
  const text = built.loss(settings.targets);
  const auxiliary =
    settings.auxiliaryWeight > 0
      ? auxiliaryLoss(graph, built.auxiliaryLogits(auxiliarySizes(settings)))
      : undefined;
  const loss = auxiliary ? add(text, multiply(auxiliary, settings.auxiliaryWeight)) : text;
  const store = createParameterStore(graph, {
    seed: settings.seed,
    attachFrozen: options.isFrozen !== undefined,
  });
  await options.fillStore(store);
  const optimizer = await createAdamW({
    runtime,
    store,
    session,
    weightDecay: settings.weightDecay,
    ...(settings.clipNorm > 0 ? { clipNorm: settings.clipNorm } : {}),
    trains: options.trains,
    ...(options.learningRateScale ? { learningRateScale: options.learningRateScale } : {}),
  });
  const training = await compileTraining({
    runtime,
    session,
    optimizer,
    loss,
    outputs: { text, ...(auxiliary ? { auxiliary } : {}) },
  });
  const scorer = await compileScorer(options, store);
  const draw = createDrawing(options, graph);
  return {
    store,
    training,
    steps: settings.steps,
    schedule: scheduleOf(settings),
    lossNames: auxiliary ? ["text", "auxiliary"] : ["text"],
    batchOf: (step) =>
      Array.from({ length: settings.accumulate }, (_, part) => draw.batch(step * settings.accumulate + part)),
    evaluate: (): Promise<EvaluationScores> =>
      scoreHeldOut(options.heldOut, {
        batch: settings.batch,
        run: async (rows) => {
          const { packed, inputs } = draw.pack(rows);
          const asked = Object.entries(inputs).filter(([name]) => !LEARNED.has(name));
          const { logits } = await scorer.run(Object.fromEntries(asked));
          return { packed, logits: logits!.data as Float32Array };
        },
        capacity: settings,
        segmentsOf: (shown) => draw.wholeView(shown).length,
        tokenizer: options.tokenizer,
      }),
    async dispose() {
      await training.dispose();
      await scorer.dispose();
      await optimizer.dispose();
    },
  };
}

/** A recording is read after its last vector and, alone, after the context. */
function auxiliarySizes({ batch }: StageSettings): AuxiliarySizes {
  return { places: 2 * batch, labels: AUXILIARY_LABELS };
}

function scheduleOf({ schedule, learningRate, steps, warmupSteps }: StageSettings): Schedule {
  const common = { peak: learningRate, steps, warmupSteps: Math.min(warmupSteps, steps) };
  return schedule === "linear" ? linearSchedule(common) : cosineSchedule({ ...common, endFraction: 0.03 });
}

/** The same model without dropout, giving logits at the targets. */
async function compileScorer(
  { runtime, settings, parts, lora }: HeartcareStageOptions,
  store: ParameterStore,
): Promise<CompiledInference> {
  const graph = createGraph();
  const built = buildHeartcare(graph, parts, {
    ...settings,
    ...(lora ? { wrapDense: (dense, weights) => loraDense(dense, weights, { config: lora }) } : {}),
  });
  const logits = built.targetLogits(settings.targets);
  return compileInference({ runtime, store, outputs: { logits }, session: { threads: settings.threads } });
}

type Inputs = Record<string, Float32Array | BigInt64Array>;

type Drawing = {
  batch(index: number): Inputs;
  /** Rows as they are: whole views, tiles without wear. */
  pack(rows: readonly RowContent[]): { packed: PackedBatch; inputs: Inputs };
  wholeView(shown: Shown): SignalView;
};

function createDrawing(options: HeartcareStageOptions, graph: Graph): Drawing {
  const { settings, parts, corpus, views, tokenizer } = options;
  const { heartcare } = parts;
  const bank = makeQuestionBank(corpus);
  const drawing = { ...settings, measuredPages: heartcare.image.measuredText ?? false };
  const packOptions: PackOptions = {
    ...settings,
    language: parts.language,
    tokenizer: cachedTokenizer(tokenizer),
    frame: promptFrame(tokenizer),
    sizes: { vectorsPerSegment: vectorsPerSegment(heartcare), vectorsPerImage: tilesPerImage(heartcare) },
  };
  const wholeView = (shown: Shown): SignalView =>
    shown.signal ? (views.get(shown.entry.id)?.[0] ?? []) : [];
  const drawnView = (shown: Shown, rng: Rng): SignalView => {
    if (!shown.signal) return [];
    return rng.pick(views.get(shown.entry.id) ?? [[]]);
  };
  const fill = (plans: readonly SequencePlan[], chosen: readonly (readonly SignalView[])[], rng?: Rng) => {
    const rows = plans.map((plan, row) => ({ plan, segments: chosen[row]!.map((view) => view.length) }));
    const packed = packBatch(rows, packOptions);
    const inputs = { ...packed.inputs, ...featureInputs(plans, chosen, options, rng) };
    return { packed, inputs };
  };
  return {
    wholeView,
    pack: (rows) =>
      fill(
        rows.map(({ plan }) => plan),
        rows.map(({ plan }) => plan.shown.map(wholeView)),
      ),
    batch(index) {
      const rng = createRng(`${settings.seed}/rows/${index}`);
      const plans: SequencePlan[] = [];
      const chosen: SignalView[][] = [];
      let [segments, images] = [0, 0];
      for (let attempt = 0; plans.length < settings.batch && attempt < 12 * settings.batch; attempt++) {
        const isPair = corpus.pairs.length > 0 && plans.length < settings.batch * settings.mix.pairs;
        const plan = isPair ? drawPair(corpus, bank, drawing, rng) : drawSingle(corpus, bank, drawing, rng);
        const list = plan.shown.map((shown) => drawnView(shown, rng));
        const more = list.reduce((sum, view) => sum + view.length, 0);
        const pictures = plan.shown.filter(({ image }) => image).length;
        if (segments + more > settings.segments || images + pictures > settings.images) continue;
        segments += more;
        images += pictures;
        plans.push(plan);
        chosen.push(list);
      }
      const { packed, inputs } = fill(plans, chosen, rng);
      return {
        ...inputs,
        ...(settings.auxiliaryWeight > 0
          ? auxiliaryInputs(plans, packed, { ...auxiliarySizes(settings), tokens: settings.tokens })
          : {}),
        [HEARTCARE_INPUTS.keep]: keptVectors(inputs, options, rng),
        ...(options.lora ? drawLoraDropout(graph, rng) : {}),
      };
    },
  };
}

/** 0 where a feature vector is left out of its prompt, else 1. Tokens always stay. */
function keptVectors(inputs: Inputs, { settings, parts }: HeartcareStageOptions, rng: Rng): Float32Array {
  const sources = inputs[HEARTCARE_INPUTS.sources] as BigInt64Array;
  const tokens = BigInt(parts.language.vocabularySize);
  return Float32Array.from(sources, (source) =>
    source >= tokens && rng.next() < settings.vectorDropout ? 0 : 1,
  );
}

function featureInputs(
  plans: readonly SequencePlan[],
  chosen: readonly (readonly SignalView[])[],
  options: HeartcareStageOptions,
  rng?: Rng,
): Inputs {
  const { settings, parts, codebooks, preparation } = options;
  const { queryCount, dimension, leadCount, scaleToken } = parts.heartcare.signal;
  const inputs: Inputs = {};
  if (settings.segments > 0) {
    const vectors = new Float32Array(settings.segments * queryCount * dimension);
    const scales = new Float32Array(settings.segments * SCALE_INPUTS_PER_LEAD * leadCount);
    for (const [index, segment] of chosen.flat(2).entries()) {
      vectors.set(vectorsOf(segment, codebooks, dimension), index * queryCount * dimension);
      scales.set(
        scaleInputs(segment.leadSdMv ?? undefined, leadCount),
        index * SCALE_INPUTS_PER_LEAD * leadCount,
      );
    }
    inputs[HEARTCARE_INPUTS.vectors] = vectors;
    if (scaleToken) inputs[HEARTCARE_INPUTS.scales] = scales;
  }
  const { vision } = parts;
  if (settings.images > 0 && vision && preparation) {
    const perImage =
      tilesPerImage(parts.heartcare) *
      patchesPerSide(vision) ** 2 *
      vision.channelCount *
      vision.patchSize ** 2;
    const patches = new Float32Array(settings.images * perImage);
    const pictures = plans.flatMap(({ shown }) => shown.filter(({ image }) => image));
    const fonts = parts.heartcare.image.segmentation ? undefined : pageFonts();
    for (const [index, { entry }] of pictures.entries()) {
      const { startSample, endSample } = entry.row.window;
      const tiles = drawTiles(
        windowOf(entry, startSample, endSample),
        { config: parts.heartcare, vision, fonts },
        rng,
      );
      patches.set(tilePatches(tiles, vision, preparation), index * perImage);
    }
    inputs[HEARTCARE_INPUTS.patches] = patches;
  }
  return inputs;
}

/** Sums of the chosen rows of the codebooks, (queries, dimension). */
export function vectorsOf(
  segment: SegmentCodes,
  codebooks: readonly Float32Array[],
  dimension: number,
): Float32Array {
  const vectors = new Float32Array(segment.core.length * dimension);
  for (const [level, codes] of [segment.core, segment.residual].entries()) {
    const book = codebooks[level];
    if (!book) continue;
    for (const [query, code] of codes.entries()) {
      for (let i = 0; i < dimension; i++) vectors[query * dimension + i]! += book[code * dimension + i]!;
    }
  }
  return vectors;
}

/** Templates repeat: their ids are worked out once. */
function cachedTokenizer(tokenizer: TextTokenizer): TextTokenizer {
  const known = new Map<string, number[]>();
  return {
    ...tokenizer,
    encode(text, encodeOptions) {
      const found = known.get(text);
      if (found) return found;
      const ids = tokenizer.encode(text, encodeOptions);
      if (known.size < 50_000) known.set(text, ids);
      return ids;
    },
  };
}
