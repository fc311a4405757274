// A baseline by its name, trained on the train split of a dataset where it needs training.
import { readItems } from "../../dataset/read-dataset.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import { EcgError } from "../../shared/errors.ts";
import type { BenchModel } from "../bench-model.ts";
import { trainBlindText } from "./blind-text.ts";
import { forecastBaselines } from "./forecast-baselines.ts";
import { trainMajority } from "./majority.ts";
import { measuredBaseline } from "./measured.ts";

export const BASELINE_NAMES = [
  "majority",
  "blind-text",
  "measured",
  "zero",
  "persistence",
  "scaled-persistence",
] as const;
export type BaselineName = (typeof BASELINE_NAMES)[number];

/**
 * Make a baseline for a dataset folder. `majority` and `blind-text` learn from its train items.
 * @throws EcgError USAGE for an unknown name.
 */
export async function makeBaseline(name: string, dataset: string, seed: number): Promise<BenchModel> {
  switch (name) {
    case "majority":
      return trainMajority(trainItems(dataset));
    case "blind-text": {
      const choices: QaItem[] = [];
      for await (const item of trainItems(dataset)) if (item.options) choices.push(item);
      return trainBlindText(choices, seed);
    }
    case "measured":
      return measuredBaseline();
    default: {
      const forecaster = forecastBaselines().find((model) => model.id === name);
      if (forecaster) return forecaster;
      throw new EcgError("USAGE", `model: expected ${BASELINE_NAMES.join(", ")}, got ${name}`);
    }
  }
}

async function* trainItems(dataset: string): AsyncGenerator<QaItem> {
  for await (const { item } of readItems(dataset, "train")) yield item;
}
