// The whole model as one program: z-scored batches in; codes, reconstruction and prediction out.
import { compileInference } from "../graph/compile-inference.ts";
import type { ParameterStore } from "../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../graph/runtime.ts";
import type { BeatConfig } from "./beat-config.ts";
import { BEAT_INPUTS, buildBeat } from "./build-beat.ts";
import { CODEBOOK_NAMES, type CodebookName } from "./quantise.ts";

export type ForwardResult = {
  /** (batch, leads, inputSamples), z-scored. */
  readonly reconstruction: Float32Array;
  /** (batch, leads, predictionSamples) on the same scale. */
  readonly prediction: Float32Array;
  /** Query vectors before quantisation, (batch * queries, dimension). */
  readonly queries: Float32Array;
  /** Codes by level, (batch * queries). */
  readonly codes: readonly Int32Array[];
};

export type BeatForward = {
  readonly config: BeatConfig;
  readonly batch: number;
  /** Codes of a level as they are now, (codebookSize, dimension). */
  codebook(name: CodebookName): Float32Array;
  /** `signal` (batch, leads, inputSamples); `quantised` 0 passes the query vectors themselves on. */
  run(signal: Float32Array, quantised: 0 | 1): Promise<ForwardResult>;
  dispose(): Promise<void>;
};

export type ForwardOptions = {
  readonly runtime: Runtime;
  readonly store: ParameterStore;
  readonly batch: number;
  readonly session?: SessionOptions;
};

/** Compile the model for batches of a size. Weights are read from the store at every run: training can go on. */
export async function compileBeatForward(config: BeatConfig, options: ForwardOptions): Promise<BeatForward> {
  const { runtime, store, batch } = options;
  const beat = buildBeat(config, batch);
  const levels = CODEBOOK_NAMES.slice(0, config.codebookLevels);
  const program = await compileInference({
    runtime,
    store,
    outputs: {
      reconstruction: beat.decoded.reconstruction,
      prediction: beat.decoded.prediction,
      queries: beat.queries,
      ...Object.fromEntries(levels.map((name, level) => [name, beat.indices[level]!])),
    },
    ...(options.session ? { session: options.session } : {}),
  });
  return {
    config,
    batch,
    codebook: (name) => store.get(`codebook.${name}`).values as Float32Array,
    async run(signal, quantised) {
      const out = await program.run({ [BEAT_INPUTS.signal]: signal, [BEAT_INPUTS.quantised]: quantised });
      return {
        reconstruction: out["reconstruction"]!.data as Float32Array,
        prediction: out["prediction"]!.data as Float32Array,
        queries: out["queries"]!.data as Float32Array,
        codes: levels.map((name) => Int32Array.from(out[name]!.data as BigInt64Array, Number)),
      };
    },
    dispose: () => program.dispose(),
  };
}
