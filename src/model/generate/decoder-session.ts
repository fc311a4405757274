// createDecoderSession: a language model ready to continue texts: embeds tokens, advances a cache, gives logits.
import { type CompiledInference, compileInference } from "../../graph/compile-inference.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { EMBEDDING_NAME } from "../language/build-decoder.ts";
import { rotaryPositions } from "../language/rotary-positions.ts";
import { visibilityMask } from "../language/visibility-mask.ts";
import { buildHead, buildStep, type StepGraph } from "./build-step.ts";
import { createCache, type KeyValueCache, reserveCache, writeSlots } from "./key-value-cache.ts";

/** What follows in a text: vectors, not ids, so that features of signals and images go in as well. */
export type NewTokens = {
  /** (batch, tokens, hidden). */
  readonly embeddings: Float32Array;
  readonly tokens: number;
  /** By row: 0 for padding. Default: all are tokens. */
  readonly visible?: readonly (readonly number[])[];
};

export type DecoderSession = {
  readonly config: LanguageConfig;
  newCache(batch?: number): KeyValueCache;
  /** Embedding rows of ids: (ids, hidden). @throws EcgError INVALID_OPTION for an id outside the vocabulary. */
  embed(ids: readonly number[]): Float32Array;
  /**
   * Read new tokens and remember them. -> the last layer's output (batch, tokens, hidden).
   * @throws EcgError SHAPE_MISMATCH when the vectors do not fill the cache's rows; INVALID_OPTION beyond the
   * model's positions.
   */
  advance(cache: KeyValueCache, next: NewTokens): Promise<Float32Array>;
  /** Hidden rows (rows, hidden) -> logits (rows, vocabulary). */
  logits(rows: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
};

/** A compiled graph of `build-step.ts`. */
export type DecoderProgram = Pick<CompiledInference, "run" | "dispose">;

/** A run of layers in a session of its own, with the weights that it reads. */
export type DecoderStage = {
  readonly layers: readonly [number, number];
  readonly program: DecoderProgram;
};

export type DecoderPrograms = {
  readonly stages: readonly DecoderStage[];
  readonly head: DecoderProgram;
  /** (vocabulary, hidden). */
  readonly embeddings: Float32Array;
};

export type DecoderSessionOptions = {
  readonly runtime: Runtime;
  readonly config: LanguageConfig;
  /** Weights under the reference's names, read live: a training over the same store shows at the next call. */
  readonly store: ParameterStore;
  readonly session?: SessionOptions;
};

/** Prompts are read this many tokens at a time: attention scores of a longer piece would take the memory. */
const CHUNK_TOKENS = 512;

/** A session over the weights of a store; nothing is copied. */
export async function createDecoderSession(options: DecoderSessionOptions): Promise<DecoderSession> {
  const { runtime, config, store, session } = options;
  const compile = ({ outputs, outputAxisNames }: StepGraph): Promise<CompiledInference> =>
    compileInference({ runtime, store, outputs, outputAxisNames, ...(session ? { session } : {}) });
  const layers = [0, config.layerCount] as const;
  return runDecoder(config, {
    stages: [{ layers, program: await compile(buildStep(config, layers)) }],
    head: await compile(buildHead(config)),
    get embeddings() {
      return store.get(EMBEDDING_NAME).values as Float32Array;
    },
  });
}

/** A session over compiled programs. */
export function runDecoder(config: LanguageConfig, programs: DecoderPrograms): DecoderSession {
  return {
    config,
    newCache: (batch = 1) => createCache(config, batch),
    embed: (ids) => embedIds(ids, config, programs.embeddings),
    advance: async (cache, next) => advance(cache, next, config, programs),
    async logits(rows) {
      const shape = [rows.length / config.hiddenSize, config.hiddenSize];
      const { logits } = await programs.head.run({ rows: { data: rows, shape } });
      return logits!.data as Float32Array;
    },
    async dispose() {
      for (const { program } of programs.stages) await program.dispose();
      await programs.head.dispose();
    },
  };
}

function embedIds(ids: readonly number[], config: LanguageConfig, table: Float32Array): Float32Array {
  const { hiddenSize: size, vocabularySize } = config;
  const rows = new Float32Array(ids.length * size);
  for (const [index, id] of ids.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= vocabularySize) {
      throw new EcgError("INVALID_OPTION", `embed: expected ids from 0 to ${vocabularySize - 1}, got ${id}`);
    }
    rows.set(table.subarray(id * size, (id + 1) * size), index * size);
  }
  return rows;
}

async function advance(
  cache: KeyValueCache,
  next: NewTokens,
  config: LanguageConfig,
  programs: DecoderPrograms,
): Promise<Float32Array> {
  const { tokens, embeddings } = next;
  if (tokens < 1 || embeddings.length !== cache.batch * tokens * config.hiddenSize) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `advance: expected ${cache.batch} rows of ${tokens} vectors of ${config.hiddenSize}, got ${embeddings.length} numbers`,
    );
  }
  const visible =
    next.visible ?? Array.from({ length: cache.batch }, () => new Array<number>(tokens).fill(1));
  const longest = Math.max(
    ...cache.nextPosition.map(
      (position, row) => position + visible[row]!.reduce((sum, seen) => sum + seen, 0),
    ),
  );
  if (longest > config.maxPositions) {
    throw new EcgError(
      "INVALID_OPTION",
      `advance: expected at most ${config.maxPositions} tokens in a text, got ${longest}`,
      { hint: "shorten the prompt or ask for fewer tokens" },
    );
  }
  if (config.rotary.longrope) await keepOneRegime(cache, longest, config, programs);
  return readTokens(cache, { embeddings, tokens, visible }, config, programs);
}

type VisibleTokens = Required<NewTokens>;

/**
 * Longrope turns all positions of a call by the same factors. When a text outgrows the short ones, what is cached is
 * computed anew, so that a continued text gives the numbers of one read at once.
 */
async function keepOneRegime(
  cache: KeyValueCache,
  longest: number,
  config: LanguageConfig,
  programs: DecoderPrograms,
): Promise<void> {
  const long = longest > config.rotary.longrope!.originalPositions;
  if (cache.length === 0) cache.long = long;
  if (cache.long === long || cache.length === 0) return;
  const history = cache.history.splice(0);
  const visible = cache.visible.map((row) => row.splice(0));
  cache.length = 0;
  cache.nextPosition.fill(0);
  cache.long = long;
  let at = 0;
  for (const { embeddings, tokens } of history) {
    const shown = visible.map((row) => row.slice(at, at + tokens));
    await readTokens(cache, { embeddings, tokens, visible: shown }, config, programs);
    at += tokens;
  }
}

/** Read tokens chunk by chunk; all hidden rows are returned. */
async function readTokens(
  cache: KeyValueCache,
  next: VisibleTokens,
  config: LanguageConfig,
  programs: DecoderPrograms,
): Promise<Float32Array> {
  if (config.rotary.longrope) cache.history.push({ embeddings: next.embeddings, tokens: next.tokens });
  if (next.tokens <= CHUNK_TOKENS) return readChunk(cache, next, config, programs);
  const hidden = new Float32Array(next.embeddings.length);
  const width = next.tokens * config.hiddenSize;
  for (let from = 0; from < next.tokens; from += CHUNK_TOKENS) {
    const tokens = Math.min(CHUNK_TOKENS, next.tokens - from);
    const span = [from * config.hiddenSize, (from + tokens) * config.hiddenSize] as const;
    const embeddings = new Float32Array(cache.batch * tokens * config.hiddenSize);
    for (let row = 0; row < cache.batch; row++) {
      const part = next.embeddings.subarray(row * width + span[0], row * width + span[1]);
      embeddings.set(part, row * part.length);
    }
    const visible = next.visible.map((row) => row.slice(from, from + tokens));
    const chunk = await readChunk(cache, { embeddings, tokens, visible }, config, programs);
    const block = tokens * config.hiddenSize;
    for (let row = 0; row < cache.batch; row++) {
      hidden.set(chunk.subarray(row * block, (row + 1) * block), row * width + span[0]);
    }
  }
  return hidden;
}

async function readChunk(
  cache: KeyValueCache,
  { embeddings, tokens, visible }: VisibleTokens,
  config: LanguageConfig,
  programs: DecoderPrograms,
): Promise<Float32Array> {
  const { batch } = cache;
  reserveCache(cache, config, cache.length + tokens);
  const shared = sharedInputs(cache, tokens, visible, config);
  const shape = [batch, tokens, config.hiddenSize];
  let hidden = embeddings;
  const fresh: { keys: Float32Array; values: Float32Array }[] = [];
  for (const { layers, program } of programs.stages) {
    const past = pastInputs(cache, config, layers);
    const results = await program.run({ ...shared, ...past, embeddings: { data: hidden, shape } });
    hidden = results["hidden"]!.data as Float32Array;
    for (let layer = layers[0]; layer < layers[1]; layer++) {
      fresh[layer] = {
        keys: results[`keys${layer}`]!.data as Float32Array,
        values: results[`values${layer}`]!.data as Float32Array,
      };
    }
  }
  for (const [layer, { keys, values }] of fresh.entries()) {
    writeSlots(cache, config, cache.keys[layer]!, keys);
    writeSlots(cache, config, cache.values[layer]!, values);
  }
  for (const [row, shown] of visible.entries()) {
    cache.visible[row]!.push(...shown);
    cache.nextPosition[row]! += shown.reduce((sum, seen) => sum + seen, 0);
  }
  cache.length += tokens;
  return hidden;
}

/** A cache without tokens is fed as one hidden slot: no axis is then ever empty. */
function slotsOf(cache: KeyValueCache): number {
  return cache.length === 0 ? 1 : cache.capacity;
}

function pastInputs(cache: KeyValueCache, config: LanguageConfig, layers: readonly [number, number]) {
  const slots = slotsOf(cache);
  const shape = [cache.batch, config.keyValueHeadCount, slots, config.headSize];
  const size = shape.reduce((product, length) => product * length, 1);
  const inputs: Record<string, { data: Float32Array; shape: readonly number[] }> = {};
  for (let layer = layers[0]; layer < layers[1]; layer++) {
    inputs[`pastKeys${layer}`] = { data: cache.keys[layer]!.subarray(0, size), shape };
    inputs[`pastValues${layer}`] = { data: cache.values[layer]!.subarray(0, size), shape };
  }
  return inputs;
}

function sharedInputs(
  cache: KeyValueCache,
  tokens: number,
  visible: readonly (readonly number[])[],
  config: LanguageConfig,
) {
  const { batch } = cache;
  const slots = slotsOf(cache);
  const positions = visible.flatMap((row, index) => {
    let next = cache.nextPosition[index]!;
    return row.map((seen) => (seen ? next++ : 1));
  });
  const { cosines, sines } = rotaryPositions(config.rotary, positions, cache.long ? "long" : "short");
  const tableShape = [batch, 1, tokens, config.rotary.size / 2];
  return {
    cosines: { data: cosines, shape: tableShape },
    sines: { data: sines, shape: tableShape },
    mask: { data: stepMask(cache, tokens, visible, config), shape: [batch, 1, tokens, slots + tokens] },
    sizes: BigInt64Array.of(BigInt(slots), BigInt(tokens)),
  };
}

/** The mask over used slots and new tokens, with the unused slots between them hidden. */
function stepMask(
  cache: KeyValueCache,
  tokens: number,
  visible: readonly (readonly number[])[],
  config: LanguageConfig,
): Float32Array {
  const { batch, length } = cache;
  const keys = length + tokens;
  const dense = visibilityMask({
    batch,
    queries: tokens,
    keys,
    visible: visible.flatMap((row, index) => [...cache.visible[index]!, ...row]),
    window: config.slidingWindow,
  });
  const slots = slotsOf(cache);
  const mask = new Float32Array(batch * tokens * (slots + tokens)).fill(-1e9);
  for (let row = 0; row < batch * tokens; row++) {
    const to = row * (slots + tokens);
    mask.set(dense.subarray(row * keys, row * keys + length), to);
    mask.set(dense.subarray(row * keys + length, (row + 1) * keys), to + slots);
  }
  return mask;
}
