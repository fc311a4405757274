// StatementReader: what a model reads from each shown recording, statement by statement, before any question is asked.
import { compileInference } from "../../graph/compile-inference.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { buildStep } from "../generate/build-step.ts";
import { runDecoder } from "../generate/decoder-session.ts";
import type { ReadingPlace } from "./statement-head.ts";

/** Rows of a prompt behind which a recording is read. */
export type ReadingRow = { readonly place: ReadingPlace; readonly row: number };

/** A prompt's part that all questions share, and where its recordings are read. */
export type ReadablePrompt = {
  readonly ids: readonly number[];
  readonly embeddings: Float32Array;
  /** By recording; undefined for one that shows nothing. */
  readonly readAt: readonly (ReadingRow | undefined)[];
};

export type StatementReader = {
  /** Hidden states (hidden) at {@link ReadablePrompt.readAt}. */
  hiddenStates(prompt: ReadablePrompt): Promise<readonly (Float32Array | undefined)[]>;
  dispose(): Promise<void>;
};

export type StatementReaderOptions = {
  readonly runtime: Runtime;
  readonly config: LanguageConfig;
  readonly store: ParameterStore;
  readonly layerCount: number;
  readonly session?: SessionOptions;
};

const NOT_THERE = {
  run: (): Promise<never> => Promise.reject(new Error("a statement reader has no language head")),
  dispose: async (): Promise<void> => undefined,
};

/** The first layers of the language model in a session of their own; compiled at the first prompt. */
export function createStatementReader(options: StatementReaderOptions): StatementReader {
  const { runtime, config, store, layerCount, session } = options;
  const open = async (): Promise<ReturnType<typeof runDecoder>> => {
    const { outputs, outputAxisNames } = buildStep(config, [0, layerCount]);
    const common = { runtime, store, ...(session ? { session } : {}) };
    const program = await compileInference({ ...common, outputs, outputAxisNames });
    return runDecoder(config, {
      stages: [{ layers: [0, layerCount], program }],
      head: NOT_THERE,
      embeddings: new Float32Array(0),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    async hiddenStates({ ids, embeddings, readAt }) {
      opened ??= open();
      const decoder = await opened;
      const hidden = await decoder.advance(decoder.newCache(), { embeddings, tokens: ids.length });
      const size = config.hiddenSize;
      return readAt.map((at) => at && hidden.slice(at.row * size, (at.row + 1) * size));
    },
    async dispose() {
      await (await opened)?.dispose();
    },
  };
}
