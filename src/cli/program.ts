// The command tree: `heartcare <stage> <verb>`, one file a command.
import { Command } from "commander";
import { registerBenchCompare } from "./commands/bench-compare.ts";
import { registerBenchList } from "./commands/bench-list.ts";
import { registerBenchReport } from "./commands/bench-report.ts";
import { registerBenchRun } from "./commands/bench-run.ts";
import { registerBenchScore } from "./commands/bench-score.ts";
import { registerDataAudit } from "./commands/data-audit.ts";
import { registerDataBuild } from "./commands/data-build.ts";
import { registerDataExport } from "./commands/data-export.ts";
import { registerDataFetch } from "./commands/data-fetch.ts";
import { registerDataStats } from "./commands/data-stats.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerImageDigitise } from "./commands/image-digitise.ts";
import { registerImageRender } from "./commands/image-render.ts";
import { registerRecordConvert } from "./commands/record-convert.ts";
import { registerRecordInspect } from "./commands/record-inspect.ts";
import { registerSignalClean } from "./commands/signal-clean.ts";
import { registerSignalMeasure } from "./commands/signal-measure.ts";
import { packageVersion } from "./package-version.ts";
import { registerBeat } from "./register-beat.ts";
import { registerModel } from "./register-model.ts";

/** The whole program. Parsing errors are thrown, not exited on: main.ts decides the exit code. */
export function buildProgram(): Command {
  const program = new Command("heartcare")
    .description(
      "ECG recordings to instruction data, tokens, a language model and its benchmark. Not a medical device.",
    )
    .version(packageVersion())
    .option("--debug", "show stack traces of errors")
    .exitOverride()
    .showHelpAfterError("(heartcare --help lists all commands)");
  registerDemo(program);
  const record = group(program, "record", "recordings: look at them, convert them");
  registerRecordInspect(record);
  registerRecordConvert(record);
  const signal = group(program, "signal", "signals: clean and measure");
  registerSignalClean(signal);
  registerSignalMeasure(signal);
  const image = group(program, "image", "pages: draw a recording on ECG paper, follow the traces of one");
  registerImageRender(image);
  registerImageDigitise(image);
  const data = group(program, "data", "datasets: fetch, build, audit, count, export");
  registerDataFetch(data);
  registerDataBuild(data);
  registerDataAudit(data);
  registerDataStats(data);
  registerDataExport(data);
  registerBeat(group(program, "beat", "tokenizer: train, encode, decode, forecast, score"));
  registerModel(group(program, "model", "HeartcareGPT: ask, report, chat, export"));
  const bench = group(program, "bench", "benchmark: run models, score and compare them");
  registerBenchList(bench);
  registerBenchRun(bench);
  registerBenchScore(bench);
  registerBenchCompare(bench);
  registerBenchReport(bench);
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((child) => child.commands),
  ]) {
    command.exitOverride();
  }
  return program;
}

function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option("--debug", "show stack traces of errors");
}
