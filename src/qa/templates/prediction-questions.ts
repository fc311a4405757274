// Wordings of forecasting requests; the answer is the token that calls the forecaster.
import { numbered, type Template } from "./fill-template.ts";

/** Slots: {who} patient phrase, {ecg} noun of the recording, {shown} and {horizon} in seconds. */
export const PREDICTION_REQUESTS: readonly Template[] = numbered("prediction", [
  "Given the first {shown} s of the {ecg} of {who}, forecast the next {horizon} s in all leads.",
  "The {ecg} of {who} is shown for {shown} s. Predict how it continues for {horizon} s.",
  "Continue the {ecg} of {who} for another {horizon} s.",
  "Forecast {horizon} s of ECG that follow the {shown} s shown here, recorded from {who}.",
  "Predict the coming {horizon} s of this {ecg} from {who}.",
  "From {shown} s of the {ecg} of {who}, generate the following {horizon} s.",
  "What will the {ecg} of {who} look like during the next {horizon} s?",
  "Extend the {ecg} of {who} by {horizon} s beyond the {shown} s given.",
  "Based on the {shown} s shown, produce the next {horizon} s of the 12-lead {ecg} of {who}.",
  "Anticipate the waveform of the {ecg} of {who} over the next {horizon} s.",
]);
