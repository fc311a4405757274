// StatementReader: what a model reads from each shown recording, statement by statement, before any question is asked.
import { compileInference } from "../../graph/compile-inference.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { buildStep } from "../generate/build-step.ts";
import { runDecoder } from "../generate/decoder-session.ts";
import type { ReadingPlace } from "./statement-head.ts";

/** A recording alone with its context, to be read behind the last token. */
export type ReadingPrompt = {
  readonly place: ReadingPlace;
  readonly tokens: number;
  /** (tokens, hidden). */
  readonly embeddings: Float32Array;
};

export type StatementReader = {
  /** -> (hidden), behind the last token. */
  hiddenState(prompt: Pick<ReadingPrompt, "tokens" | "embeddings">): Promise<Float32Array>;
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
    async hiddenState({ tokens, embeddings }) {
      opened ??= open();
      const decoder = await opened;
      const hidden = await decoder.advance(decoder.newCache(), { embeddings, tokens });
      return hidden.slice((tokens - 1) * config.hiddenSize);
    },
    async dispose() {
      await (await opened)?.dispose();
    },
  };
}
