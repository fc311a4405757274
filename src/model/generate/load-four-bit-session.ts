// loadFourBitSession: a language model quantised while it is read. Layers are loaded and turned into sessions a few at
// a time, so that a folder of any size passes through memory without ever being there in float32.
import { compileInference } from "../../graph/compile-inference.ts";
import type { FourBitWeight } from "../../graph/ops/matmul-four-bit.ts";
import { createParameterStore, type ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import { formatShape, shapeError } from "../../graph/shape.ts";
import { loadStore } from "../../graph/store-file.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { SafetensorsFile } from "../../shared/safetensors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { EMBEDDING_NAME, HEAD_NAME } from "../language/build-decoder.ts";
import { findTensorNames, LANGUAGE_NAMES } from "../weights/find-tensor-names.ts";
import { openWeights } from "../weights/open-weights.ts";
import { quantiseBlocks } from "../weights/quantise-blocks.ts";
import { buildHead, buildStep, type StepGraph } from "./build-step.ts";
import {
  type DecoderProgram,
  type DecoderSession,
  type DecoderStage,
  runDecoder,
} from "./decoder-session.ts";

export type FourBitSettings = {
  /** Inputs that share a scale. Default 32. */
  readonly blockSize?: number;
  /** Quantise the output matrix too. Default true; it decides the last digit of every logit. */
  readonly head?: boolean;
  /** 4 (default) rounds activations to 8 bits too, much the fastest; 0 keeps them in float32. */
  readonly accuracyLevel?: 0 | 1 | 4;
  /** Bytes of 4-bit weights in one session, at most; below protobuf's 2 GiB. Default 400 MB. */
  readonly stageBytes?: number;
};

export type FourBitSessionOptions = {
  readonly runtime: Runtime;
  readonly files: FileStore;
  readonly folder: string;
  readonly config: LanguageConfig;
  readonly settings: FourBitSettings;
  readonly session?: SessionOptions;
};

/** @throws EcgError NOT_FOUND or SHAPE_MISMATCH naming the tensor that is missing or does not fit. */
export async function loadFourBitSession(options: FourBitSessionOptions): Promise<DecoderSession> {
  const { files, folder, config, settings } = options;
  const { head: quantiseHead = true } = settings;
  const file = await openWeights(files, folder);
  const fileName = findTensorNames(file, LANGUAGE_NAMES, folder);
  const read = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
    const found = file.tensors.get(fileName(name));
    if (!found) {
      throw new EcgError("NOT_FOUND", `${folder}: expected ${name} ${formatShape(shape)}, found none`);
    }
    if (found.shape.join() !== shape.join()) {
      throw shapeError(`${folder}: ${name}`, formatShape(shape), formatShape(found.shape));
    }
    return file.readFloats(fileName(name));
  };
  const context = { ...options, file, fileName, read };
  const stages: DecoderStage[] = [];
  for (const layers of cutStages(config, settings)) {
    const quantised = await quantiseAll(layerMatrices(config, layers), context);
    const graph = buildStep(config, layers, { find: (name) => quantised.get(name), ...settings });
    stages.push({ layers, program: await compile(graph, context) });
  }
  const table = [config.vocabularySize, config.hiddenSize];
  const embeddings = await read(EMBEDDING_NAME, table);
  const head = await compileHead(quantiseHead, embeddings, context);
  return runDecoder(config, { stages, head, embeddings });
}

type Context = FourBitSessionOptions & {
  readonly file: SafetensorsFile;
  readonly fileName: (name: string) => string;
  readonly read: (name: string, shape: readonly number[]) => Promise<Float32Array>;
};

type Matrix = { readonly name: string; readonly outputs: number; readonly inputs: number };

async function quantiseAll(
  matrices: readonly Matrix[],
  { read, settings }: Context,
): Promise<Map<string, FourBitWeight>> {
  const quantised = new Map<string, FourBitWeight>();
  for (const { name, outputs, inputs } of matrices) {
    const values = await read(name, [outputs, inputs]);
    const { blockSize } = settings;
    quantised.set(name, quantiseBlocks(values, { outputs, inputs, ...(blockSize ? { blockSize } : {}) }));
  }
  return quantised;
}

/** Quantised weights are in the graph; what is left (norms, biases) is fed from a small store. */
async function compile(step: StepGraph, context: Context): Promise<DecoderProgram> {
  const store = createParameterStore(step.graph, { seed: 0, attachFrozen: true });
  await loadStore(store, context.file, { fileName: context.fileName });
  return compileLean(step, store, context);
}

/** The session keeps weights in its own form; neither the graph's copy nor the file's bytes may stay behind. */
async function compileLean(
  { graph, outputs, outputAxisNames }: StepGraph,
  store: ParameterStore,
  { runtime, session }: Context,
): Promise<DecoderProgram> {
  const options = { runtime, store, outputs, outputAxisNames, ...(session ? { session } : {}) };
  const { run, dispose } = await compileInference(options);
  graph.constants.clear();
  return { run, dispose };
}

/** A tied head quantises a copy of the table; the table itself stays exact for embeddings. */
async function compileHead(
  quantise: boolean,
  embeddings: Float32Array,
  context: Context,
): Promise<DecoderProgram> {
  const { config, settings } = context;
  const sizes = { outputs: config.vocabularySize, inputs: config.hiddenSize };
  if (!quantise) {
    const step = buildHead(config);
    if (!config.tiedHead) return compile(step, context);
    return compileTied(step, embeddings, context);
  }
  const values = config.tiedHead
    ? embeddings
    : await context.read(HEAD_NAME, [config.vocabularySize, config.hiddenSize]);
  const weight = quantiseBlocks(values, {
    ...sizes,
    ...(settings.blockSize ? { blockSize: settings.blockSize } : {}),
  });
  return compile(buildHead({ ...config, tiedHead: false }, { find: () => weight, ...settings }), context);
}

/** A float32 tied head shares the table with the embeddings. */
async function compileTied(
  step: StepGraph,
  embeddings: Float32Array,
  context: Context,
): Promise<DecoderProgram> {
  const { file, fileName } = context;
  const store = createParameterStore(step.graph, { seed: 0, attachFrozen: true });
  store.attach(EMBEDDING_NAME, embeddings);
  await loadStore(store, file, { fileName, includes: (name) => name !== EMBEDDING_NAME });
  return compileLean(step, store, context);
}

/** Runs of layers whose 4-bit weights stay below the limit; at least one layer each. */
function cutStages(config: LanguageConfig, settings: FourBitSettings): (readonly [number, number])[] {
  const { stageBytes = 400e6, blockSize = 32 } = settings;
  const numbers = layerMatrices(config, [0, 1]).reduce(
    (sum, { outputs, inputs }) => sum + outputs * inputs,
    0,
  );
  const bytes = numbers * (0.5 + 4 / blockSize);
  const perStage = Math.max(1, Math.floor(stageBytes / bytes));
  const count = Math.ceil(config.layerCount / perStage);
  return Array.from({ length: count }, (_, index) => [
    index * perStage,
    Math.min(config.layerCount, (index + 1) * perStage),
  ]);
}

/** The linear layers of a run of layers. */
function layerMatrices(config: LanguageConfig, [from, to]: readonly [number, number]): Matrix[] {
  const { hiddenSize, intermediateSize, headCount, keyValueHeadCount, headSize } = config;
  const [queries, keys] = [headCount * headSize, keyValueHeadCount * headSize];
  const own: readonly (readonly [string, number, number])[] =
    config.architecture === "phi3"
      ? [
          ["self_attn.qkv_proj", queries + 2 * keys, hiddenSize],
          ["mlp.gate_up_proj", 2 * intermediateSize, hiddenSize],
        ]
      : [
          ["self_attn.q_proj", queries, hiddenSize],
          ["self_attn.k_proj", keys, hiddenSize],
          ["self_attn.v_proj", keys, hiddenSize],
          ["mlp.gate_proj", intermediateSize, hiddenSize],
          ["mlp.up_proj", intermediateSize, hiddenSize],
        ];
  const shared = [
    ["self_attn.o_proj", hiddenSize, queries],
    ["mlp.down_proj", hiddenSize, intermediateSize],
  ] as const;
  return Array.from({ length: to - from }, (_, index) =>
    [...own, ...shared].map(([part, outputs, inputs]) => ({
      name: `model.layers.${from + index}.${part}.weight`,
      outputs,
      inputs,
    })),
  ).flat();
}
