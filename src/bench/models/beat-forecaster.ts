// Beat as a model of the prediction task: it sees the 4 s window and forecasts the 2 s that follow.
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { canonicalLead, STANDARD_LEADS, type StandardLead } from "../../record/lead-names.ts";
import type { BenchModel } from "../bench-model.ts";
import { FORECAST_SAMPLES } from "../tasks/prediction/task.ts";
import { windowRecord } from "./window-record.ts";

/** A tokenizer that is open; who opened it closes it. `id` names the checkpoint in logs. */
export function beatForecaster(tokenizer: BeatTokenizer, id = "beat"): BenchModel {
  return {
    id,
    version: "1",
    tasks: ["prediction"],
    answer: async ({ inputs }) => {
      const [input] = inputs;
      if (!input) return { text: "" };
      const { samplingRateHz, leads } = input.record;
      const seconds = FORECAST_SAMPLES / samplingRateHz;
      const forecast = await tokenizer.forecast(await windowRecord(input), seconds, { prepared: true });
      return { forecastMv: toLeadOrder(forecast.signal, leads) };
    },
  };
}

/** Rows of twelve standard leads in the order of the recording; a lead that Beat does not know is NaN. */
function toLeadOrder(standard: LeadMatrix, leads: readonly string[]): LeadMatrix {
  const out = createLeadMatrix(leads.length, standard.sampleCount);
  for (const [row, name] of leads.entries()) {
    const from = STANDARD_LEADS.indexOf(canonicalLead(name) as StandardLead);
    if (from >= 0) leadSamples(out, row).set(leadSamples(standard, from));
  }
  return out;
}
