// layoutForecast: the end of a recording and what the tokenizer says comes next, as one figure.
import { layoutComparison } from "../images/comparison-svg.ts";
import type { DisplayList } from "../images/display-list.ts";
import { type LeadMatrix, sliceSamples } from "../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../record/lead-names.ts";
import type { DecodedSignal } from "./tokenizer.ts";

/** Seconds before the forecast that a figure shows. */
const SHOWN_SECONDS = 4;

/** `before`: twelve leads at the forecast's rate, ending where it begins. */
export function layoutForecast(before: LeadMatrix, forecast: DecodedSignal): DisplayList {
  const { samplingRateHz, unit, signal } = forecast;
  const shown = Math.min(before.sampleCount, SHOWN_SECONDS * samplingRateHz);
  const comparison = {
    leads: STANDARD_LEADS,
    samplingRateHz,
    original: sliceSamples(before, before.sampleCount - shown, before.sampleCount),
    prediction: signal,
    predictionStartSample: shown,
  };
  return layoutComparison(comparison, { unit, columns: 2 });
}
