// loadTextEncoder: a BERT folder ready to turn texts into vectors, whatever their number and length.
import { compileInference } from "../../graph/compile-inference.ts";
import { createGraph } from "../../graph/graph.ts";
import { createParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { readTextEncoderConfig } from "../config/read-model-config.ts";
import type { TextEncoderConfig } from "../config/text-encoder-config.ts";
import { TEXT_ENCODER_NAMES } from "../weights/find-tensor-names.ts";
import { loadWeights } from "../weights/load-weights.ts";
import { buildTextEncoder } from "./build-text-encoder.ts";

/** Token ids of some texts, padded on the right to one length. */
export type TextBatch = {
  readonly ids: readonly (readonly number[])[];
  /** 0 for padding. Default: every id is a token. */
  readonly attentionMask?: readonly (readonly number[])[];
  /** 0 for the first text of a pair, 1 for the second. Default 0. */
  readonly typeIds?: readonly (readonly number[])[];
};

export type LoadedTextEncoder = {
  readonly config: TextEncoderConfig;
  /** Layers built: the index of the last hidden state. */
  readonly layerCount: number;
  /**
   * Hidden states asked for, by index: 0 = embeddings, n = output of layer n. Each (batch, tokens, hidden).
   * Rows of padding are not meaningful.
   * @throws EcgError SHAPE_MISMATCH when rows differ in length; INVALID_OPTION when they are longer than the positions.
   */
  encode(batch: TextBatch): Promise<Float32Array[]>;
  dispose(): Promise<void>;
};

export type LoadTextEncoderOptions = {
  readonly runtime: Runtime;
  readonly files: FileStore;
  readonly folder: string;
  /** Build only the first layers (BERTScore reads one hidden state). Default all. */
  readonly layers?: number;
  readonly session?: SessionOptions;
};

const HIDDEN = -1e9;

/** @throws EcgError as `readModelConfig` and `loadWeights`; INVALID_OPTION for more layers than there are. */
export async function loadTextEncoder(options: LoadTextEncoderOptions): Promise<LoadedTextEncoder> {
  const { runtime, files, folder, session } = options;
  const config = await readTextEncoderConfig(files, folder);
  const layers = options.layers ?? config.layerCount;
  if (!Number.isInteger(layers) || layers < 0 || layers > config.layerCount) {
    throw new EcgError(
      "INVALID_OPTION",
      `${folder}: expected a layer from 0 to ${config.layerCount}, got ${layers}`,
    );
  }
  const graph = createGraph();
  const { hiddenStates } = buildTextEncoder(graph, config, layers);
  const store = createParameterStore(graph, { seed: 0, attachFrozen: true });
  await loadWeights(store, files, folder, { rule: TEXT_ENCODER_NAMES });
  const name = (layer: number): string => `hidden${layer}`;
  const compiled = await compileInference({
    runtime,
    store,
    outputs: Object.fromEntries(hiddenStates.map((tensor, layer) => [name(layer), tensor])),
    outputAxisNames: Object.fromEntries(
      hiddenStates.map((_, layer) => [name(layer), ["batch", "tokens", undefined]]),
    ),
    ...(session ? { session } : {}),
  });
  return {
    config,
    layerCount: layers,
    async encode(batch) {
      const results = await compiled.run(textEncoderInputs(config, batch));
      return hiddenStates.map((_, layer) => results[name(layer)]!.data as Float32Array);
    },
    dispose: () => compiled.dispose(),
  };
}

function textEncoderInputs(config: TextEncoderConfig, batch: TextBatch) {
  const rows = batch.ids.length;
  const tokens = batch.ids[0]?.length ?? 0;
  if (tokens > config.maxPositions) {
    throw new EcgError(
      "INVALID_OPTION",
      `text encoder: expected at most ${config.maxPositions} tokens, got ${tokens}`,
    );
  }
  const flat = (
    name: string,
    list: readonly (readonly number[])[] | undefined,
    missing: number,
  ): number[] => {
    if (!list) return new Array<number>(rows * tokens).fill(missing);
    const odd = list.find((row) => row.length !== tokens);
    if (list.length === rows && !odd) return list.flat();
    throw new EcgError(
      "SHAPE_MISMATCH",
      `text encoder: expected ${name} of ${rows} rows of ${tokens}, got ${list.length} rows, one of ${odd?.length ?? tokens}`,
    );
  };
  const shape = [rows, tokens];
  const int64 = (values: readonly number[]): BigInt64Array => BigInt64Array.from(values, BigInt);
  return {
    ids: { data: int64(flat("ids", batch.ids, 0)), shape },
    types: { data: int64(flat("typeIds", batch.typeIds, 0)), shape },
    positions: { data: int64(Array.from({ length: tokens }, (_, t) => t)), shape: [tokens] },
    mask: {
      data: Float32Array.from(flat("attentionMask", batch.attentionMask, 1), (seen) => (seen ? 0 : HIDDEN)),
      shape: [rows, 1, 1, tokens],
    },
  };
}
