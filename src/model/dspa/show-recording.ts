// showRecording: a prepared recording as signal, as a page (its lead tiles, or the whole of it), or as both.
import { sliceSamples } from "../../record/lead-matrix.ts";
import { drawTiles } from "./draw-tiles.ts";
import {
  type EcgInput,
  type InputReader,
  inputContext,
  type PreparedEcg,
  type ShownAs,
} from "./ecg-input.ts";
import { requireVision } from "./require-vision.ts";

export type ShowRecordingOptions = {
  /** Default `signal`. */
  readonly shownAs?: ShownAs;
  /** False withholds the measured values from the prompt. Default true. */
  readonly measured?: boolean;
};

/** @throws EcgError UNSUPPORTED_FORMAT for a picture before a model without a vision encoder. */
export function showRecording(
  model: InputReader,
  prepared: PreparedEcg,
  { shownAs = "signal", measured = true }: ShowRecordingOptions = {},
): EcgInput {
  const { cleaned, window, patient } = prepared;
  const record = {
    ...cleaned,
    signal: sliceSamples(cleaned.signal, window.startSample, window.endSample),
  };
  const seconds = (window.endSample - window.startSample) / cleaned.samplingRateHz;
  const { config } = model;
  const images =
    shownAs === "signal" ? [] : [drawTiles(record, { config, vision: requireVision(model, prepared.id) })];
  const context = inputContext(shownAs, { leadCount: record.leads.length, seconds, patient });
  return {
    id: prepared.id,
    shownAs,
    shown: {
      ...(shownAs === "image" ? {} : { signal: { record, prepared: true } }),
      images,
      context,
      measurements: measured ? prepared.measurements : null,
      patient,
    },
    context,
    patient,
    measurements: prepared.measurements,
    leads: record.leads,
    seconds,
    recording: prepared,
  };
}
