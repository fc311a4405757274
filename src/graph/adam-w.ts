// createAdamW: moments, step count and clipping of one optimisation; several graphs may share it.
import { EcgError } from "../shared/errors.ts";
import { type AdamWOptions, compileAdamW, type UpdateSpan } from "./adam-w-program.ts";
import type { ParameterStore, StoredTensor } from "./parameter-store.ts";
import type { Runtime, SessionOptions } from "./runtime.ts";

export type OptimizerOptions = AdamWOptions & {
  readonly runtime: Runtime;
  readonly store: ParameterStore;
  readonly session?: SessionOptions;
  /** Gradients are scaled down to this global norm where they exceed it. Left out: no clipping. */
  readonly clipNorm?: number;
  /** Which parameters are trained; the others stay as they are and have no moments. Default: all. */
  readonly trains?: (name: string) => boolean;
  /** A factor on the learning rate of a parameter. Default 1. */
  readonly learningRateScale?: (name: string) => number;
};

/** A parameter under training, with views into the flat gradient and moments. */
export type TrainedTensor = {
  readonly stored: StoredTensor;
  readonly gradient: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
};

export type Optimizer = {
  readonly store: ParameterStore;
  readonly trained: ReadonlyMap<string, TrainedTensor>;
  /** All gradients; a training program writes here before {@link apply}. */
  readonly gradients: Float32Array;
  /** Updates made so far. */
  readonly stepCount: number;
  /** The factor that clips gradients of this norm. */
  clipScale(gradientNorm: number): number;
  /** One update from {@link gradients}, each times `gradientScale`. */
  apply(options: { readonly learningRate: number; readonly gradientScale: number }): Promise<void>;
  /** Set the count when a checkpoint is restored. */
  resumeAt(stepCount: number): void;
  dispose(): Promise<void>;
};

/**
 * Moments and update program for the trained parameters of a store.
 * @throws EcgError INVALID_OPTION when nothing is trained or an option is out of range.
 */
export async function createAdamW(options: OptimizerOptions): Promise<Optimizer> {
  const { store, runtime, clipNorm } = options;
  checkOptions(options);
  const chosen = chooseTrained(options);
  const total = chosen.reduce((sum, { values }) => sum + values.length, 0);
  const [gradients, moment1, moment2] = [0, 0, 0].map(() => new Float32Array(total)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const trained = new Map<string, TrainedTensor>();
  let offset = 0;
  for (const stored of chosen) {
    const view = (array: Float32Array): Float32Array => array.subarray(offset, offset + stored.values.length);
    trained.set(stored.name, {
      stored,
      gradient: view(gradients),
      moment1: view(moment1),
      moment2: view(moment2),
    });
    offset += stored.values.length;
  }
  const spans = findSpans(chosen, options.learningRateScale ?? (() => 1));
  const arrays = { parameters: store.flat, gradients, moment1, moment2 };
  const program = await compileAdamW(runtime, arrays, spans, options);
  let stepCount = 0;
  return {
    store,
    trained,
    gradients,
    get stepCount() {
      return stepCount;
    },
    clipScale: (norm) => (clipNorm === undefined ? 1 : Math.min(1, clipNorm / (norm + 1e-6))),
    async apply({ learningRate, gradientScale }) {
      await program.apply({ learningRate, gradientScale, step: stepCount + 1 });
      stepCount++;
    },
    resumeAt: (count) => {
      stepCount = count;
    },
    dispose: () => program.dispose(),
  };
}

function chooseTrained({ store, trains = () => true }: OptimizerOptions): StoredTensor[] {
  const parameters = [...store.tensors.values()].filter(({ kind }) => kind === "parameter");
  const chosen = parameters.filter(({ name }) => trains(name));
  if (chosen.length === 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `createAdamW: expected at least one trained parameter, got 0 of ${parameters.length}`,
    );
  }
  return chosen;
}

/** Neighbours in the flat array that are updated alike become one span. */
function findSpans(chosen: readonly StoredTensor[], scaleOf: (name: string) => number): UpdateSpan[] {
  const spans: UpdateSpan[] = [];
  let momentOffset = 0;
  for (const { name, offset, values, decay } of chosen) {
    const last = spans.at(-1);
    const learningRateScale = scaleOf(name);
    const continues =
      last !== undefined &&
      last.parameterOffset + last.length === offset &&
      last.decay === decay &&
      last.learningRateScale === learningRateScale;
    if (continues) spans[spans.length - 1] = { ...last, length: last.length + values.length };
    else
      spans.push({ parameterOffset: offset, momentOffset, length: values.length, decay, learningRateScale });
    momentOffset += values.length;
  }
  return spans;
}

function checkOptions(options: OptimizerOptions): void {
  const inRange = (name: string, value: number | undefined, holds: (value: number) => boolean): void => {
    if (value !== undefined && !(Number.isFinite(value) && holds(value))) {
      throw new EcgError("INVALID_OPTION", `createAdamW: expected ${name}, got ${value}`);
    }
  };
  inRange("beta1 in [0, 1)", options.beta1, (value) => value >= 0 && value < 1);
  inRange("beta2 in [0, 1)", options.beta2, (value) => value >= 0 && value < 1);
  inRange("epsilon > 0", options.epsilon, (value) => value > 0);
  inRange("weightDecay >= 0", options.weightDecay, (value) => value >= 0);
  inRange("clipNorm > 0", options.clipNorm, (value) => value > 0);
}
