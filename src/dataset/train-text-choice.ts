// A bag-of-words model that answers closed questions from their text alone: what it gets right above chance leaks.
import type { QaItem } from "../qa/qa-item.ts";
import { createRng, hashText, type Rng } from "../shared/rng.ts";

// Chosen on made-up sets of 2,000 and 20,000 questions where a known share of the answers follows from the text:
// with 20% of them the model reaches 36.5% of a possible 40% (chance 25%).
const EPOCHS = 6;
const LEARNING_RATE = 0.05;
const L2 = 0.03;
/** Size of a crossed feature; there are some fifty of them to each plain one, and most are noise. */
const CROSSED_SCALE = 0.3;

/** What a reader sees of a question without its signal or image. */
export type ChoiceText = Pick<
  QaItem,
  "task" | "dimension" | "templateId" | "context" | "instruction" | "options"
>;

/** Answers a closed question by the index of an option. */
export type TextChoiceModel = { readonly choose: (item: ChoiceText) => number };

/** How well the text alone answers closed questions. */
export type TextLeak = {
  readonly items: number;
  readonly accuracy: number;
  /** Mean of 1 / options: what guessing gives. */
  readonly chance: number;
};

/**
 * Softmax regression over the options of each question: features are the option's text, its words, its place, and
 * its text crossed with the question's template, with the words of question and context (ages by decade as well),
 * and with every other option. Trained by seeded gradient descent; the weights are averaged over all steps. Items
 * without options are left out.
 */
export function trainTextChoice(items: readonly QaItem[], seed: number): TextChoiceModel {
  const known = new Map<number, number>();
  const questions = items.flatMap((item) => {
    const right = rightOption(item);
    return right >= 0 ? [{ options: questionFeatures(item, known, { grow: true }), right }] : [];
  });
  const weights = descend(questions, known.size, createRng(seed).fork("text-choice"));
  return {
    choose: (item) => {
      const features = questionFeatures(item, known, { grow: false });
      const scores = features.map((option) => score(weights, option));
      return scores.indexOf(Math.max(...scores));
    },
  };
}

/** Feature indices of one option. */
type OptionFeatures = { readonly plain: Uint32Array; readonly crossed: Uint32Array };
type Question = { readonly options: readonly OptionFeatures[]; readonly right: number };

/** Averaged weights: mean over steps of w = w - sum of (step * change) / steps, so that no step touches them all. */
function descend(questions: readonly Question[], featureCount: number, rng: Rng): Float64Array {
  const weights = new Float64Array(featureCount);
  const weighted = new Float64Array(featureCount);
  let step = 0;
  const move = (features: Uint32Array, rate: number, slope: number): void => {
    for (let at = 0; at < features.length; at++) {
      const feature = features[at] as number;
      const change = rate * (slope - L2 * (weights[feature] as number));
      weights[feature] = (weights[feature] as number) + change;
      weighted[feature] = (weighted[feature] as number) + step * change;
    }
  };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = LEARNING_RATE * (1 - epoch / EPOCHS);
    for (const { options, right } of rng.shuffle(questions)) {
      const shares = softmax(options.map((features) => score(weights, features)));
      for (const [at, { plain, crossed }] of options.entries()) {
        const error = (at === right ? 1 : 0) - (shares[at] ?? 0);
        move(plain, rate, error);
        move(crossed, rate, error * CROSSED_SCALE);
      }
      step++;
    }
  }
  return weights.map((weight, feature) => weight - (weighted[feature] ?? 0) / Math.max(1, step));
}

/** Accuracy of the text alone on unseen items, beside chance. */
export function measureTextLeak(trained: TextChoiceModel, items: readonly QaItem[]): TextLeak {
  let right = 0;
  let chance = 0;
  let count = 0;
  for (const item of items) {
    const wanted = rightOption(item);
    if (!item.options || wanted < 0) continue;
    count++;
    chance += 1 / item.options.length;
    if (trained.choose(item) === wanted) right++;
  }
  return {
    items: count,
    accuracy: count === 0 ? 0 : right / count,
    chance: count === 0 ? 0 : chance / count,
  };
}

/** Index of the right option, -1 when the item has none. */
export function rightOption(item: QaItem): number {
  return (
    item.options?.findIndex((option, at) => item.answer === `${String.fromCharCode(65 + at)}: ${option}`) ??
    -1
  );
}

/** Features of every option as indices into the known ones; unknown ones are added (`grow`) or left out. */
function questionFeatures(
  item: ChoiceText,
  known: Map<number, number>,
  { grow }: { readonly grow: boolean },
): OptionFeatures[] {
  const options = (item.options ?? []).map((option) => option.toLowerCase());
  const asked = item.instruction.split(` A: ${item.options?.[0] ?? ""}`)[0] ?? "";
  const context = [
    `${item.task}/${item.dimension ?? ""}/${item.templateId}`,
    `${item.task}/${item.dimension ?? ""}`,
    ...new Set([...words(asked), ...words(item.context).map((word) => `context:${word}`)]),
  ];
  const indices = (names: readonly string[]): Uint32Array => {
    const found = names.map((name) => {
      const hash = hashText(name);
      const index = known.get(hash);
      if (index !== undefined || !grow) return index;
      known.set(hash, known.size);
      return known.size - 1;
    });
    return Uint32Array.from(found.filter((index) => index !== undefined));
  };
  return options.map((option, at) => {
    const others = options.filter((_, other) => other !== at).map((text) => `beside=${text}`);
    return {
      plain: indices([`text=${option}`, `place=${at}`, ...words(option).map((word) => `word=${word}`)]),
      crossed: indices([...context, ...others].map((name) => `${name}|text=${option}`)),
    };
  });
}

/** Words in lower case; a number also stands as its decade, for ages. */
function words(text: string): string[] {
  const plain = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return plain.flatMap((word) => (/^\d{2,3}$/.test(word) ? [word, `${word.slice(0, -1)}x`] : [word]));
}

function score(weights: Float64Array, { plain, crossed }: OptionFeatures): number {
  let [own, context] = [0, 0];
  for (let at = 0; at < plain.length; at++) own += weights[plain[at] as number] as number;
  for (let at = 0; at < crossed.length; at++) context += weights[crossed[at] as number] as number;
  return own + CROSSED_SCALE * context;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const exponentials = scores.map((value) => Math.exp(value - highest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}
