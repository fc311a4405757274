// heartcare image render: a recording on calibrated ECG paper.
import type { Command } from "commander";
import { layoutPage } from "../../images/build-page.ts";
import type { LayoutName } from "../../images/lead-layouts.ts";
import { renderPng } from "../../images/node/render-png.ts";
import { headerFromRecord } from "../../images/page-header.ts";
import { displayListToSvg } from "../../images/to-svg.ts";
import { EcgError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { measureIntervals } from "../../signal/measure/measure-intervals.ts";
import { pageMeasurements } from "../page-measurements.ts";
import { finiteNumber } from "../parse-options.ts";
import { printJson, printLine } from "../print.ts";
import { readOneRecording } from "../read-one-recording.ts";

const LAYOUTS: readonly LayoutName[] = ["3x4", "6x2", "12x1"];

type Flags = {
  readonly layout: string;
  readonly out: string;
  readonly dpi: number;
  readonly speed: number;
  readonly gain?: number;
  readonly from: number;
  readonly cabrera?: boolean;
  readonly simultaneous?: boolean;
  readonly header: boolean;
  readonly samplingRateHz?: number;
  readonly record?: string;
  readonly json?: boolean;
};

/** Register the command. */
export function registerImageRender(parent: Command): void {
  parent
    .command("render <path>")
    .description("draw a recording on ECG paper as PNG or SVG")
    .requiredOption("--out <file>", "page.png or page.svg")
    .option("--layout <name>", LAYOUTS.join(", "), "3x4")
    .option("--dpi <n>", "pixels an inch of a PNG", finiteNumber(0), 200)
    .option("--speed <mm/s>", "paper speed: 12.5, 25, 50", finiteNumber(0), 25)
    .option("--gain <mm/mV>", "gain: 5, 10, 20 (default: 10, or 2.5 mm/SD of z-scores)", finiteNumber(0))
    .option("--from <s>", "second at which the page starts", finiteNumber(0, true), 0)
    .option("--cabrera", "limb leads in Cabrera order")
    .option("--simultaneous", "every column starts at the same time")
    .option("--no-header", "nothing about the patient or the measurements on the page")
    .option("--sampling-rate-hz <hz>", "rate of a file that does not state one (CSV, .npy)", finiteNumber(0))
    .option("--record <id>", "which recording of a folder or stack")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare image render records500/00000/00001_hr --layout 3x4 --out page.png\n  Millimetres are exact: at 25 mm/s and 10 mm/mV one small square is 40 ms and 0.1 mV.",
    )
    .action(render);
}

async function render(path: string, flags: Flags): Promise<void> {
  const layout = LAYOUTS.find((name) => name === flags.layout);
  if (!layout) throw new EcgError("USAGE", `--layout: expected ${LAYOUTS.join(", ")}, got ${flags.layout}`);
  const format = /\.(png|svg)$/i.exec(flags.out)?.[1]?.toLowerCase();
  if (!format)
    throw new EcgError("USAGE", `--out: expected a name that ends in .png or .svg, got ${flags.out}`);
  const record = await readOneRecording(path, flags);
  const page = layoutPage(record, {
    layout,
    speedMmPerSecond: flags.speed,
    ...(flags.gain === undefined ? {} : { gainMmPerMv: flags.gain }),
    startSeconds: flags.from,
    limbOrder: flags.cabrera ? "cabrera" : "standard",
    timing: flags.simultaneous ? "simultaneous" : "consecutive",
    notice: "not a medical device",
    ...(flags.header ? { header: headerFromRecord(record, pageMeasurements(measureIntervals(record))) } : {}),
  });
  const content = format === "png" ? await renderPng(page, { dpi: flags.dpi }) : displayListToSvg(page);
  await writeFileAtomic(flags.out, content);
  if (flags.json)
    printJson({ out: flags.out, widthMm: page.widthMm, heightMm: page.heightMm, strips: page.strips });
  else printLine(`${flags.out}: ${page.widthMm.toFixed(0)} x ${page.heightMm.toFixed(0)} mm`);
}
