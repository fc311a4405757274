// The group `heartcare beat`: train, and what a trained tokenizer does.
import type { Command } from "commander";
import { registerBeatTrain } from "./commands/beat-train.ts";

/** Register every beat command. */
export function registerBeat(beat: Command): void {
  registerBeatTrain(beat);
}
