// heartcare image digitise: the traces of an ECG page as a recording.
import type { Command } from "commander";
import { recordOfPage } from "../../images/segment/digitise-page.ts";
import { segmentNamedPage } from "../../images/segment/segment-named-page.ts";
import { readPage } from "../../model/dspa/node/read-page.ts";
import { leadSamples } from "../../record/lead-matrix.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { RECORD_FORMATS, requireFormat, writeRecord } from "../write-record.ts";

type Flags = {
  readonly to: string;
  readonly out: string;
  readonly samplingRateHz: number;
  readonly json?: boolean;
};

/** Register the command. */
export function registerImageDigitise(parent: Command): void {
  parent
    .command("digitise <page>")
    .description("follow the traces of a page (PNG, PDF) and write them as a recording")
    .requiredOption("--out <dir>", "folder for the new files")
    .option("--to <format>", RECORD_FORMATS.join(", "), "csv")
    .option("--sampling-rate-hz <hz>", "rate of the recording", finiteNumber(0), 250)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare image digitise report.pdf#page=2 --to wfdb --out digitised\n  Each lead where the page shows it, missing elsewhere; mV from the page's scale. Upright, evenly lit pages.",
    )
    .action(digitise);
}

async function digitise(path: string, flags: Flags): Promise<void> {
  const format = requireFormat(flags.to);
  const page = await readPage(path);
  const segmentation = segmentNamedPage(page, page);
  const record = recordOfPage(segmentation, { id: page.id, samplingRateHz: flags.samplingRateHz });
  const files = await writeRecord(record, format, flags.out);
  const { samplingRateHz, leads, signal } = record;
  const shown = leads.map((lead, index) => {
    const samples = leadSamples(signal, index);
    const present = samples.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
    const from = samples.findIndex((value) => !Number.isNaN(value)) / samplingRateHz;
    return { lead, fromSeconds: Math.max(0, from), seconds: present / samplingRateHz };
  });
  const { speedMmPerSecond, gainMmPerMv, amplitudeUnit, pxPerMm, sources } = segmentation;
  if (flags.json) {
    const scale = { speedMmPerSecond, gainMmPerMv, amplitudeUnit, pxPerMm, sources };
    return printJson({ files, samplingRateHz, sampleCount: signal.sampleCount, leads: shown, ...scale });
  }
  printTable(
    ["lead", "from s", "seconds"],
    shown.map(({ lead, fromSeconds, seconds }) => [lead, fromSeconds.toFixed(2), seconds.toFixed(2)]),
  );
  const { limb, chest } = gainMmPerMv;
  const gain = limb === chest ? String(limb) : `${limb} and ${chest}`;
  printLine(
    `${speedMmPerSecond} mm/s (${sources.speedMmPerSecond}), ${gain} mm/${amplitudeUnit} (${sources.gainMmPerMv})`,
  );
  if (amplitudeUnit === "SD") printLine("note: the page counts standard deviations, and so do the files");
  printLine(files.join("\n"));
}
