// Encoder and decoder as ONNX files with their weights inside: the same bytes in Node and in the browser.
import { exportModel } from "../graph/export-model.ts";
import type { ParameterStore } from "../graph/parameter-store.ts";
import type { HostTensor, Runtime, Session, SessionOptions } from "../graph/runtime.ts";
import type { BeatConfig } from "./beat-config.ts";
import { BEAT_INPUTS, buildBeatDecoder, buildBeatEncoder } from "./build-beat.ts";
import { CODEBOOK_NAMES } from "./quantise.ts";

/**
 * The ONNX file of the encoder for batches of a size: `signal` (batch, leads, inputSamples) -> `core`, `residual`
 * (batch * queries) int64, `vectors` (batch * queries, dimension). Operators of the ONNX standard only.
 */
export function exportBeatEncoder(config: BeatConfig, store: ParameterStore, batch: number): Uint8Array {
  const { outputs } = buildBeatEncoder(config, batch, { standardOperators: true });
  return exportModel({ outputs, store, metadata: { beat: JSON.stringify(config) } });
}

/** The ONNX file of the decoder: `core`, `residual` (batch, queries) int64 -> `reconstruction`, `prediction`. */
export function exportBeatDecoder(config: BeatConfig, store: ParameterStore, batch: number): Uint8Array {
  const { outputs } = buildBeatDecoder(config, batch, { standardOperators: true });
  return exportModel({ outputs, store, metadata: { beat: JSON.stringify(config) } });
}

export type EncodedBatch = {
  /** Codes by level, (batch * queries). */
  readonly codes: readonly Int32Array[];
  /** (batch * queries, dimension). */
  readonly vectors: Float32Array;
};

export type DecodedBatch = {
  /** (batch, leads, inputSamples), z-scored. */
  readonly reconstruction: Float32Array;
  /** (batch, leads, predictionSamples). */
  readonly prediction: Float32Array;
};

/** Encoder and decoder sessions for one batch size. */
export type BeatPrograms = {
  readonly batch: number;
  encode(signal: Float32Array): Promise<EncodedBatch>;
  /** Codes by level, (batch * queries) each. */
  decode(codes: readonly ArrayLike<number>[]): Promise<DecodedBatch>;
  dispose(): Promise<void>;
};

export type ProgramOptions = {
  readonly runtime: Runtime;
  readonly batch: number;
  readonly session?: SessionOptions;
};

/** Sessions for a batch size, each created when it is first used. */
export function openBeatPrograms(
  config: BeatConfig,
  store: ParameterStore,
  { runtime, batch, session }: ProgramOptions,
): BeatPrograms {
  const levels = CODEBOOK_NAMES.slice(0, config.codebookLevels);
  const open = (bytes: () => Uint8Array): (() => Promise<Session>) => {
    let opening: Promise<Session> | undefined;
    return () => {
      opening ??= runtime.createSession(bytes(), session);
      return opening;
    };
  };
  const encoder = open(() => exportBeatEncoder(config, store, batch));
  const decoder = open(() => exportBeatDecoder(config, store, batch));
  const used = new Set<() => Promise<Session>>();
  const run = async (
    program: () => Promise<Session>,
    inputs: Readonly<Record<string, HostTensor>>,
  ): Promise<Record<string, HostTensor>> => {
    used.add(program);
    const bound = Object.entries(inputs).map(([name, tensor]) => [name, runtime.bind(tensor)] as const);
    return (await program()).run(Object.fromEntries(bound));
  };
  return {
    batch,
    async encode(signal) {
      const shape = [batch, config.leadCount, config.inputSamples];
      const out = await run(encoder, { [BEAT_INPUTS.signal]: { dtype: "float32", shape, data: signal } });
      return {
        codes: levels.map((name) => Int32Array.from(out[name]!.data as BigInt64Array, Number)),
        vectors: out["vectors"]!.data as Float32Array,
      };
    },
    async decode(codes) {
      const shape = [batch, config.queryCount];
      const inputs = levels.map((name, level): [string, HostTensor] => [
        name,
        { dtype: "int64", shape, data: BigInt64Array.from(Array.from(codes[level]!), BigInt) },
      ]);
      const out = await run(decoder, Object.fromEntries(inputs));
      return {
        reconstruction: out["reconstruction"]!.data as Float32Array,
        prediction: out["prediction"]!.data as Float32Array,
      };
    },
    async dispose() {
      for (const program of used) await (await program()).dispose();
    },
  };
}
