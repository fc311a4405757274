// A bag-of-words model that answers closed questions from their text alone: what it gets right above chance leaks.
import type { QaItem } from "../qa/qa-item.ts";
import { createRng, hashText } from "../shared/rng.ts";

/** Hashed feature space; collisions are rare with a few thousand distinct features. */
const FEATURE_COUNT = 1 << 16;
const EPOCHS = 6;
const LEARNING_RATE = 0.15;
const L2 = 1e-5;

/** Answers a closed question by the index of an option. */
export type TextChoiceModel = { readonly choose: (item: QaItem) => number };

/** How well the text alone answers closed questions. */
export type TextLeak = {
  readonly items: number;
  readonly accuracy: number;
  /** Mean of 1 / options: what guessing gives. */
  readonly chance: number;
};

/**
 * Softmax regression over the options of each question: features are the option's text, its words, its place, and
 * all of these crossed with the question's template and its words. Trained by seeded gradient descent.
 * Items without options are left out.
 */
export function trainTextChoice(items: readonly QaItem[], seed: number): TextChoiceModel {
  const weights = new Float32Array(FEATURE_COUNT);
  const questions = items.flatMap((item) => {
    const right = rightOption(item);
    return item.options && right >= 0
      ? [{ features: item.options.map((_, at) => optionFeatures(item, at)), right }]
      : [];
  });
  const rng = createRng(seed).fork("text-choice");
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = LEARNING_RATE * (1 - epoch / EPOCHS);
    for (const question of rng.shuffle(questions)) {
      const shares = softmax(question.features.map((features) => score(weights, features)));
      for (const [option, features] of question.features.entries()) {
        const error = (option === question.right ? 1 : 0) - (shares[option] ?? 0);
        for (const feature of features) {
          const weight = weights[feature] ?? 0;
          weights[feature] = weight + rate * (error - L2 * weight);
        }
      }
    }
  }
  return {
    choose: (item) => {
      const scores = (item.options ?? []).map((_, at) => score(weights, optionFeatures(item, at)));
      return scores.indexOf(Math.max(...scores));
    },
  };
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

function optionFeatures(item: QaItem, at: number): number[] {
  const option = (item.options?.[at] ?? "").toLowerCase();
  const own = [`text=${option}`, `place=${at}`, ...words(option).map((word) => `word=${word}`)];
  const context = [
    `${item.task}/${item.dimension ?? ""}/${item.templateId}`,
    ...words(item.instruction).slice(0, 40),
  ];
  const others = (item.options ?? [])
    .filter((_, other) => other !== at)
    .map((text) => `beside=${text.toLowerCase()}`);
  const names = [
    ...own,
    ...context.map((name) => `${name}|text=${option}`),
    ...others.map((name) => `${name}|text=${option}`),
  ];
  return names.map((name) => hashText(name) % FEATURE_COUNT);
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function score(weights: Float32Array, features: readonly number[]): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature] ?? 0;
  return sum;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const exponentials = scores.map((value) => Math.exp(value - highest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}
