// askQuestion: a question about one or two ECGs, answered by a letter, in words, or by the forecaster, with its evidence.
import { parseOptions } from "../../qa/parse-options.ts";
import { withOptions } from "../../qa/write-options.ts";
import { EcgError } from "../../shared/errors.ts";
import type { FinishReason } from "../generate/generate-text.ts";
import { askedSeconds, asksWhatComesNext } from "./asks-what-comes-next.ts";
import { type EarlierTurn, withEarlierTurns } from "./earlier-turns.ts";
import type { EcgInput } from "./ecg-input.ts";
import { canForecast, type EcgForecast, forecastInput } from "./forecast-input.ts";
import type { HeartcareModel, ShownPrompt } from "./heartcare-model.ts";
import { type QuestionEvidence, questionEvidence } from "./question-evidence.ts";
import { type ReadStatement, readStatements } from "./read-statements.ts";

/** Tokens of an answer in words unless told otherwise. */
export const ANSWER_TOKENS = 200;
/** Seconds of a forecast whose request names none. */
const FORECAST_SECONDS = 2;
/** Comparisons are between two. */
const MOST_RECORDINGS = 2;
const ORDINALS = ["First", "Second"];

export type AskOptions = {
  /** Default 200. The likeliest token is taken each time, up to the end token. */
  readonly maxNewTokens?: number;
  /** Default: what the request names, else 2. */
  readonly forecastSeconds?: number | undefined;
  /** Turns before this one that an answer in words may build on. Default none: models of single questions get confused. */
  readonly earlier?: readonly EarlierTurn[] | undefined;
  /** Gets an answer in words piece by piece. */
  readonly onText?: (piece: string) => void;
  readonly signal?: AbortSignal;
};

export type QuestionAnswer = {
  readonly question: string;
  /** `closed`: one of the offered options; `forecast`: the signal goes on; `open`: words. */
  readonly kind: "closed" | "open" | "forecast";
  /** `B: text`, the words, or one sentence about the forecast. */
  readonly answer: string;
  /** The offered texts and the share of each; closed answers only. */
  readonly options?: readonly string[];
  readonly chosen?: number;
  readonly shares?: readonly number[];
  /** By shown recording, what the model read before the question, surest first; closed answers of models that read. */
  readonly read?: readonly (readonly ReadStatement[])[];
  /** Why words ended. */
  readonly finish?: FinishReason;
  readonly forecast?: EcgForecast;
  readonly evidence: QuestionEvidence;
};

/** ECGs before a model, encoded once, to be asked about often. */
export type ShownInputs = {
  readonly inputs: readonly EcgInput[];
  readonly prompt: ShownPrompt;
  readonly evidence: QuestionEvidence;
};

/**
 * Encode one ECG, or two to compare.
 * @throws EcgError INVALID_OPTION for none or more than two; as `HeartcareModel.show`.
 */
export async function showInputs(model: HeartcareModel, inputs: readonly EcgInput[]): Promise<ShownInputs> {
  if (inputs.length < 1 || inputs.length > MOST_RECORDINGS) {
    throw new EcgError(
      "INVALID_OPTION",
      `model: expected one ECG, or two to compare, got ${inputs.length}`,
      inputs.length === 0 ? {} : { hint: "a question with spaces in it needs quotes around it" },
    );
  }
  const context = inputs.map((input, index) =>
    inputs.length > 1 ? `${ORDINALS[index]} ECG: ${input.context}` : input.context,
  );
  const shown = inputs.map((input) => input.shown);
  const prompt = await model.show(shown, context.join(" "));
  return { inputs, prompt, evidence: questionEvidence(model, inputs, prompt.evidence) };
}

/** {@link showInputs}, then {@link askShown}. */
export async function askQuestion(
  model: HeartcareModel,
  inputs: readonly EcgInput[],
  question: string,
  options: AskOptions = {},
): Promise<QuestionAnswer> {
  requireQuestion(question);
  return askShown(model, await showInputs(model, inputs), question, options);
}

/**
 * Ask. A question with options (`A: text; B: text`) gets one of their letters and never another; one that wants the
 * signal to go on gets a forecast; any other is answered in words. Every question stands on its own, except in words
 * with `options.earlier`.
 * @throws EcgError INVALID_OPTION for an empty question; as {@link forecastInput} and {@link withEarlierTurns}; ABORTED.
 */
export async function askShown(
  model: HeartcareModel,
  shown: ShownInputs,
  question: string,
  options: AskOptions = {},
): Promise<QuestionAnswer> {
  const text = requireQuestion(question);
  const { inputs, prompt, evidence } = shown;
  const offered = parseOptions(text);
  if (offered) {
    const instruction = withOptions(offered.question, offered.options).trim();
    const { text: answer, index, shares } = await model.choose(prompt, instruction, offered.options);
    const read = await readStatements(model, prompt);
    return {
      question: instruction,
      kind: "closed",
      answer,
      options: offered.options,
      chosen: index,
      shares,
      ...(read.length > 0 ? { read } : {}),
      evidence,
    };
  }
  const seconds = options.forecastSeconds ?? askedSeconds(text) ?? FORECAST_SECONDS;
  if (asksWhatComesNext(text)) return forecastAnswer(model, shown, text, seconds);
  const { maxNewTokens = ANSWER_TOKENS, earlier = [], onText, signal } = options;
  const stream = model.stream(prompt, withEarlierTurns(model.tokenizer, earlier, text), {
    maxNewTokens,
    temperature: 0,
    ...(signal ? { signal } : {}),
  });
  for await (const event of stream) {
    if (event.type === "text") {
      onText?.(event.text);
      continue;
    }
    if (model.asksForForecast(event.answer) && canForecast(inputs)) {
      return forecastAnswer(model, shown, text, seconds);
    }
    return { question: text, kind: "open", answer: event.answer.text.trim(), finish: event.reason, evidence };
  }
  return { question: text, kind: "open", answer: "", finish: "end", evidence };
}

async function forecastAnswer(
  model: HeartcareModel,
  { inputs, evidence }: ShownInputs,
  question: string,
  seconds: number,
): Promise<QuestionAnswer> {
  const forecast = await forecastInput(model, inputs, seconds);
  const [length, start] = [forecast.seconds, forecast.startSeconds].map((value) => Number(value.toFixed(2)));
  const answer = `A forecast of ${length} s in ${forecast.leads.length} leads that follows second ${start} of ${forecast.recordId}.`;
  return { question, kind: "forecast", answer, forecast, evidence };
}

function requireQuestion(question: string): string {
  const text = question.trim();
  if (text !== "") return text;
  throw new EcgError("INVALID_OPTION", "question: expected words, got none", {
    hint: 'for example: "What rhythm does this ECG show?"',
  });
}
