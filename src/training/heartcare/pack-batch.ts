// packBatch: rows of questions as the numbers of one step. The questions of a row share what they are about: the prefix is
// read once, each question sees the prefix and itself and nothing of the others, as if it stood alone.

import type { LanguageConfig } from "../../model/config/language-config.ts";
import { HEARTCARE_INPUTS } from "../../model/dspa/build-heartcare.ts";
import type { PromptFrame, PromptPlace, PromptSizes } from "../../model/dspa/build-prompt.ts";
import { lastVectors, promptPrefix, promptQuestion, verdictIds } from "../../model/dspa/build-prompt.ts";
import { endToken, optionEnds } from "../../model/dspa/option-ends.ts";
import { LANGUAGE_INPUTS } from "../../model/language/build-language-model.ts";
import { rotaryPositions } from "../../model/language/rotary-positions.ts";
import type { TextTokenizer } from "../../model/tokenizer/load-tokenizer.ts";
import type { Question, SequencePlan } from "./draw-sequences.ts";

/** A row without its features: how many segments each recording shows is known when it is packed. */
export type RowContent = {
  readonly plan: SequencePlan;
  /** Segments of each shown recording; 0 where no signal is shown. */
  readonly segments: readonly number[];
};

export type PackOptions = {
  readonly language: LanguageConfig;
  readonly tokenizer: TextTokenizer;
  readonly frame: PromptFrame;
  readonly sizes: PromptSizes;
  readonly batch: number;
  readonly tokens: number;
  readonly targets: number;
  /** Room in the tables of features: rows of a picture begin behind all segments. */
  readonly segments: number;
  /** 0: the model has no pictures, and none are shown. */
  readonly images: number;
};

export type PackedBatch = {
  readonly inputs: Record<string, Float32Array | BigInt64Array>;
  /**
   * Where the first token of each answer is predicted: row of the batch, question, index into the targets; and where the
   * model says whether each offered answer is right.
   */
  readonly firsts: readonly {
    readonly row: number;
    readonly question: number;
    readonly target: number;
    readonly offered: readonly number[];
  }[];
  /** Where a shown recording was read: after its last vector, and after the context where it stands alone. */
  readonly summaries: readonly { readonly row: number; readonly shown: number; readonly place: number }[];
  /** Questions that found no room. */
  readonly leftOut: number;
};

const HIDDEN = -1e9;
/** Of what is said at a finding that the question names. */
const NAMED_WEIGHT = 1;

/** Pack rows. Questions that do not fit a row, or the targets, are left out and counted. */
export function packBatch(rows: readonly RowContent[], options: PackOptions): PackedBatch {
  const { batch, tokens, targets, language } = options;
  const sources = new BigInt64Array(batch * tokens).fill(BigInt(language.padTokenId ?? 0));
  const positions = new Array<number>(batch * tokens).fill(0);
  const mask = new Float32Array(batch * tokens * tokens).fill(HIDDEN);
  const targetRows = new BigInt64Array(targets);
  const targetIds = new BigInt64Array(targets).fill(-100n);
  const targetWeights = new Float32Array(targets);
  const firsts: { row: number; question: number; target: number; offered: readonly number[] }[] = [];
  const [yes, no] = verdictIds(options.tokenizer);
  const summaries: { row: number; shown: number; place: number }[] = [];
  let [targetCount, leftOut, segment, image] = [0, 0, 0, 0];
  for (const [row, content] of rows.entries()) {
    const { plan, segments } = content;
    const shown = plan.shown.map((entry, index) => ({
      segments: segments[index]!,
      images: entry.image && options.images > 0 ? 1 : 0,
    }));
    const prefix = promptPrefix(options.tokenizer, options.frame, shown, plan.context, options.sizes).slice(
      0,
      tokens,
    );
    for (const [place, entry] of prefix.entries()) {
      sources[row * tokens + place] = BigInt(sourceOf(entry, options, { segment, image }));
      positions[row * tokens + place] = place;
    }
    for (const [index, place] of lastVectors(prefix, shown).entries()) {
      if (place !== undefined) summaries.push({ row, shown: index, place });
    }
    if (shown.length === 1) summaries.push({ row, shown: 0, place: prefix.length - 1 });
    segment += shown.reduce((sum, entry) => sum + entry.segments, 0);
    image += shown.reduce((sum, entry) => sum + entry.images, 0);
    reveal(mask, row, tokens, { from: 0, to: prefix.length, prefix: 0 });
    let at = prefix.length;
    for (const [question, asked] of plan.questions.entries()) {
      const { ids, answerFrom } = questionIds(asked, options);
      // the last token predicts nothing: it is a target only
      const length = ids.length - 1;
      const ends = asked.offered
        ? optionEnds(options.tokenizer, asked.instruction, asked.offered.options)
        : [];
      const named = namedPlaces(asked, options.tokenizer);
      const wanted = ids.length - answerFrom + ends.length + named.length;
      if (at + length > tokens || targetCount + wanted > targets) {
        leftOut++;
        continue;
      }
      for (let i = 0; i < length; i++) {
        sources[row * tokens + at + i] = BigInt(ids[i]!);
        positions[row * tokens + at + i] = prefix.length + i;
      }
      reveal(mask, row, tokens, { from: at, to: at + length, prefix: prefix.length });
      const learn = (place: number, id: number, weight: number): void => {
        targetRows[targetCount] = BigInt(row * tokens + at + place);
        targetIds[targetCount] = BigInt(id);
        targetWeights[targetCount++] = weight;
      };
      firsts.push({
        row,
        question,
        target: targetCount + ends.length + named.length,
        offered: ends.map((_, i) => targetCount + i),
      });
      for (const [option, end] of ends.entries()) {
        learn(end, option === asked.offered!.right ? yes : no, asked.offered!.weight);
      }
      for (const { place, present } of named) learn(place, present ? yes : no, NAMED_WEIGHT);
      for (let i = answerFrom; i < ids.length; i++) {
        learn(i - 1, ids[i]!, i === answerFrom ? asked.firstWeight : asked.restWeight);
      }
      at += length;
    }
    // padding sees itself, for a softmax over nothing has no value
    for (let place = at; place < tokens; place++) mask[(row * tokens + place) * tokens + place] = 0;
  }
  for (let place = rows.length * tokens; place < batch * tokens; place++)
    mask[place * tokens + (place % tokens)] = 0;
  return {
    inputs: {
      [HEARTCARE_INPUTS.sources]: sources,
      ...rotaryPositions(language.rotary, positions, "short"),
      [LANGUAGE_INPUTS.mask]: mask,
      [LANGUAGE_INPUTS.targetRows]: targetRows,
      [LANGUAGE_INPUTS.targetIds]: targetIds,
      [HEARTCARE_INPUTS.targetWeights]: targetWeights,
    },
    firsts,
    summaries,
    leftOut,
  };
}

/** Where a named finding ends, and the tokens behind it for the second and further recordings. */
function namedPlaces(
  { named = [], instruction }: Question,
  tokenizer: TextTokenizer,
): { place: number; present: boolean }[] {
  return named.flatMap(({ end, present }) => {
    const at = endToken(tokenizer, instruction, end);
    return present.map((isPresent, recording) => ({ place: at + recording, present: isPresent }));
  });
}

/** Question, answer and what ends it; `answerFrom` is the first token that is learned. */
function questionIds(
  asked: Question,
  { tokenizer, frame, language }: PackOptions,
): { ids: number[]; answerFrom: number } {
  const question = asked.bare
    ? tokenizer.encode(asked.instruction)
    : promptQuestion(tokenizer, frame, asked.instruction);
  const answer = tokenizer.encode(asked.answer);
  const end = asked.bare ? [] : language.endTokenIds.slice(0, 1);
  return { ids: [...question, ...answer, ...end], answerFrom: question.length };
}

function sourceOf(
  place: PromptPlace,
  { language, sizes, segments }: PackOptions,
  first: { readonly segment: number; readonly image: number },
): number {
  if (place.kind === "token") return place.id;
  if (place.kind === "segment") {
    return language.vocabularySize + (first.segment + place.index) * sizes.vectorsPerSegment + place.vector;
  }
  const images = language.vocabularySize + segments * sizes.vectorsPerSegment;
  return images + (first.image + place.index) * sizes.vectorsPerImage + place.vector;
}

/** Places [from, to) see the first `prefix` places, and each other up to themselves. */
function reveal(
  mask: Float32Array,
  row: number,
  tokens: number,
  { from, to, prefix }: { readonly from: number; readonly to: number; readonly prefix: number },
): void {
  for (let place = from; place < to; place++) {
    const line = (row * tokens + place) * tokens;
    mask.fill(0, line, line + Math.min(prefix, from));
    mask.fill(0, line + from, line + place + 1);
  }
}
