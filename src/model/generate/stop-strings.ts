// createTextStream: tokens to text as they come, ending at a stop string, never showing half of either.
import type { TextTokenizer } from "../tokenizer/load-tokenizer.ts";

export type TextStream = {
  /** Text that is certain after one more token. Half characters and possible beginnings of a stop string are held back. */
  push(id: number): { readonly text: string; readonly stopped: boolean };
  /** What is still held back when no more tokens come. */
  finish(): string;
};

const REPLACEMENT = "\ufffd";

/** A stream for one answer. */
export function createTextStream(tokenizer: TextTokenizer, stopStrings: readonly string[] = []): TextStream {
  const stops = stopStrings.filter((stop) => stop !== "");
  const ids: number[] = [];
  let shown = 0;
  let whole = "";
  return {
    push(id) {
      ids.push(id);
      whole = tokenizer.decode(ids);
      const stopAt = firstStop(whole, stops);
      const certain = stopAt ?? certainLength(whole, stops);
      const text = whole.slice(shown, Math.max(shown, certain));
      shown += text.length;
      if (stopAt !== undefined) whole = whole.slice(0, stopAt);
      return { text, stopped: stopAt !== undefined };
    },
    finish() {
      const rest = whole.slice(shown);
      shown = whole.length;
      return rest;
    },
  };
}

function firstStop(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return places.length > 0 ? Math.min(...places) : undefined;
}

/** Up to where the text cannot change or turn into a stop string. */
function certainLength(text: string, stops: readonly string[]): number {
  let end = text.length;
  // the bytes of a character may still be incomplete
  while (end > 0 && text.endsWith(REPLACEMENT, end)) end--;
  for (let from = 0; from < end; from++) {
    if (stops.some((stop) => stop.startsWith(text.slice(from, end)))) return from;
  }
  return end;
}
