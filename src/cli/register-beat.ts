// The group `heartcare beat`: train a tokenizer, and what a trained one does.
import type { Command } from "commander";
import { registerBeatDecode } from "./commands/beat-decode.ts";
import { registerBeatEncode } from "./commands/beat-encode.ts";
import { registerBeatEval } from "./commands/beat-eval.ts";
import { registerBeatExport } from "./commands/beat-export.ts";
import { registerBeatForecast } from "./commands/beat-forecast.ts";
import { registerBeatProbe } from "./commands/beat-probe.ts";
import { registerBeatTrain } from "./commands/beat-train.ts";

/** Register every beat command. */
export function registerBeat(beat: Command): void {
  registerBeatTrain(beat);
  registerBeatEncode(beat);
  registerBeatDecode(beat);
  registerBeatForecast(beat);
  registerBeatEval(beat);
  registerBeatProbe(beat);
  registerBeatExport(beat);
}
