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
import { tilePatches } from "../vision/tile-patches.ts";
import {
  type PromptFrame,
  type PromptPlace,
  promptPrefix,
  promptQuestion,
  type ShownRecording,
  verdictIds,
} from "./build-prompt.ts";
import { describeMeasurements } from "./describe-measurements.ts";
import type { FeatureEncoder } from "./feature-encoder.ts";
import { type HeartcareConfig, tilesPerImage, vectorsPerSegment } from "./heartcare-config.ts";
import { readVerdicts, sayVerdicts, uniteVerdicts } from "./judge-options.ts";
import { optionEnds } from "./option-ends.ts";
import { WHOLE_PAGE } from "./page-tile.ts";
import { promptContext } from "./prompt-context.ts";
import { requireSamples } from "./require-samples.ts";
import { type StatementHead, statementEvidence } from "./statement-head.ts";
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
    /** Leads that each picture showed as tiles; none for a page shown uncut. */
    readonly images: readonly { readonly leads: readonly string[] }[];
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

/** What a model reads from a recording before it is asked: log odds for and against each statement, 0 for neither. */
export type StatementEvidence = ReadonlyMap<StatementKey, number>;

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
    out.push(hidden && statementEvidence(statements.head, reading.place, hidden));
  }
  return out;
}

async function readPrefix(session: DecoderSession, { prefix }: ShownPrompt): Promise<KeyValueCache> {
  const cache = session.newCache();
  await session.advance(cache, { embeddings: prefix.embeddings, tokens: prefix.ids.length });
  return cache;
}

async function showEcgs(
  ecgs: readonly ShownEcg[],
  context: string,
  parts: HeartcareModelParts,
): Promise<ShownPrompt> {
  const { config, beat, features } = parts;
  const segmentRows: Float32Array[] = [];
  const imageRows: Float32Array[] = [];
  const recordings: AnswerEvidence["recordings"][number][] = [];
  for (const { signal, images = [], measurements, patient } of ecgs) {
    const segments: AnswerEvidence["recordings"][number]["segments"][number][] = [];
    if (signal) {
      requireSamples(signal.record);
      const encoded = await beat.encode(signal.record, { prepared: signal.prepared });
      for (const segment of encoded) {
        segmentRows.push(await features.segment(segment));
        const seconds = (sample: number): number => sample / config.signal.samplingRateHz;
        segments.push({
          startSeconds: seconds(segment.window.startSample),
          endSeconds: seconds(segment.window.endSample),
          core: segment.core,
        });
      }
    }
    for (const tiles of images) imageRows.push(await features.image(patchesOf(tiles, parts)));
    recordings.push({
      recordId: signal?.record.id ?? null,
      segments,
      images: images.map((tiles) => ({
        leads: tiles.filter(({ lead, missing }) => !missing && lead !== WHOLE_PAGE).map(({ lead }) => lead),
      })),
      measuredText: saysMeasured(config, signal !== undefined)
        ? describeMeasurements(measurements, patient ?? {})
        : "",
    });
  }
  const text = promptContext(
    context,
    recordings.map(({ measuredText }) => measuredText),
  );
  const embed = (counts: readonly ShownRecording[], said: string, from: FeatureStart): Embedded =>
    embedPrefix(counts, said, { segmentRows, imageRows, from, parts });
  const counts = recordings.map(({ segments, images }) => ({
    segments: segments.length,
    images: images.length,
  }));
  const prefix = embed(counts, text, { segments: 0, images: 0 });
  const from = { segments: 0, images: 0 };
  const readings = counts.map((count, index): ReadingPrompt | undefined => {
    if (count.segments + count.images === 0) return undefined;
    const said = promptContext(ecgs[index]!.context ?? "", [recordings[index]!.measuredText]);
    const alone = counts.length === 1 ? prefix : embed([count], said, from);
    from.segments += count.segments;
    from.images += count.images;
    const place = count.segments > 0 ? "signal" : "picture";
    return { place, tokens: alone.ids.length, embeddings: alone.embeddings };
  });
  return { prefix, readings, evidence: { recordings, context: text, promptTokens: prefix.ids.length } };
}

/** Measured values go in as text with a signal, and with a page where the model was trained so. */
function saysMeasured({ measuredText, image }: HeartcareConfig, isSignal: boolean): boolean {
  return measuredText && (isSignal || image.measuredText === true);
}

type Embedded = { readonly ids: readonly number[]; readonly embeddings: Float32Array };
type FeatureStart = { readonly segments: number; readonly images: number };

/** The prompt before a question, of recordings whose features begin at `from`. */
function embedPrefix(
  counts: readonly ShownRecording[],
  text: string,
  rows: {
    readonly segmentRows: readonly Float32Array[];
    readonly imageRows: readonly Float32Array[];
    readonly from: FeatureStart;
    readonly parts: HeartcareModelParts;
  },
): Embedded {
  const { parts, from } = rows;
  const { config, session } = parts;
  const sizes = { vectorsPerSegment: vectorsPerSegment(config), vectorsPerImage: tilesPerImage(config) };
  return embedPlaces(promptPrefix(parts.tokenizer, parts.frame, counts, text, sizes), {
    segmentRows: rows.segmentRows.slice(from.segments),
    imageRows: rows.imageRows.slice(from.images),
    parts,
    width: session.config.hiddenSize,
  });
}

function embedPlaces(
  places: readonly PromptPlace[],
  options: {
    readonly segmentRows: readonly Float32Array[];
    readonly imageRows: readonly Float32Array[];
    readonly parts: HeartcareModelParts;
    readonly width: number;
  },
): { ids: number[]; embeddings: Float32Array } {
  const { segmentRows, imageRows, parts, width } = options;
  const { frame, session } = parts;
  // a feature's id is its marker's: sampling penalties and counts then see no unknown token
  const ids = places.map((place) =>
    place.kind === "token" ? place.id : place.kind === "segment" ? frame.sig : frame.img,
  );
  const embeddings = session.embed(ids);
  for (const [at, place] of places.entries()) {
    if (place.kind === "token") continue;
    const rows = (place.kind === "segment" ? segmentRows : imageRows)[place.index]!;
    embeddings.set(rows.subarray(place.vector * width, (place.vector + 1) * width), at * width);
  }
  return { ids, embeddings };
}

function patchesOf(
  tiles: readonly LeadTile[],
  { vision, preparation, config }: HeartcareModelParts,
): Float32Array {
  if (!vision || !preparation) return new Float32Array(0);
  const expected = tilesPerImage(config);
  if (tiles.length !== expected) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `show: expected ${expected} tiles of a picture, got ${tiles.length}`,
    );
  }
  return tilePatches(tiles, vision, preparation);
}
