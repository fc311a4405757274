// HeartcareGPT in use: recordings and pictures with a question in, an answer with its evidence out.
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import type { LeadTile } from "../../images/lead-tiles.ts";
import type { EcgRecord, Patient } from "../../record/ecg-record.ts";
import type { StatementKey } from "../../record/statement.ts";
import { EcgError } from "../../shared/errors.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";
import type { ImagePreparation, VisionConfig } from "../config/vision-config.ts";
import type { DecoderSession } from "../generate/decoder-session.ts";
import {
  type GeneratedText,
  type GenerateTextOptions,
  generateText,
  streamText,
  type TextEvent,
} from "../generate/generate-text.ts";
import type { Prompt } from "../generate/generate-tokens.ts";
import type { KeyValueCache } from "../generate/key-value-cache.ts";
import { logSumExp } from "../generate/sample-token.ts";
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import { type PromptFrame, promptQuestion, verdictIds } from "./build-prompt.ts";
import type { FeatureEncoder } from "./feature-encoder.ts";
import type { HeartcareConfig } from "./heartcare-config.ts";
import { readVerdicts, sayVerdicts, uniteVerdicts } from "./judge-options.ts";
import { optionEnds } from "./option-ends.ts";
import { showEcgs } from "./show-ecgs.ts";
import { type StatementHead, type StatementReading, statementReadings } from "./statement-head.ts";
import type { ReadingPrompt, StatementReader } from "./statement-reader.ts";

/** A recording as a question shows it: as a signal, as a picture, or as both. */
export type ShownEcg = {
  /** Any rate, length and leads; `prepared`: at the model's rate and cleaned already. */
  readonly signal?: { readonly record: EcgRecord; readonly prepared: boolean } | undefined;
  /** Tiles of one picture each: the leads in canonical order, or the page in one tile; see `drawTiles`. */
  readonly images?: readonly (readonly LeadTile[])[] | undefined;
  /** Who was recorded how, of this recording alone: what it is read with where two are compared. */
  readonly context?: string | undefined;
  /** Measured on the signal or the page; goes in as text where the model reads such text. Leave it out to withhold it. */
  readonly measurements?: Measurements | null | undefined;
  readonly patient?: Omit<Patient, "id"> | undefined;
};

/** What a picture showed as tiles. */
export type ShownTiles = {
  /** None for a page shown uncut. */
  readonly leads: readonly string[];
  /** Whether a rhythm strip stood behind them. */
  readonly rhythmStrip?: true;
};

/** What went into an answer. */
export type AnswerEvidence = {
  readonly recordings: readonly {
    readonly recordId: string | null;
    /** Seconds of the recording that each segment covers; a negative start is padding. */
    readonly segments: readonly {
      readonly startSeconds: number;
      readonly endSeconds: number;
      readonly core: readonly number[];
    }[];
    readonly images: readonly ShownTiles[];
    readonly measuredText: string;
  }[];
  readonly context: string;
  readonly promptTokens: number;
};

/** What questions about the same recordings share; made once, asked often. */
export type ShownPrompt = {
  readonly prefix: { readonly ids: readonly number[]; readonly embeddings: Float32Array };
  /** Each recording alone, as statements are read from it; undefined for one that shows nothing. */
  readonly readings: readonly (ReadingPrompt | undefined)[];
  readonly evidence: AnswerEvidence;
};

export type ClosedAnswer = {
  /** `B: text`, always one of the offered. */
  readonly text: string;
  readonly index: number;
  /** Share of each option; they add up to 1. */
  readonly shares: readonly number[];
};

/** What a model reads from a recording before it is asked, statement by statement. */
export type StatementEvidence = ReadonlyMap<StatementKey, StatementReading>;

export type HeartcareModel = {
  readonly id: string;
  readonly config: HeartcareConfig;
  readonly tokenizer: TextTokenizer;
  readonly beat: BeatTokenizer;
  readonly vision: VisionConfig | undefined;
  /**
   * Encode what is shown. `context` says who was recorded and how, see `itemContext`.
   * @throws EcgError as the tokenizer's encode; INVALID_SIGNAL for a record without samples.
   */
  show(ecgs: readonly ShownEcg[], context: string): Promise<ShownPrompt>;
  /** Answer freely; see {@link asksForForecast}. */
  answer(shown: ShownPrompt, instruction: string, options?: GenerateTextOptions): Promise<GeneratedText>;
  /** Whether an answer has the token `<pred>`: what follows the signal is then the tokenizer's to forecast. */
  asksForForecast(answer: Pick<GeneratedText, "tokenIds">): boolean;
  /** The same, piece by piece. */
  stream(
    shown: ShownPrompt,
    instruction: string,
    options?: GenerateTextOptions,
  ): AsyncGenerator<TextEvent, void>;
  /**
   * Choose the offered answer that the model holds most clearly right: by its verdict in words behind each option and, unless
   * `textAlone`, by what it reads ({@link HeartcareModel.read}).
   * @throws EcgError INVALID_OPTION without options.
   */
  choose(
    shown: ShownPrompt,
    instruction: string,
    options: readonly string[],
    how?: { readonly textAlone?: boolean },
  ): Promise<ClosedAnswer>;
  /** Evidence by shown recording; empty for a model without a statement head, undefined where nothing is shown. */
  read(shown: ShownPrompt): Promise<readonly (StatementEvidence | undefined)[]>;
  dispose(): Promise<void>;
};

export type HeartcareModelParts = {
  readonly id: string;
  readonly config: HeartcareConfig;
  readonly tokenizer: TextTokenizer;
  readonly frame: PromptFrame;
  readonly session: DecoderSession;
  readonly beat: BeatTokenizer;
  readonly vision: VisionConfig | undefined;
  readonly preparation: ImagePreparation | undefined;
  readonly features: FeatureEncoder;
  /** Reads statements off hidden states; a model may have none. */
  readonly statements?: { readonly head: StatementHead; readonly reader: StatementReader } | undefined;
  readonly dispose: () => Promise<void>;
};

const LETTERS = "ABCDEFGH";

/** A model over its parts; `loadHeartcareModel` opens a folder. */
export function createHeartcareModel(parts: HeartcareModelParts): HeartcareModel {
  const { tokenizer, frame, session } = parts;
  // what is shown is read once, each question about it costs its own tokens
  const read = new WeakMap<ShownPrompt, Promise<KeyValueCache>>();
  const promptOf = async (shown: ShownPrompt, instruction: string): Promise<Prompt> => {
    const known = read.get(shown) ?? readPrefix(session, shown);
    read.set(shown, known);
    return { ids: promptQuestion(tokenizer, frame, instruction), after: await known };
  };
  const evidence = new WeakMap<ShownPrompt, ReturnType<typeof readEvidence>>();
  const evidenceOf = (shown: ShownPrompt): ReturnType<typeof readEvidence> => {
    const known = evidence.get(shown) ?? readEvidence(shown, parts);
    evidence.set(shown, known);
    return known;
  };
  const stream: HeartcareModel["stream"] = async function* (shown, instruction, options = {}) {
    yield* streamText(session, tokenizer, await promptOf(shown, instruction), options);
  };
  return {
    ...parts,
    show: (ecgs, context) => showEcgs(ecgs, context, parts),
    stream,
    answer: async (shown, instruction, options) =>
      generateText(session, tokenizer, await promptOf(shown, instruction), options),
    asksForForecast: ({ tokenIds }) => tokenIds.includes(frame.pred),
    read: evidenceOf,
    async choose(shown, instruction, options, { textAlone = false } = {}) {
      if (options.length === 0 || options.length > LETTERS.length) {
        throw new EcgError(
          "INVALID_OPTION",
          `choose: expected 1 to ${LETTERS.length} options, got ${options.length}`,
        );
      }
      const said = await sayVerdicts(session, await promptOf(shown, instruction), {
        ends: optionEnds(tokenizer, instruction, options),
        verdicts: verdictIds(tokenizer),
      });
      const read = readVerdicts(instruction, options, textAlone ? [] : await evidenceOf(shown));
      const verdicts = uniteVerdicts(said, read);
      const index = verdicts.reduce((best, value, i) => (value > verdicts[best]! ? i : best), 0);
      const normaliser = logSumExp(verdicts);
      return {
        text: `${LETTERS[index]}: ${options[index]}`,
        index,
        shares: verdicts.map((value) => Math.exp(value - normaliser)),
      };
    },
  };
}

async function readEvidence(
  { readings }: ShownPrompt,
  { statements }: HeartcareModelParts,
): Promise<readonly (StatementEvidence | undefined)[]> {
  if (!statements) return [];
  const out: (StatementEvidence | undefined)[] = [];
  for (const reading of readings) {
    const hidden = reading && (await statements.reader.hiddenState(reading));
    out.push(hidden && statementReadings(statements.head, reading.place, hidden));
  }
  return out;
}

async function readPrefix(session: DecoderSession, { prefix }: ShownPrompt): Promise<KeyValueCache> {
  const cache = session.newCache();
  await session.advance(cache, { embeddings: prefix.embeddings, tokens: prefix.ids.length });
  return cache;
}
