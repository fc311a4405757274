// heartcare model export: a model as a folder for other programs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { HEARTCARE_FILE } from "../../model/dspa/heartcare-config.ts";
import { exportHeartcare } from "../../model/dspa/node/export-heartcare.ts";
import { resolveHeartcareFolder } from "../../model/dspa/node/open-heartcare.ts";
import { exportLanguageModel } from "../../model/export/node/export-language-model.ts";
import { MODEL_HELP } from "../model-inputs.ts";
import { printJson, printLine } from "../print.ts";

type Flags = {
  readonly to: "hf" | "onnx";
  readonly out: string;
  readonly model?: string;
  readonly dtype: "f32" | "f16";
  readonly json?: boolean;
};

/** Register the command. */
export function registerModelExport(parent: Command): void {
  parent
    .command("export")
    .description("write a model for other programs: Hugging Face folder or ONNX files, adapters merged")
    .addOption(
      new Option(
        "--to <format>",
        "hf: language model, projectors and vision encoder; onnx: the same as graphs",
      )
        .choices(["hf", "onnx"])
        .makeOptionMandatory(),
    )
    .requiredOption("--out <dir>", "folder to write")
    .option("--model <dir>", `${MODEL_HELP}; also a plain language model's folder`)
    .addOption(
      new Option("--dtype <type>", "how the language model's weights are stored")
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare model export --to onnx --out exported\n  features.json and onnx.json say what goes in and comes out.",
    )
    .action(exportModel);
}

async function exportModel({ to, out, model, dtype, json }: Flags): Promise<void> {
  const options = { to, precision: dtype === "f16" ? ("fp16" as const) : ("fp32" as const) };
  const written =
    model !== undefined && isPlainLanguageModel(model)
      ? await exportLanguageModel(model, out, options)
      : await exportHeartcare(resolveHeartcareFolder(model), out, options);
  if (json) return printJson({ to, dtype, ...written });
  const merged = written.mergedModules > 0 ? `, ${written.mergedModules} adapter modules merged` : "";
  printLine(`${out}: ${(written.parameterCount / 1e6).toFixed(1)} M parameters as ${to}${merged}`);
  for (const file of written.files) printLine(`  ${file}`);
}

function isPlainLanguageModel(folder: string): boolean {
  const holds = (name: string): boolean => existsSync(join(folder, name));
  return holds("config.json") && !holds(HEARTCARE_FILE) && !holds(join("checkpoints", "best"));
}
