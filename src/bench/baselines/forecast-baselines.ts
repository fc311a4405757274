// The baselines of signal prediction as models of the benchmark.
import { forecastPersistence, forecastZero } from "../../beat/forecast-baselines.ts";
import type { LeadMatrix } from "../../record/lead-matrix.ts";
import type { BenchModel } from "../bench-model.ts";
import { FORECAST_SAMPLES } from "../tasks/prediction/task.ts";

/** The three baselines as models of the prediction task. */
export function forecastBaselines(): BenchModel[] {
  const asModel = (
    id: string,
    forecast: (input: LeadMatrix, samplingRateHz: number) => LeadMatrix,
  ): BenchModel => ({
    id,
    version: "1",
    tasks: ["prediction"],
    answer: async ({ inputs }) => {
      const [input] = inputs;
      if (!input) return { text: "" };
      return { forecastMv: forecast(await input.readWindow(), input.record.samplingRateHz) };
    },
  });
  return [
    asModel("zero", (input) => forecastZero(input, FORECAST_SAMPLES)),
    asModel("persistence", (input, samplingRateHz) =>
      forecastPersistence(input, FORECAST_SAMPLES, { samplingRateHz, scaled: false }),
    ),
    asModel("scaled-persistence", (input, samplingRateHz) =>
      forecastPersistence(input, FORECAST_SAMPLES, { samplingRateHz, scaled: true }),
    ),
  ];
}
