// Signal prediction: the 2 s after 4 s of signal; mean squared error in units of the input's SD.
import type { BenchTask } from "../../task.ts";

/** Samples of a forecast: 2 s at 250 Hz, half of the 4 s input (design 4.6). Any other number is a failure. */
export const FORECAST_SAMPLES = 500;

/** A missing forecast scores what predicting each lead's mean scores on average; squared errors have no worst value. */
export const MISSING_FORECAST_MSE = 1;

/** MSE of z-scored samples (paper B.4, design 4.6); computed while the signal is at hand and kept in the log. */
export const prediction: BenchTask = {
  name: "prediction",
  version: 1,
  title: "Signal prediction",
  metrics: [
    {
      name: "mse",
      higherIsBetter: false,
      formula: "mean squared error of samples z-scored by the input's mean and SD",
    },
  ],
  measuredAtRun: true,
  cell: () => "all",
  score: (_item, answer) => {
    if (answer.error !== undefined) return { values: { mse: MISSING_FORECAST_MSE } };
    const mse = answer.measures?.["mse"];
    if (mse === undefined || !Number.isFinite(mse))
      return { values: { mse: MISSING_FORECAST_MSE }, unparsed: "no forecast" };
    return { values: { mse } };
  },
};
