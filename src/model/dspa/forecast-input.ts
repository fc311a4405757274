// forecastInput: what follows a recording, by the tokenizer's forecaster.
import { toStandardLeads } from "../../beat/segment.ts";
import type { DecodedSignal } from "../../beat/tokenizer.ts";
import type { LeadMatrix } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { EcgError } from "../../shared/errors.ts";
import type { EcgInput } from "./ecg-input.ts";
import type { HeartcareModel } from "./heartcare-model.ts";

export type EcgForecast = DecodedSignal & {
  readonly recordId: string;
  readonly leads: readonly string[];
  /** Where it begins, in seconds of the file, and how long it is. */
  readonly startSeconds: number;
  readonly seconds: number;
  /** The cleaned recording that it goes on from, twelve leads: what `layoutForecast` draws before it. */
  readonly before: LeadMatrix;
};

/** The longest forecast: errors add up long before. */
const LONGEST_SECONDS = 60;

/** Whether {@link forecastInput} can be asked. */
export function canForecast(inputs: readonly EcgInput[]): boolean {
  return inputs.length === 1 && inputs[0]?.recording !== undefined && inputs[0].shownAs !== "image";
}

/**
 * Go on from the end of the one recording that is shown as a signal.
 * @throws EcgError UNSUPPORTED_FORMAT for a picture; INVALID_OPTION for two recordings or seconds outside 0 to 60.
 */
export async function forecastInput(
  model: Pick<HeartcareModel, "beat">,
  inputs: readonly EcgInput[],
  seconds: number,
): Promise<EcgForecast> {
  const [input] = inputs;
  if (!input || inputs.length !== 1) {
    throw new EcgError(
      "INVALID_OPTION",
      `forecast: expected one recording to go on from, got ${inputs.length}`,
      {
        hint: "ask about each recording on its own",
      },
    );
  }
  const { recording } = input;
  if (!recording || input.shownAs === "image") {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `${input.id}: expected a signal to go on from, got a picture, which cannot be forecast`,
      { hint: recording ? "show it with --as signal or --as both" : "give the recording's own file" },
    );
  }
  if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) {
    throw new EcgError(
      "INVALID_OPTION",
      `forecast: expected more than 0 and at most ${LONGEST_SECONDS} s, got ${seconds}`,
    );
  }
  const { cleaned, startSeconds } = recording;
  const found = await model.beat.forecast(cleaned, seconds, { prepared: true });
  return {
    ...found,
    recordId: input.id,
    leads: STANDARD_LEADS,
    startSeconds: startSeconds + found.startSample / found.samplingRateHz,
    seconds: found.signal.sampleCount / found.samplingRateHz,
    before: toStandardLeads(cleaned.signal, cleaned.leads),
  };
}
