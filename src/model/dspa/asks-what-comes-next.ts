// asksWhatComesNext: whether a question wants the signal to go on, by its words. Models of this suite answer such a
// request with `<pred>`; the words alone are enough to call the forecaster.

/** Wordings in lower case; none of the templates of other questions fits any of them. */
const WORDINGS: readonly RegExp[] = [
  /\bforecast(s|ing)?\b/,
  /\bextrapolat(e|ion)\b/,
  /\bcontinuation\b/,
  /^(please )?continue\b/,
  /\bhow (it|this|the [\w -]+) (continues|goes on)\b/,
  /\bhow (does|will|would|might) .+ (continue|go on)\b/,
  /\bwhat (comes|follows|happens|will (come|follow|happen)|would (come|follow|happen)) (next|then|after)/,
  /\bwhat is next\b/,
  /\b(predict|anticipate|generate|produce|extend|draw|show)\b.*\b(next|coming|following|by)\s+(\d+(\.\d+)?\s*)?(s|sec|seconds?|beats?)\b/,
  /\bduring the next \d/,
];

/** True for "What comes next?", "Forecast 2 s", "Continue the ECG for another 4 s" and their like. */
export function asksWhatComesNext(question: string): boolean {
  const text = question.trim().toLowerCase();
  return WORDINGS.some((wording) => wording.test(text));
}

/** Seconds that a request names ("the next 3 s", "for another 2.5 seconds"); undefined where it names none. */
export function askedSeconds(question: string): number | undefined {
  const match =
    /\b(?:next|coming|following|another|forecast|continues? for|by)\s+(\d+(?:\.\d+)?)\s*(?:s|sec|seconds?)\b/i.exec(
      question,
    );
  const seconds = match ? Number(match[1]) : Number.NaN;
  return seconds > 0 ? seconds : undefined;
}
