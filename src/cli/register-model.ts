// The group `heartcare model`: ask, report and chat with HeartcareGPT, and export it.
import type { Command } from "commander";
import { registerModelAsk } from "./commands/model-ask.ts";
import { registerModelChat } from "./commands/model-chat.ts";
import { registerModelExport } from "./commands/model-export.ts";
import { registerModelReport } from "./commands/model-report.ts";
import { registerModelTrain } from "./commands/model-train.ts";

/** Register every model command. */
export function registerModel(model: Command): void {
  registerModelAsk(model);
  registerModelReport(model);
  registerModelChat(model);
  registerModelExport(model);
  registerModelTrain(model);
}
