// Signal prediction items: 4 s shown, the next 2 s asked for; the answer calls the forecaster (paper B.4).
import type { QaItem } from "../qa-item.ts";
import { ECG_NOUNS } from "../templates/ecg-wording.ts";
import { fillTemplate } from "../templates/fill-template.ts";
import { patientPhrase } from "../templates/patient-wording.ts";
import { PREDICTION_REQUESTS } from "../templates/prediction-questions.ts";
import { type ItemOptions, itemContext, itemIdentity, itemRecord, type Subject } from "./item-parts.ts";

/** Beat's input and its prediction horizon, half of it, in samples at 250 Hz (design 4.6). */
export const PREDICTION_INPUT_SAMPLES = 1000;
export const PREDICTION_HORIZON_SAMPLES = 500;

/** The token that calls the forecaster. */
export const PREDICTION_ANSWER = "<pred>";

/**
 * One item for each window of 4 s with 2 s after it, starting every 2 s of the recording.
 *
 * The item's window is what is shown; the 500 samples that follow its end are the truth. A recording shorter than
 * 6 s gives none. Signals only: a forecast in mV has no place on a page.
 */
export function predictionItems(subject: Subject, options: ItemOptions): QaItem[] {
  const { record } = subject;
  const items: QaItem[] = [];
  const { startSample, endSample } = record.window;
  const needed = PREDICTION_INPUT_SAMPLES + PREDICTION_HORIZON_SAMPLES;
  for (let start = startSample; start + needed <= endSample; start += PREDICTION_HORIZON_SAMPLES) {
    const fact = `forecast:${start}+${PREDICTION_INPUT_SAMPLES}>${PREDICTION_HORIZON_SAMPLES}`;
    const { rng, ...identity } = itemIdentity(
      "prediction",
      [{ recordId: record.recordId, modality: "signal" }],
      fact,
      options.seed,
    );
    const shown = {
      ...record,
      window: { startSample: start, endSample: start + PREDICTION_INPUT_SAMPLES },
    };
    const template = rng.pick(PREDICTION_REQUESTS);
    items.push({
      ...identity,
      task: "prediction",
      subset: "S",
      records: [itemRecord(shown, "signal")],
      context: itemContext(shown, "signal", options),
      instruction: fillTemplate(
        template.text,
        {
          who: patientPhrase(record.patient, rng),
          ecg: ECG_NOUNS.signal,
          shown: String(PREDICTION_INPUT_SAMPLES / 250),
          horizon: String(PREDICTION_HORIZON_SAMPLES / 250),
        },
        rng,
      ),
      answer: PREDICTION_ANSWER,
      fact,
      labels: [],
      outputFormat: `The token ${PREDICTION_ANSWER}; it stands for ${PREDICTION_HORIZON_SAMPLES} samples at 250 Hz in every lead.`,
      source: record.source,
      templateId: template.id,
    });
  }
  return items;
}
