// The demo's look at HeartcareGPT: one closed question of the dataset and one report by the model that ships.
import { readDatasetRecords, readItems, readSignal } from "../../dataset/read-dataset.ts";
import { rightOption } from "../../dataset/train-text-choice.ts";
import { askShown, type QuestionAnswer, showInputs } from "../../model/dspa/ask-question.ts";
import type { EcgReport } from "../../model/dspa/ecg-report.ts";
import { openHeartcare, resolveHeartcareFolder } from "../../model/dspa/node/open-heartcare.ts";
import { preparedOfDataset } from "../../model/dspa/prepare-ecg.ts";
import { showRecording } from "../../model/dspa/show-recording.ts";
import { writeEcgReport } from "../../model/dspa/write-report.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import { EcgError } from "../../shared/errors.ts";

/** What the model said about one recording. */
export type ModelDemo = {
  readonly answer: QuestionAnswer;
  /** Whether the answer is the dataset's. */
  readonly right: boolean;
  readonly report: EcgReport;
};

/** The folder of the shipped model; undefined in a package without one. */
export function shippedModelFolder(): string | undefined {
  try {
    return resolveHeartcareFolder();
  } catch (error) {
    if (EcgError.isInstance(error) && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** Ask about the first test recording with a closed question on its signal; undefined where there is none. */
export async function askShippedModel(dataset: string, folder: string): Promise<ModelDemo | undefined> {
  const item = await firstClosedItem(dataset);
  if (!item) return undefined;
  for await (const row of readDatasetRecords(dataset)) {
    if (row.identity.recordingId !== item.records[0]?.recordId) continue;
    const model = await openHeartcare(folder);
    try {
      const input = showRecording(model, preparedOfDataset(row, await readSignal(dataset, row)));
      const answer = await askShown(model, await showInputs(model, [input]), item.instruction);
      const report = await writeEcgReport(model, input);
      return { answer, right: answer.chosen === rightOption(item), report };
    } finally {
      await model.dispose();
    }
  }
  return undefined;
}

async function firstClosedItem(dataset: string): Promise<QaItem | undefined> {
  for await (const { item } of readItems(dataset, "test")) {
    if (item.task === "closed-qa" && item.subset === "S") return item;
  }
  return undefined;
}
